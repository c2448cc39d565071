import { adviceAgainst, type TransformType, transformOf } from '../ike/transform.ts';
import type { Location, Problem } from '../lint/finding.ts';
import type { SiteRule } from '../lint/rule.ts';
import type { LoadedSite } from '../strongswan/load-site.ts';
import { type OfferedLeaf, offeredLeaves } from '../strongswan/offered.ts';
import { keyExchangeKeyword } from '../strongswan/proposals.ts';
import type { Setting } from '../vyos/setting.ts';
import type { EspGroup, IkeGroup } from '../vyos/site.ts';
import { espGroupsInUse, ikeGroupsInUse } from './groups-in-use.ts';
import { locate } from './location.ts';
import { rfc } from './sources.ts';

/** A setting, and how the RFCs put what it names. */
interface Weak {
  readonly setting: Setting<unknown>;
  readonly advice: string;
}

/** How the transforms of a type are spoken of: what they are, what follows where they are weak, and what to use instead. */
interface Kind {
  readonly name: string;
  readonly types: readonly TransformType[];
  readonly follows: string;
  readonly instead: string;
}

const kinds: readonly Kind[] = [
  {
    name: 'cipher',
    types: ['ENCRYPTION_ALGORITHM'],
    follows:
      'What it protects can be read sooner than it is worth: blocks of 64 bits, a short key, or no encryption at all.',
    instead: 'aes256 or aes256gcm128',
  },
  {
    name: 'hash',
    types: ['INTEGRITY_ALGORITHM', 'PSEUDO_RANDOM_FUNCTION'],
    follows: 'The hash is broken or on its way out.',
    instead: 'sha256',
  },
  {
    name: 'Diffie-Hellman group',
    types: ['KEY_EXCHANGE_METHOD'],
    follows:
      'The keys of a recorded tunnel can be computed by whoever can afford it, or the origin of the group is doubted.',
    instead: 'dh-group 14, 19 or 31',
  },
];

function* check(loaded: LoadedSite, index: number): Iterable<Problem> {
  for (const { group } of ikeGroupsInUse(loaded))
    yield* problems(index, 'IKE', group, group.proposals.flatMap(offeredLeaves));
  for (const { group } of espGroupsInUse(loaded)) {
    const { proposals, pfs } = group;
    // With `enable` the group is that of the IKE group, and is told there. Without a proposal none is offered.
    const own =
      proposals.length > 0 && pfs.value.startsWith('dh-group')
        ? transformOf(keyExchangeKeyword(pfs.value.slice(8)))
        : undefined;
    const leaves = proposals.flatMap(offeredLeaves);
    yield* problems(index, 'ESP', group, own ? [...leaves, { setting: pfs, transform: own }] : leaves);
  }
}

/** One for a group and a kind, however many proposals have it. */
function* problems(
  site: number,
  protocol: 'IKE' | 'ESP',
  { name: group }: IkeGroup | EspGroup,
  leaves: readonly OfferedLeaf[],
): Iterable<Problem> {
  for (const { name, types, follows, instead } of kinds) {
    const found = leaves.flatMap(({ setting, transform }): readonly Weak[] => {
      const advice = types.includes(transform.type) ? adviceAgainst(transform) : undefined;
      return advice === undefined ? [] : [{ setting, advice }];
    });
    const [first, ...others] = found.map(({ setting, advice }): Location => {
      const place = locate(site, setting);
      return { ...place, label: `${place.label}, ${advice}` };
    });
    if (!first) continue;
    const values = [...new Set(found.map(({ setting }) => setting.text ?? ''))].join(', ');
    yield {
      message: `The ${protocol} group "${group}" has a weak ${name}: ${values}`,
      short: name === 'Diffie-Hellman group' ? values.replace(/\b(?:dh-group)?(?=\d)/g, 'dh-group') : values,
      consequence: `${follows} Use ${instead}, on both sides at the same time.`,
      locations: [first, ...others],
    };
  }
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
