import type { Established, Failed, Negotiation } from '../../src/ike/outcome.ts';
import type { Finding, Location } from '../../src/lint/finding.ts';
import type { Grounds, Report, ReportRule, ReportSite } from '../../src/lint/report.ts';
import { type SourceFile, type Span, sourceFile, span } from '../../src/source/index.ts';

/** A span of the first occurrence of `text` in the file, after the first occurrence of `after`. */
export function spanOf(file: SourceFile, text: string, after = ''): Span {
  const start = file.text.indexOf(text, file.text.indexOf(after) + after.length);
  if (start === -1) throw new Error(`no ${text} in ${file.name}`);
  return span(file, start, start + text.length);
}

export function site(name: string, text: string, secrets: readonly string[] = []): ReportSite {
  const file = sourceFile(`${name}.conf`, text);
  return {
    name,
    called: name,
    file,
    notation: 'set',
    vyos: '1.4',
    commands: 1,
    vpn: true,
    ipsec: true,
    secrets: secrets.map((secret) => spanOf(file, secret)),
  };
}

const textA = `set interfaces ethernet eth0 address '192.0.2.1/24'
set vpn ipsec authentication psk SITE-B id '192.0.2.1'
set vpn ipsec authentication psk SITE-B id '198.51.100.1'
set vpn ipsec authentication psk SITE-B secret 'orange-tulip-77'
set vpn ipsec ike-group IKE-SITE-B key-exchange 'ikev2'
set vpn ipsec ike-group IKE-SITE-B proposal 1 dh-group '14'
set vpn ipsec ike-group IKE-SITE-B proposal 1 encryption 'aes256'
set vpn ipsec esp-group ESP-SITE-B pfs 'dh-group14'
set vpn ipsec site-to-site peer SITE-B tunnel 1 local prefix '10.1.0.0/24'
`;

const textB = `set interfaces ethernet eth0 address '198.51.100.1/24'
set vpn ipsec authentication psk SITE-A secret 'violet-tulip-78'
set vpn ipsec ike-group IKE-SITE-A key-exchange 'ikev2'
set vpn ipsec ike-group IKE-SITE-A proposal 1 encryption 'aes256'
set vpn ipsec esp-group ESP-SITE-A pfs 'disable'
`;

export const siteA = site('siteA', textA, ['orange-tulip-77']);
export const siteB = site('siteB', textB, ['violet-tulip-78']);

export function location(
  index: 0 | 1,
  of: ReportSite,
  text: string,
  extra: Partial<Location> = {},
): Location {
  return {
    site: index,
    at: spanOf(of.file, text),
    path: ['vpn', 'ipsec', 'ike-group'],
    value: text,
    origin: 'set',
    label: '',
    ...extra,
  };
}

export const dhGroup: Finding = {
  ruleId: 'ike-dh-group-mismatch',
  severity: 'error',
  message: 'No common Diffie-Hellman group: A offers 14, B accepts 2',
  consequence:
    'No IKE_SA comes about, so no traffic passes in either direction; charon retries with every packet that asks for the tunnel, and fails each time.',
  ikeError: { notify: 'NO_PROPOSAL_CHOSEN', code: 14 },
  exchange: 'IKE_SA_INIT',
  initiators: ['a', 'b'],
  log: { a: ['received NO_PROPOSAL_CHOSEN notify error'], b: ['received proposals unacceptable'] },
  locations: [
    location(0, siteA, "'14'", { label: 'group 14, MODP_2048', value: '14' }),
    location(1, siteB, 'set vpn ipsec ike-group IKE-SITE-A proposal 1', {
      label: 'not set: default 2, MODP_1024',
      value: '2',
      origin: 'default',
    }),
  ],
  fix: [
    { site: 1, commands: ["set vpn ipsec ike-group IKE-SITE-A proposal 1 dh-group '14'"] },
    { site: 0, commands: ["set vpn ipsec ike-group IKE-SITE-B proposal 1 dh-group '2'"] },
  ],
  hiddenBehind: null,
  link: 0,
  fingerprint: '6f1d0c5a',
};

export const psk: Finding = {
  ...dhGroup,
  ruleId: 'psk-mismatch',
  message: 'The pre-shared keys of A and B differ',
  consequence: 'The responder refuses the initiator.',
  ikeError: { notify: 'AUTHENTICATION_FAILED', code: 24 },
  exchange: 'IKE_AUTH',
  initiators: ['b'],
  log: {
    a: ['tried 1 shared key for 192.0.2.1 - 198.51.100.1, but MAC mismatched'],
    b: ['received AUTHENTICATION_FAILED notify error'],
  },
  locations: [
    location(0, siteA, 'orange-tulip-77', { value: null, label: 'this key' }),
    location(1, siteB, 'violet-tulip-78', { value: null, label: 'is not this one' }),
  ],
  fix: [],
  hiddenBehind: 0,
};

export const pfs: Finding = {
  ...dhGroup,
  ruleId: 'site-lifetime',
  severity: 'info',
  message: 'ESP group ESP-SITE-B has no lifetime: VyOS sets 3600',
  consequence: 'Nothing breaks.',
  ikeError: null,
  exchange: null,
  initiators: [],
  log: { a: [], b: [] },
  locations: [location(0, siteA, 'ESP-SITE-B', { label: 'lifetime 3600', origin: 'default', value: '3600' })],
  fix: [{ site: 0, commands: ["set vpn ipsec esp-group ESP-SITE-B lifetime '3600'"] }],
  link: null,
};

export const failed: Failed = {
  outcome: 'failed',
  phase: 'ike',
  exchange: 'IKE_SA_INIT',
  notify: 'NO_PROPOSAL_CHOSEN',
  reason: 'no-ike-proposal',
  detectedBy: 'responder',
  log: {
    initiator: ['received NO_PROPOSAL_CHOSEN notify error'],
    responder: ['received proposals unacceptable'],
  },
};

export const established: Established = {
  outcome: 'established',
  ikeProposal: 'AES_CBC_256/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_2048',
  espProposal: 'AES_CBC_256/HMAC_SHA2_256_128/NO_EXT_SEQ',
  trafficSelectors: { local: ['10.1.0.0/24'], remote: ['10.2.0.0/24'] },
  invalidKePayload: false,
  rekey: {
    a: { outcome: 'established', espProposal: 'AES_CBC_256/HMAC_SHA2_256_128/MODP_2048/NO_EXT_SEQ' },
    b: { outcome: 'established', espProposal: 'AES_CBC_256/HMAC_SHA2_256_128/MODP_2048/NO_EXT_SEQ' },
  },
};

export function negotiation(
  initiator: 'a' | 'b',
  result: Negotiation['result'],
  extra: Partial<Negotiation> = {},
): Negotiation {
  return { initiator, child: 'tunnel-1', ikeVersion: 2, result, afterwards: [], hidden: [], ...extra };
}

/** The initiator's view from the other side. */
export const mirrored: Established = {
  ...established,
  trafficSelectors: { local: ['10.2.0.0/24'], remote: ['10.1.0.0/24'] },
};

export const dhGroupRule: ReportRule = {
  id: 'ike-dh-group-mismatch',
  summary: 'The IKE groups share no Diffie-Hellman group.',
  severity: 'error',
  why: 'Both sides must have one group in common.',
  mend: 'Give both the same group.',
  sources: [{ title: 'RFC 7296, section 1.2', url: 'https://www.rfc-editor.org/rfc/rfc7296#section-1.2' }],
  page: 'https://example.com/vyos-ipsec-lint/blob/v0.1.0/docs/rules/ike-dh-group-mismatch.md',
};

const pairing: Grounds = {
  kind: 'signs',
  signs: [
    { kind: 'remote-address', side: 'a' },
    { kind: 'remote-address', side: 'b' },
  ],
  against: [],
};

export function report(extra: Partial<Report> = {}): Report {
  return {
    tool: { name: 'vyos-ipsec-lint', version: '0.1.0', home: 'https://example.com/vyos-ipsec-lint' },
    rules: [dhGroupRule],
    sites: [siteA, siteB],
    links: [
      {
        a: { site: 0, peer: 'SITE-B', name: 'siteA' },
        b: { site: 1, peer: 'SITE-A', name: 'siteB' },
        pairing,
        negotiations: [negotiation('a', failed), negotiation('b', failed)],
      },
    ],
    unpaired: [],
    findings: [dhGroup],
    suppressed: [],
    summary: { errors: 1, warnings: 0, infos: 0, links: 1, unpairedPeers: 0, suppressed: 0 },
    ...extra,
  };
}

/** Two negotiations that come up, whoever calls. */
export const clean: Report = report({
  links: [
    {
      a: { site: 0, peer: 'SITE-B', name: 'siteA' },
      b: { site: 1, peer: 'SITE-A', name: 'siteB' },
      pairing,
      negotiations: [negotiation('a', established), negotiation('b', mirrored)],
    },
  ],
  findings: [],
  summary: { errors: 0, warnings: 0, infos: 0, links: 1, unpairedPeers: 0, suppressed: 0 },
});
