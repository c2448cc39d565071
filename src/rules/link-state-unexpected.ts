import type { NetworkProblem, NetworkRule } from '../lint/rule.ts';
import type { ExpectedEnd, MissingLink } from '../pairing/knowledge.ts';
import { type Link, mayCall, type Network } from '../pairing/link.ts';
import { span } from '../source/index.ts';
import { locateNode } from './location.ts';
import { endOf } from './occurrence.ts';
import { thisTool } from './sources.ts';

function* check(network: Network): Iterable<NetworkProblem> {
  for (const missing of network.missing) yield isMissing(missing, network);
  for (const [index, link] of network.links.entries()) {
    if (link.expectation?.state === 'down' && comesUp(link)) yield isUp(link, index);
  }
}

/** Whether a direction that can happen comes up. */
function comesUp(link: Link): boolean {
  return link.negotiations.some(
    ({ initiator, child, result, afterwards }) =>
      result.outcome === 'established' &&
      !afterwards.some(({ kind }) => kind === 'lost') &&
      mayCall(endOf(link, initiator), child),
  );
}

function isUp(link: Link, index: number): NetworkProblem {
  return {
    link: index,
    message: 'The link is expected to be down, and it comes up',
    consequence:
      'Traffic flows between two sites that should not be connected, or the expectation is out of date.',
    locations: [
      locateNode(link.a.site, link.a.source.peer, 'comes up'),
      locateNode(link.b.site, link.b.source.peer, 'comes up'),
    ],
  };
}

function isMissing({ expectation, sites }: MissingLink, network: Network): NetworkProblem {
  const [one, other] = expectation.between;
  const peerless = [one, other].flatMap((end, index) => {
    const peers = network.sites[sites[index as 0 | 1]]?.site.peers ?? [];
    return end.peer === undefined || peers.some(({ name }) => name === end.peer) ? [] : [describe(end)];
  });
  const noPeer = peerless.length > 0;
  return {
    link: null,
    message: noPeer
      ? `A link is described with ${peerless.join(' and ')}, and there is no such peer`
      : `A link is expected between ${describe(one)} and ${describe(other)}, and there is none`,
    consequence: noPeer
      ? 'Nothing can be said of that link: the name of the peer is not that of the dump.'
      : 'No peer of the one faces a peer of the other, so there is no tunnel between them.',
    locations: [place(sites[0], one, other, network), place(sites[1], other, one, network)],
  };
}

function describe({ site, peer }: ExpectedEnd): string {
  return peer === undefined ? site : `peer ${peer} of ${site}`;
}

function place(index: number, own: ExpectedEnd, facing: ExpectedEnd, { sites }: Network) {
  const site = sites[index]?.site;
  const peer = site?.peers.find(({ name }) => name === own.peer) ?? site?.peers[0];
  const label = `faces no peer of ${facing.site}`;
  if (peer && own.peer !== undefined && peer.name !== own.peer)
    return locateNode(index, peer, `not ${own.peer}`);
  if (peer) return locateNode(index, peer, own.peer === undefined ? `no peer ${label}` : label);
  const at = span(site?.file ?? { name: '', text: '', lineStarts: [0] }, 0, 0);
  return locateNode(index, { at, path: [] }, 'no peer at all');
}

export const linkStateUnexpected: NetworkRule = {
  id: 'link-state-unexpected',
  scope: 'network',
  ofExpectations: true,
  summary: 'A link is not in the state that the configuration of this tool expects.',
  severity: 'error',
  notify: null,
  why:
    'The configuration of this tool names the links of a network, and whether each is to be up or down. A link that is ' +
    'to be up and that no two peers make, or one that is to be down and comes up, is a mistake that neither dump shows.',
  mend:
    'A link that is to be up: configure the peers of both sites so that they face each other. One that is to be down: ' +
    'take its peers away or disable them. Or correct the links of the configuration.',
  sources: [thisTool],
  bad: { expectations: [{ between: [{ site: 'a' }, { site: 'b' }], state: 'down', reason: null }] },
  good: { expectations: [{ between: [{ site: 'a' }, { site: 'b' }], state: 'up', reason: null }] },
  check,
};
