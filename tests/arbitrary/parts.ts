/** Arbitrary parts of a configuration: algorithms, identities, secrets, selectors. The first of a list is the plainest. */
import fc from 'fast-check';
import type {
  EspGroupSpec,
  EspProposalSpec,
  FirewallRuleSpec,
  FirewallSpec,
  IkeGroupSpec,
  IkeProposalSpec,
  TunnelSpec,
} from './site-spec.ts';

/** A choice shrinks to its first, plainest alternative. */
const shrinkAcross = { withCrossShrink: true } as const;

const sizes = [256, 128, 192] as const;
const classicCiphers = [
  ...sizes.map((size) => `aes${size}`),
  '3des',
  ...sizes.map((size) => `camellia${size}`),
  ...sizes.map((size) => `aes${size}ctr`),
  ...sizes.map((size) => `blowfish${size}`),
  'cast128',
  ...sizes.map((size) => `camellia${size}ctr`),
  ...sizes.map((size) => `serpent${size}`),
  ...sizes.map((size) => `twofish${size}`),
];
const aeadCiphers = [
  ...sizes.flatMap((size) => [`aes${size}gcm128`, `aes${size}gcm96`, `aes${size}gcm64`]),
  'chacha20poly1305',
  ...sizes.flatMap((size) => [`aes${size}ccm128`, `aes${size}ccm96`, `aes${size}ccm64`]),
  ...sizes.flatMap((size) => [`camellia${size}ccm128`, `camellia${size}ccm96`, `camellia${size}ccm64`]),
];
const hashes = ['sha256', 'sha1', 'md5', 'sha384', 'sha512', 'aesxcbc', 'aescmac'];
const oddHashes = ['md5_128', 'sha1_160', 'sha256_96', 'aes128gmac', 'aes256gmac'];

/** The groups that a handshake computes in a moment, and those that it does not. */
const dhGroups = [14, 2, 5, 19, 31, 20, 1, 15, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 32];
const slowDhGroups = [16, 17, 18];

export const dhGroup = fc.oneof(
  shrinkAcross,
  { weight: 5, arbitrary: fc.constantFrom(14, 2, 19, 31) },
  { weight: 8, arbitrary: fc.constantFrom(...dhGroups) },
  { weight: 1, arbitrary: fc.constantFrom(...slowDhGroups) },
);
export const hash = fc.oneof(
  shrinkAcross,
  { weight: 12, arbitrary: fc.constantFrom(...hashes) },
  { weight: 1, arbitrary: fc.constantFrom(...oddHashes) },
);
export const cipher = fc.oneof(
  shrinkAcross,
  { weight: 6, arbitrary: fc.constantFrom('aes256', 'aes128', 'aes192', '3des') },
  { weight: 4, arbitrary: fc.constantFrom(...classicCiphers) },
  { weight: 5, arbitrary: fc.constantFrom('aes256gcm128', 'aes128gcm128', ...aeadCiphers) },
);
export const espCipher = fc.oneof(
  shrinkAcross,
  { weight: 20, arbitrary: cipher },
  { weight: 1, arbitrary: fc.constantFrom('null', 'aes128gmac', 'aes256gmac') },
);
export const prf = fc.constantFrom(
  'prfsha256',
  'prfsha1',
  'prfmd5',
  'prfsha384',
  'prfsha512',
  'prfaesxcbc',
  'prfaescmac',
);

/** Mostly unset. */
function rarely<T>(arbitrary: fc.Arbitrary<T>, weight = 5): fc.Arbitrary<T | undefined> {
  return fc.oneof(shrinkAcross, { weight, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
}

export const ikeProposal: fc.Arbitrary<IkeProposalSpec> = fc.record({
  encryption: cipher,
  hash,
  dhGroup: fc.oneof({ weight: 9, arbitrary: dhGroup }, { weight: 1, arbitrary: fc.constant(undefined) }),
  prf: rarely(prf, 9),
});

export const espProposal: fc.Arbitrary<EspProposalSpec> = fc.record({
  encryption: fc.oneof(
    { weight: 19, arbitrary: espCipher },
    { weight: 1, arbitrary: fc.constant(undefined) },
  ),
  hash: fc.oneof({ weight: 19, arbitrary: hash }, { weight: 1, arbitrary: fc.constant(undefined) }),
});

export const keyExchange = fc.constantFrom('ikev2', 'ikev1', 'ikev2', undefined);

export const ikeGroup: fc.Arbitrary<IkeGroupSpec> = fc.record({
  keyExchange,
  mode: rarely(fc.constantFrom('main', 'aggressive'), 12),
  lifetime: rarely(fc.constantFrom(28800, 3600, 86400)),
  disableMobike: rarely(fc.constant(true)),
  dpdInterval: rarely(fc.constantFrom(30, 15)),
  proposals: fc.oneof(
    { weight: 12, arbitrary: fc.array(ikeProposal, { minLength: 1, maxLength: 3 }) },
    { weight: 1, arbitrary: fc.constant([]) },
  ),
});

export const pfs = fc.oneof(
  shrinkAcross,
  { weight: 2, arbitrary: fc.constantFrom('enable', 'disable', undefined) },
  { weight: 1, arbitrary: dhGroup.map((group) => `dh-group${group}`) },
);

export const espGroup: fc.Arbitrary<EspGroupSpec> = fc.record({
  mode: fc.constant(undefined),
  pfs,
  lifetime: rarely(fc.constantFrom(3600, 1800)),
  proposals: fc.oneof(
    { weight: 12, arbitrary: fc.array(espProposal, { minLength: 1, maxLength: 3 }) },
    { weight: 1, arbitrary: fc.constant([]) },
  ),
});

/** Identities that name one peer: every type, in the spellings that people use. */
export const identity = fc.constantFrom(
  'gw.example.net',
  '192.0.2.77',
  'site@example.net',
  'C=US, O=Acme, CN=gw',
  '@vpn.example.net',
  'GW.Example.NET',
  '2001:db8::77',
  '@#0a0b0c0d',
  '@@mail@example.net',
  'branch-7',
  'Site@Example.NET',
  'c=us,o=acme,cn=GW',
  'C=US, O=Acme, OU=VPN, CN=gw',
  'keyid:Branch',
  'fqdn:gw.example.net',
  'email:site@example.net',
  'CN=gw.example.net',
  'gw2.example.net',
  'CORP\\gw',
);

/** Identities that may stand for more than one peer. */
export const wildcardIdentity = fc.constantFrom(
  '%any',
  '*.example.net',
  '*@example.net',
  'C=US, O=Acme, CN=*',
  'C=US, O=*, CN=*',
  '*',
  '192.0.2.0/24',
  '192.0.2.1-192.0.2.99',
  '0.0.0.0/0',
  '2001:db8::/32',
  'any',
);

/** Some are equal in another spelling: all that read `secret` once charon has decoded them. */
export const secret = fc.constantFrom(
  'S3cret-1',
  'S3cret-2',
  'secret',
  '0x736563726574',
  '0sc2VjcmV0',
  '0X736563726574',
  'pass word',
  'back\\slash',
  'backslash',
  'new\\nline',
  'pä$$wörd 🔑',
  'hash#tag {x}',
  's\\ecret',
  '0x73656372657',
  '0xnothex',
  '0sc2VjcmV0Cg',
  ' secret',
  '0sc2VjcmV0==',
  '0sc2Vj cmV0',
  '0x73:65:63:72:65:74',
  '0x0x736563726574',
);

const localPrefixes = [
  '10.10.0.0/24',
  '10.10.1.0/24',
  '10.10.0.0/16',
  '10.10.0.128/25',
  '10.10.0.7/32',
  'fd00:a::/64',
];
const remotePrefixes = [
  '10.20.0.0/24',
  '10.20.1.0/24',
  '10.20.0.0/16',
  '10.20.0.0/25',
  '10.20.0.9/32',
  'fd00:b::/64',
];
const eitherPrefixes = ['10.0.0.0/8', '0.0.0.0/0', '::/0', 'any', '10.20.0.0/15', '10.10.0.5/24'];

function prefixList(usual: readonly string[]): fc.Arbitrary<readonly string[]> {
  const plain = fc.constantFrom(...usual);
  const prefix = fc.oneof(
    { weight: 12, arbitrary: plain },
    { weight: 1, arbitrary: fc.constantFrom(...eitherPrefixes) },
  );
  return fc.oneof(
    { weight: 10, arbitrary: prefix.map((one) => [one]) },
    { weight: 5, arbitrary: fc.uniqueArray(prefix, { minLength: 1, maxLength: 3 }) },
    { weight: 1, arbitrary: fc.constant([]) },
  );
}

export const localPrefixList = prefixList(localPrefixes);
export const remotePrefixList = prefixList(remotePrefixes);
export const protocol = fc.constantFrom('tcp', 'udp', 'icmp', 'gre', '47', 'all');
export const port = fc.constantFrom('443', '80', '8080');

export const tunnel: fc.Arbitrary<Omit<TunnelSpec, 'id'>> = fc
  .record({
    local: localPrefixList,
    remote: remotePrefixList,
    limits: rarely(
      fc.oneof(
        fc.record({ protocol: fc.constantFrom('tcp', 'udp', 'icmp', 'gre', 'ospf', '47') }),
        fc.record({ protocol: fc.constantFrom('tcp', 'udp'), localPort: rarely(port, 1), remotePort: port }),
        fc.record({ localPort: port, remotePort: rarely(port, 1) }),
      ),
      6,
    ),
    disabled: rarely(fc.constant(true), 19),
    espGroup: rarely(espGroup, 14),
  })
  .map(({ limits, ...rest }) => ({ ...rest, ...limits }));

const firewallRule: fc.Arbitrary<FirewallRuleSpec> = fc.oneof(
  { weight: 2, arbitrary: fc.constant({ action: 'accept', state: 'established' } as const) },
  { weight: 2, arbitrary: fc.constant({ action: 'accept', protocol: 'esp' } as const) },
  {
    weight: 6,
    arbitrary: fc
      .record({
        action: fc.constantFrom<'accept' | 'drop'>('accept', 'accept', 'accept', 'drop'),
        protocol: fc.constant('udp' as const),
        port: fc.constantFrom('500', '4500', '500,4500', '500,4500', undefined),
        source: fc.constantFrom('peer', 'other', undefined, undefined),
        state: fc.constantFrom('established', undefined, undefined),
      })
      // Nobody shuts out the flows alone that stand.
      .map((rule): FirewallRuleSpec => (rule.action === 'drop' ? { ...rule, state: undefined } : rule)),
  },
);

/** Most let IKE in, or nearly. */
export const firewall: fc.Arbitrary<FirewallSpec> = fc.record({
  rules: fc.array(firewallRule, { maxLength: 5 }),
  defaultAction: fc.constantFrom<'accept' | 'drop'>('drop', 'drop', 'drop', 'accept'),
  named: fc.boolean(),
});
