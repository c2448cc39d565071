import { transformOf } from '../ike/transform.ts';
import type { Location, Problem } from '../lint/finding.ts';
import type { SiteRule } from '../lint/rule.ts';
import type { LoadedSite } from '../strongswan/load-site.ts';
import { keyExchangeKeyword } from '../strongswan/proposals.ts';
import type { Setting } from '../vyos/setting.ts';
import type { EspGroup, IkeGroup } from '../vyos/site.ts';
import { espGroupsInUse, ikeGroupsInUse } from './groups-in-use.ts';
import { locate } from './location.ts';
import { rfc } from './sources.ts';

type Kind = 'cipher' | 'hash' | 'Diffie-Hellman group';

/** A setting, and how the RFCs put what it names. */
interface Weak {
  readonly setting: Setting<unknown>;
  readonly verdict: string;
}

interface Advice {
  /** What is wrong with them, as a sentence. */
  readonly follows: string;
  readonly instead: string;
}

const advice: Readonly<Record<Kind, Advice>> = {
  cipher: {
    follows:
      'What it protects can be read sooner than it is worth: blocks of 64 bits, a short key, or no encryption at all.',
    instead: 'aes256 or aes256gcm128',
  },
  hash: { follows: 'The hash is broken or on its way out.', instead: 'sha256' },
  'Diffie-Hellman group': {
    follows:
      'The keys of a recorded tunnel can be computed by whoever can afford it, or the origin of the group is doubted.',
    instead: 'dh-group 14, 19 or 31',
  },
};

/** RFC 8247 section 2.1, RFC 8221 section 5, RFC 9395 section 4. */
function cipherVerdict(keyword: string): string | undefined {
  const algorithm = transformOf(keyword)?.algorithm;
  switch (algorithm) {
    case 'DES_CBC':
      return 'MUST NOT in RFC 8247 and RFC 8221';
    case '3DES_CBC':
      return 'SHOULD NOT in RFC 8221';
    case 'BLOWFISH_CBC':
      return 'MUST NOT in RFC 8221';
    case 'CAST_CBC':
      return 'deprecated by RFC 9395';
    case 'NULL':
    case 'NULL_AES_GMAC':
      return 'encrypts nothing';
    default:
      return undefined;
  }
}

/** RFC 8247 sections 2.2 and 2.3, RFC 8221 section 6. */
function hashVerdict(keyword: string): string | undefined {
  const algorithm = transformOf(keyword)?.algorithm ?? '';
  if (algorithm.includes('MD5')) return 'MUST NOT in RFC 8247 and RFC 8221';
  if (algorithm.includes('SHA1')) return 'MUST- in RFC 8247 and RFC 8221: on its way out';
  return undefined;
}

/** RFC 8247 section 2.4. */
const groupVerdicts: Readonly<Record<string, string>> = {
  MODP_768: 'MUST NOT in RFC 8247',
  MODP_1024: 'SHOULD NOT in RFC 8247',
  MODP_1536: 'SHOULD NOT in RFC 8247',
  MODP_1024_160: 'MUST NOT in RFC 8247',
  MODP_2048_224: 'SHOULD NOT in RFC 8247',
  MODP_2048_256: 'SHOULD NOT in RFC 8247',
};

function groupVerdict(dhGroup: string): string | undefined {
  return groupVerdicts[transformOf(keyExchangeKeyword(dhGroup))?.algorithm ?? ''];
}

function weak<T>(setting: Setting<T>, verdict: string | undefined): readonly Weak[] {
  return verdict === undefined ? [] : [{ setting, verdict }];
}

function isAead(keyword: string): boolean {
  return /_(?:GCM|CCM)_|POLY1305/.test(transformOf(keyword)?.algorithm ?? '');
}

function* check(loaded: LoadedSite, index: number): Iterable<Problem> {
  for (const { group } of ikeGroupsInUse(loaded)) {
    const { proposals } = group;
    const of = (kind: Kind, found: readonly Weak[]) => problems(index, 'IKE', group, kind, found);
    yield* of(
      'cipher',
      proposals.flatMap(({ encryption }) => weak(encryption, cipherVerdict(encryption.value))),
    );
    yield* of('hash', [
      ...proposals.flatMap(({ hash }) => weak(hash, hashVerdict(hash.value))),
      ...proposals.flatMap(({ prf }) => (prf.value === undefined ? [] : weak(prf, hashVerdict(prf.value)))),
    ]);
    yield* of(
      'Diffie-Hellman group',
      proposals.flatMap(({ dhGroup }) => weak(dhGroup, groupVerdict(dhGroup.value))),
    );
  }
  for (const { group, children } of espGroupsInUse(loaded)) {
    const { proposals, pfs } = group;
    const of = (kind: Kind, found: readonly Weak[]) => problems(index, 'ESP', group, kind, found);
    yield* of(
      'cipher',
      proposals.flatMap(({ encryption }) => weak(encryption, cipherVerdict(encryption.value))),
    );
    // An AEAD cipher has no use for the hash.
    const hashes = proposals.filter(({ encryption }) => !isAead(encryption.value));
    yield* of(
      'hash',
      hashes.flatMap(({ hash }) => weak(hash, hashVerdict(hash.value))),
    );
    // With `enable` the group is that of the IKE group, and is told there.
    const own = children.length > 0 && pfs.value.startsWith('dh-group');
    yield* of('Diffie-Hellman group', own ? weak(pfs, groupVerdict(pfs.value.replace('dh-group', ''))) : []);
  }
}

/** One for a group and a kind, however many proposals have it. */
function* problems(
  site: number,
  protocol: 'IKE' | 'ESP',
  { name }: IkeGroup | EspGroup,
  kind: Kind,
  found: readonly Weak[],
): Iterable<Problem> {
  const [first, ...others] = found.map(({ setting, verdict }): Location => {
    const place = locate(site, setting);
    return { ...place, label: `${place.label}, ${verdict}` };
  });
  if (!first) return;
  const values = [...new Set(found.map(({ setting }) => setting.text ?? ''))].join(', ');
  const { follows, instead } = advice[kind];
  yield {
    message: `The ${protocol} group "${name}" has a weak ${kind}: ${values}`,
    short: kind === 'Diffie-Hellman group' ? values.replace(/\b(?:dh-group)?(?=\d)/g, 'dh-group') : values,
    consequence: `${follows} Use ${instead}, on both sides at the same time.`,
    locations: [first, ...others],
  };
}

export const weakAlgorithm: SiteRule = {
  id: 'weak-algorithm',
  scope: 'site',
  summary: 'A group in use has an algorithm that the RFCs advise against.',
  severity: 'warning',
  notify: null,
  why:
    'RFC 8247 and RFC 8221 say what IKEv2 and ESP must, should and must not be used with. DES, MD5, Blowfish and the groups ' +
    '1 and 22 must not be used; 3DES and the groups 2, 5, 23 and 24 should not; SHA-1 is kept for old devices and on its ' +
    'way out. Some of them are what VyOS uses where nothing is set: dh-group 2 and hash sha1. A weak algorithm among ' +
    'several proposals counts as well: the other side may choose it.',
  mend: 'Set encryption aes256, hash sha256 and dh-group 14 or better, on both sides at the same time.',
  sources: [rfc(8247, '2'), rfc(8221, '5'), rfc(8221, '6'), rfc(9395, '4')],
  bad: {
    a: "set vpn ipsec ike-group IKE-B proposal 1 dh-group '2'",
    b: "set vpn ipsec ike-group IKE-A proposal 1 dh-group '2'",
  },
  good: {
    a: "set vpn ipsec ike-group IKE-B proposal 1 dh-group '19'",
    b: "set vpn ipsec ike-group IKE-A proposal 1 dh-group '19'",
  },
  check,
};
