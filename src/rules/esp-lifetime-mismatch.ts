import type { Problem } from '../lint/finding.ts';
import type { LinkRule } from '../lint/rule.ts';
import type { Link } from '../pairing/link.ts';
import { setCommand } from '../vyos/command.ts';
import { espLifetime } from '../vyos/connections.ts';
import type { EspGroup } from '../vyos/site.ts';
import { rekeyWindow } from './lifetime-text.ts';
import { locate } from './location.ts';
import { rfc, strongswan, vyos } from './sources.ts';
import { childSourceNamed } from './tunnels.ts';

/** The ESP groups of children that meet, or would: by what was chosen, else by the children's names. */
function groupPairs(link: Link): readonly (readonly [EspGroup, EspGroup])[] {
  const pairs = new Map<string, readonly [EspGroup, EspGroup]>();
  for (const { initiator, child, result } of link.negotiations) {
    const answering = result.outcome === 'established' ? (result.responder?.child ?? child) : child;
    const [a, b] = initiator === 'a' ? [child, answering] : [answering, child];
    const own = childSourceNamed(link.a, a)?.espGroup;
    const other = childSourceNamed(link.b, b)?.espGroup;
    if (own && other) pairs.set(JSON.stringify([own.name, other.name]), [own, other]);
  }
  return [...pairs.values()];
}

function* check(link: Link): Iterable<Problem> {
  for (const [a, b] of groupPairs(link)) {
    const [own, other] = [a.lifetime, b.lifetime];
    if (own.value === other.value) continue;
    yield {
      message: `ESP lifetimes differ: A ${own.value} s, B ${other.value} s`,
      consequence:
        `Nothing is refused: each end keeps its own clock. A rekeys the CHILD_SA ${rekeyWindow(espLifetime(a))}, ` +
        `B ${rekeyWindow(espLifetime(b))}; the shorter clock rekeys for both.`,
      bites: [],
      locations: [
        locate(link.a.site, own, `${describe(own.origin.kind)}${own.value} s`),
        locate(link.b.site, other, `${describe(other.origin.kind)}${other.value} s`),
      ],
      fix: [
        { site: link.a.site, commands: [setCommand(own.path, String(other.value))] },
        { site: link.b.site, commands: [setCommand(other.path, String(own.value))] },
      ],
    };
  }
}

function describe(kind: 'set' | 'default' | 'derived'): string {
  return kind === 'set' ? '' : 'not set: default ';
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
