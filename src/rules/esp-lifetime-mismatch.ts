import type { Side } from '../ike/outcome.ts';
import type { Problem } from '../lint/finding.ts';
import type { LinkRule } from '../lint/rule.ts';
import type { Link, Network } from '../pairing/link.ts';
import { setCommand } from '../vyos/command.ts';
import type { EspGroup } from '../vyos/site.ts';
import { contrast } from './contrast.ts';
import { alsoUsed, changeGroup, groupUse, mendingOrder } from './group-users.ts';
import { childRekeyWindow, describeLifetime } from './lifetime-text.ts';
import { locate } from './location.ts';
import { rfc, strongswan, vyos } from './sources.ts';
import { childSourceNamed } from './tunnels.ts';

/** Two ESP groups that meet, and the children of each end in which they do. */
interface GroupPair {
  readonly groups: readonly [EspGroup, EspGroup];
  readonly children: Readonly<Record<Side, readonly string[]>>;
}

/** The ESP groups of children that meet, or would: by what was chosen, else by the children's names. */
function groupPairs(link: Link): readonly GroupPair[] {
  const pairs = new Map<string, GroupPair>();
  for (const { initiator, child, result } of link.negotiations) {
    const answering = result.outcome === 'established' ? (result.responder?.child ?? child) : child;
    const [a, b] = initiator === 'a' ? [child, answering] : [answering, child];
    const own = childSourceNamed(link.a, a)?.espGroup;
    const other = childSourceNamed(link.b, b)?.espGroup;
    if (!own || !other) continue;
    const key = JSON.stringify([own.name, other.name]);
    const { children } = pairs.get(key) ?? { children: { a: [], b: [] } };
    pairs.set(key, { groups: [own, other], children: { a: [...children.a, a], b: [...children.b, b] } });
  }
  return [...pairs.values()];
}

function* check(link: Link, network: Network): Iterable<Problem> {
  for (const {
    groups: [a, b],
    children,
  } of groupPairs(link)) {
    const [own, other] = [a.lifetime, b.lifetime];
    if (own.value === other.value) continue;
    const uses = [groupUse(link.a, a, children.a), groupUse(link.b, b, children.b)] as const;
    yield {
      ...contrast(link, {
        fact: 'ESP lifetimes differ',
        what: 'ESP lifetime',
        a: `${own.value} s`,
        b: `${other.value} s`,
      }),
      consequence:
        `Nothing is refused: each end keeps its own clock. ${link.a.name} rekeys the CHILD_SA ${childRekeyWindow(link.a, children.a[0])}, ` +
        `${link.b.name} ${childRekeyWindow(link.b, children.b[0])}; the shorter clock rekeys for both.${alsoUsed(...uses)}`,
      bites: [],
      locations: [
        locate(link.a.site, own, describeLifetime(own)),
        locate(link.b.site, other, describeLifetime(other)),
      ],
      fix: mendingOrder(...uses).flatMap(([use, model]) =>
        changeGroup(use, network, [setCommand(use.group.lifetime.path, String(model.group.lifetime.value))]),
      ),
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
