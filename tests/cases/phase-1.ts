import { admitting, type CoverageCase, ikev1, interfaces, olderSite, patched } from './case.ts';

const noProposal = [
  'received NO_PROPOSAL_CHOSEN notify error',
  'received proposals: IKE:',
  'configured proposals: IKE:',
  'received proposals unacceptable',
];

/** IKE_SA_INIT, main mode and aggressive mode. */
export const phase1: readonly CoverageCase[] = [
  ...(
    [
      ['encryption', 'aes128', 'ike-encryption-mismatch'],
      ['hash', 'sha1', 'ike-hash-mismatch'],
      ['prf', 'prfsha512', 'ike-prf-mismatch'],
      ['dh-group', '19', 'ike-dh-group-mismatch'],
    ] as const
  ).flatMap(([leaf, value, rule]): CoverageCase[] => [
    {
      number: 1,
      title: `IKEv2, another ${leaf}`,
      sites: patched({ a: [`set $ike proposal 1 ${leaf} '${value}'`] }),
      finds: [`error ${rule}`],
      notify: 'NO_PROPOSAL_CHOSEN',
      logs: noProposal,
    },
    ...(leaf === 'prf'
      ? []
      : [
          {
            number: 2,
            title: `IKEv1, another ${leaf}`,
            sites: patched(ikev1, { a: [`set $ike proposal 1 ${leaf} '${value}'`] }),
            finds: [`error ${rule}`],
            notify: 'NO_PROPOSAL_CHOSEN',
            logs: ['received NO_PROPOSAL_CHOSEN error notify', 'no proposal found'],
          } as const,
        ]),
  ]),
  {
    number: 3,
    title: 'A sets no dh-group',
    sites: patched({ a: ['delete $ike proposal 1 dh-group'] }),
    finds: ['error ike-dh-group-mismatch', 'warning weak-algorithm'],
    notify: 'NO_PROPOSAL_CHOSEN',
    logs: noProposal,
  },
  {
    number: 4,
    title: 'A calls another address',
    sites: patched({
      a: ['delete $peer remote-address', "set $peer remote-address '198.51.100.99'"],
    }),
    finds: ['error peer-address-mismatch'],
  },
  {
    number: 4,
    title: 'the local-address is the public one, and the packets come to the private one',
    sites: patched({
      b: [
        "set interfaces ethernet eth0 address '10.10.10.225/24'",
        "set protocols static route 0.0.0.0/0 next-hop '10.10.10.1'",
      ],
    }),
    finds: ['warning local-address-foreign'],
  },
  {
    number: 4,
    title: 'a NAT between that agrees with the dumps',
    sites: patched({ a: ["set $peer local-address '10.10.10.225'"] }),
    finds: ['info nat-assumed'],
    only: true,
  },
  {
    number: 5,
    title: 'ikev1 against ikev2',
    sites: patched({ a: ["set $ike key-exchange 'ikev1'"] }),
    finds: ['error ike-version-mismatch'],
    notify: 'NO_PROPOSAL_CHOSEN',
    logs: ['no IKE config found for 198.51.100.1...203.0.113.1, sending NO_PROPOSAL_CHOSEN'],
  },
  {
    number: 6,
    title: '1.4 without key-exchange calls a side with ikev1',
    sites: patched({
      a: ['delete $ike key-exchange'],
      b: ["set $ike key-exchange 'ikev1'"],
    }),
    finds: ['error ike-version-mismatch'],
    notify: 'NO_PROPOSAL_CHOSEN',
    logs: ['no IKE config found for', 'received NO_PROPOSAL_CHOSEN notify error'],
  },
  ...(['1.2', '1.3'] as const).map((release): CoverageCase => {
    const without = (line: string) => line.includes('key-exchange');
    return {
      number: 6,
      title: `${release} without key-exchange calls a side with ${release === '1.2' ? 'ikev2' : 'ikev1'}`,
      sites: [
        olderSite('a', release, { without }),
        olderSite('b', '1.3', {
          more: release === '1.2' ? [] : ["set vpn ipsec ike-group IKE key-exchange 'ikev1'"],
        }),
      ],
      finds: ['error ike-version-mismatch'],
      notify: 'NO_PROPOSAL_CHOSEN',
    };
  }),
  {
    number: 7,
    title: 'aes256gcm128 with sha256 and sha1',
    sites: patched({
      both: ["set $ike proposal 1 encryption 'aes256gcm128'"],
      a: ["set $ike proposal 1 hash 'sha1'"],
    }),
    finds: ['error ike-hash-mismatch'],
    notify: 'NO_PROPOSAL_CHOSEN',
    logs: ['PRF_HMAC_SHA1', 'PRF_HMAC_SHA2_256', 'received NO_PROPOSAL_CHOSEN notify error'],
  },
  ...['aes256gmac', 'sha256_96'].map(
    (hash): CoverageCase => ({
      number: 8,
      title: `IKE hash ${hash} without a prf`,
      // VyOS 1.4 commits it, and strongSwan discards the connection (vyos-1x, T6101 is of later releases).
      sites: patched({ both: [`set $ike proposal 1 hash '${hash}'`] }),
      finds: ['error connection-not-loaded'],
    }),
  ),
  ...['aes256gmac', 'sha256_96'].map(
    (hash): CoverageCase => ({
      number: 8,
      title: `IKE hash ${hash} without a prf in VyOS 1.5`,
      sites: patched({ both: [`set $ike proposal 1 hash '${hash}'`] }).map((input) => ({
        ...input,
        release: '1.5',
      })),
      finds: ['error commit-refused'],
    }),
  ),
  {
    number: 10,
    title: 'IKEv1, other lifetimes',
    sites: patched(ikev1, { a: ["set $ike lifetime '86400'", "set $esp lifetime '7200'"] }),
    finds: ['warning ike-lifetime-mismatch', 'warning esp-lifetime-mismatch'],
  },
  {
    number: 10,
    title: 'IKEv2, other lifetimes',
    sites: patched({ a: ["set $ike lifetime '86400'", "set $esp lifetime '7200'"] }),
    finds: ['warning ike-lifetime-mismatch', 'warning esp-lifetime-mismatch'],
    only: true,
  },
  {
    number: 11,
    title: 'one lifetime for both',
    sites: patched({ both: ["set $ike lifetime '3600'"] }),
    finds: ['warning ike-lifetime-not-longer'],
  },
  {
    number: 12,
    title: 'both aggressive',
    sites: patched(ikev1, { both: ["set $ike mode 'aggressive'"] }),
    finds: ['error aggressive-mode-refused'],
    notify: 'AUTHENTICATION_FAILED',
    logs: ['Aggressive Mode PSK disabled for security reasons'],
  },
  {
    number: 12,
    title: 'one site by itself is aggressive',
    sites: patched(ikev1, { both: ["set $ike mode 'aggressive'"] }).slice(0, 1),
    finds: ['warning aggressive-mode-used'],
  },
  {
    number: 12,
    title: 'B alone is aggressive',
    sites: patched(ikev1, { b: ["set $ike mode 'aggressive'"] }),
    finds: ['error ike-mode-mismatch'],
    logs: ['but none allows pre-shared key authentication using Main Mode'],
  },
  {
    number: 13,
    title: 'B drops UDP 500',
    sites: patched(interfaces, admitting('destination port 4500', 'protocol esp')),
    finds: ['error firewall-drops-ike'],
    logs: ['giving up after 5 retransmits', 'peer not responding'],
  },
  {
    number: 14,
    title: 'B drops UDP 4500, and there is no NAT',
    sites: patched(interfaces, admitting('destination port 500', 'protocol esp')),
    finds: ['error firewall-drops-nat-t'],
    logs: ['giving up after 5 retransmits', 'peer not responding'],
  },
  {
    number: 15,
    title: 'vpn ipsec interface names the LAN',
    sites: patched(interfaces, { b: ["set vpn ipsec interface 'eth1'"] }),
    finds: ['error ipsec-interface-unfit'],
  },
  {
    number: 16,
    title: 'the local-address is on no interface',
    sites: patched(interfaces, {
      b: [
        "set interfaces ethernet eth0 address '198.51.100.9/24'",
        "delete interfaces ethernet eth0 address '198.51.100.1/24'",
      ],
    }),
    finds: ['warning local-address-foreign'],
  },
];
