import { parseAddress } from '../ike/address.ts';
import type { Obstacle } from '../ike/connection.ts';
import type { Location, Problem } from '../lint/finding.ts';
import type { LinkRule } from '../lint/rule.ts';
import type { Link, LoneEnd } from '../pairing/link.ts';
import { deciderOf } from '../vyos/packets/decider.ts';
import { localAddressOf, remoteAddressesOf } from './end-addresses.ts';
import { locate } from './location.ts';
import { evidenceOf, isNonEmpty, occurrencesOf } from './occurrence.ts';
import { onRouteBasedPair } from './route-based-pair.ts';
import { vyosManual } from './sources.ts';

const kernelSource = {
  title: 'Linux: net/xfrm/xfrm_interface_core.c',
  url: 'https://github.com/torvalds/linux/blob/v6.6/net/xfrm/xfrm_interface_core.c',
};

function* check(link: Link): Iterable<Problem> {
  for (const side of ['a', 'b'] as const) {
    const end = link[side];
    const lost = occurrencesOf(link, ({ reason }) => reason === 'own-route').filter(
      ({ startedBy }) => startedBy.side === side,
    );
    if (isNonEmpty(lost)) {
      const { swallowed } = lost[0].failure.detail ?? {};
      const problem = swallowed && problemOf(swallowed, end);
      if (problem) yield { ...problem, ...evidenceOf(lost) };
      continue;
    }
    const doubts = link.negotiations.flatMap(({ doubts = [] }) => doubts);
    const doubt = doubts.find((each) => each.side === side && each.obstacle.by === 'own-tunnel');
    const problem = doubt && problemOf(doubt.obstacle, end);
    if (problem) yield problem;
  }
}

function* checkAlone(end: LoneEnd): Iterable<Problem> {
  const { unloaded, section, daemon } = end;
  if (unloaded?.kind === 'disabled' || !section) return;
  const from = parseAddress(String(localAddressOf(end)?.value));
  for (const { value } of remoteAddressesOf(end)) {
    const to = parseAddress(String(value));
    for (const obstacle of to ? daemon.outbound({ from, to, connection: section.name }) : []) {
      const problem = problemOf(obstacle, end);
      if (problem) yield problem;
    }
  }
}

/** Undefined for another obstacle. */
function problemOf(obstacle: Obstacle, end: LoneEnd): Problem | undefined {
  const { site } = end;
  const decider = deciderOf('own-tunnel', obstacle);
  if (!decider) return undefined;
  const { route, bind } = decider;
  const to = remoteAddressesOf(end).find(({ value }) => parseAddress(String(value)) === decider.to);
  const certain = obstacle.kind === 'swallows';
  const at: Location = {
    site,
    at: route.at,
    path: route.path,
    value: null,
    origin: 'set',
    label: `the longest prefix with ${decider.to} in it`,
  };
  return {
    message: `The peer's own address ${to?.value ?? decider.to} is routed into its tunnel: ${route.prefix} leads to ${bind.value}`,
    consequence: `Once the VTI is up the route is in force, and the packets of the tunnel are sent into the tunnel. The kernel logs "Local routing loop detected" and drops them; the tunnel goes down and comes up in turn.${certain ? '' : ' Only a better route of a routing protocol or a policy would save it, which no dump holds.'}`,
    locations: [at, ...(to ? [locate(site, to)] : []), locate(site, bind)],
    ...(certain ? {} : { severity: 'warning' }),
  };
}

export const peerRoutedIntoTunnel: LinkRule = {
  id: 'peer-routed-into-tunnel',
  scope: 'link',
  summary: "The route to a peer's own address leads into the VTI of its tunnel.",
  severity: 'error',
  notify: null,
  why:
    'The packets of the tunnel go to the address of the peer, and the kernel looks up a route for them. Where the longest ' +
    'prefix leads into the VTI, they would have to go through themselves. It is the usual slip of a default route by the VTI. Where a routing protocol or ' +
    'a policy may know a better route, it is a warning.',
  mend: "Add a route of its own for the peer's address by the interface that leads to it: set protocols static route 198.51.100.1/32 next-hop 203.0.113.254.",
  sources: [kernelSource, vyosManual],
  bad: onRouteBasedPair({ a: 'set protocols static route 0.0.0.0/0 interface vti0' }),
  good: onRouteBasedPair({
    a: [
      'set protocols static route 0.0.0.0/0 interface vti0',
      'set protocols static route 198.51.100.1/32 next-hop 203.0.113.254',
    ].join('\n'),
  }),
  check,
  checkAlone,
};
