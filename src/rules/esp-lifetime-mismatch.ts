import type { Side } from '../ike/outcome.ts';
import type { Problem } from '../lint/finding.ts';
import type { LinkRule } from '../lint/rule.ts';
import type { End, Link, Network } from '../pairing/link.ts';
import { settingNamed } from '../vyos/conf-origin.ts';
import type { Setting } from '../vyos/setting.ts';
import { contrast } from './contrast.ts';
import { alignGroups, alsoUsed, groupUse } from './group-users.ts';
import { childRekeyWindow, describeLifetime } from './lifetime-text.ts';
import { locate } from './location.ts';
import { rfc, strongswan, vyos } from './sources.ts';
import { childSectionNamed } from './tunnels.ts';

/** Two ESP groups that meet, and the children of each end in which they do. */
interface GroupPair {
  readonly lifetimes: readonly [Setting<unknown>, Setting<unknown>];
  readonly children: Readonly<Record<Side, readonly string[]>>;
}

/** The ESP groups of children that meet, or would: by what was chosen, else by the children's names. */
function groupPairs(link: Link): readonly GroupPair[] {
  const pairs = new Map<string, GroupPair>();
  for (const { initiator, child, result } of link.negotiations) {
    const answering = result.outcome === 'established' ? (result.responder?.child ?? child) : child;
    const [a, b] = initiator === 'a' ? [child, answering] : [answering, child];
    const [own, other] = [lifetimeOf(link.a, a), lifetimeOf(link.b, b)];
    if (!own || !other) continue;
    const key = JSON.stringify([own.path, other.path]);
    const { children } = pairs.get(key) ?? { children: { a: [], b: [] } };
    pairs.set(key, { lifetimes: [own, other], children: { a: [...children.a, a], b: [...children.b, b] } });
  }
  return [...pairs.values()];
}

function lifetimeOf(end: End, child: string): Setting<unknown> | undefined {
  const leaf = childSectionNamed(end, child)?.life_time;
  return leaf && settingNamed(leaf, 'lifetime');
}

function* check(link: Link, network: Network): Iterable<Problem> {
  for (const { lifetimes, children } of groupPairs(link)) {
    const [own, other] = lifetimes;
    if (own.value === other.value) continue;
    const a = groupUse(link.a, own, children.a);
    const b = groupUse(link.b, other, children.b);
    yield {
      ...contrast(link, {
        fact: 'ESP lifetimes differ',
        what: 'ESP lifetime',
        a: `${own.value} s`,
        b: `${other.value} s`,
      }),
      consequence:
        `Nothing is refused: each end keeps its own clock. ${link.a.name} rekeys the CHILD_SA ${childRekeyWindow(link.a, children.a[0])}, ` +
        `${link.b.name} ${childRekeyWindow(link.b, children.b[0])}; the shorter clock rekeys for both.${alsoUsed(a, b)}`,
      bites: [],
      locations: [
        locate(link.a.site, own, describeLifetime(own)),
        locate(link.b.site, other, describeLifetime(other)),
      ],
      fix: alignGroups(a, b, network),
    };
  }
}

export const espLifetimeMismatch: LinkRule = {
  id: 'esp-lifetime-mismatch',
  scope: 'link',
  summary: 'The ESP lifetimes of the two sides differ.',
  severity: 'warning',
  notify: null,
  why:
    'Lifetimes are not negotiated in IKEv2. VyOS hands the ESP lifetime to strongSwan as the hard limit of the CHILD_SA; ' +
    'the rekey starts a tenth earlier, minus a random part. The shorter clock rekeys for both ends, so a difference ' +
    'fails nothing between two VyOS routers. Equipment of other makes may refuse or drop the tunnel.',
  mend: 'Set the same lifetime on both sides, unless one is meant to be the only one that rekeys.',
  sources: [
    rfc(7296, '2.8'),
    strongswan('src/libcharon/plugins/vici/vici_config.c'),
    vyos('data/templates/ipsec/swanctl/peer.j2'),
  ],
  bad: { b: "set vpn ipsec esp-group ESP-A lifetime '1800'" },
  good: { b: "set vpn ipsec esp-group ESP-A lifetime '3600'" },
  check,
};
