import type { Location, Problem } from '../lint/finding.ts';
import type { LinkRule } from '../lint/rule.ts';
import type { End, Link } from '../pairing/link.ts';
import { deleteCommand } from '../vyos/command.ts';
import type { Tunnel } from '../vyos/site.ts';
import { locateNode } from './location.ts';
import { mendOf } from './mend.ts';
import { mirroredTunnel } from './mend-refused.ts';
import { evidenceOf, isNonEmpty, occurrencesOf } from './occurrence.ts';
import { rfc, strongswan } from './sources.ts';
import { childSourceNamed, meantCounterpart } from './tunnels.ts';

function* check(link: Link): Iterable<Problem> {
  const found = occurrencesOf(link, ({ reason }) => reason === 'no-matching-ts').filter(
    (occurrence) => meantCounterpart(link, occurrence) === undefined,
  );
  for (const occurrence of found) {
    const { initiator, responder, negotiation } = occurrence;
    const tunnel = childSourceNamed(initiator, negotiation.child)?.tunnel;
    const disabled = responder.source.peer.tunnels.find(
      (other) => other.disabled && tunnel !== undefined && mirrors(tunnel, other),
    );
    const occurrences = found.filter(
      ({ initiator: { side }, negotiation: { child } }) =>
        side === initiator.side && child === negotiation.child,
    );
    if (!isNonEmpty(occurrences) || occurrences[0] !== occurrence) continue;
    const [x, y] = [initiator.name, responder.name];
    yield {
      message: disabled
        ? `${x} ${negotiation.child} faces tunnel ${disabled.id} of ${y}, which is disabled`
        : `${x} ${negotiation.child} has no counterpart: no tunnel of ${y} overlaps with it`,
      consequence: `${x} asks for this tunnel and ${y} refuses it. The other tunnels of the peer are not affected.`,
      ...evidenceOf(occurrences),
      locations: placesOf(initiator, responder, negotiation.child, disabled),
      fix: disabled
        ? mendOf(responder.site, [deleteCommand([...disabled.path, 'disable'])])
        : mirror(responder, tunnel),
    };
  }
}

function placesOf(
  end: End,
  facing: End,
  child: string,
  disabled: Tunnel | undefined,
): readonly [Location, ...Location[]] {
  const source = childSourceNamed(end, child);
  const own = locateNode(end.site, source?.tunnel ?? source?.vti ?? end.source.peer, 'this tunnel');
  const other = disabled
    ? locateNode(facing.site, disabled, 'disabled')
    : locateNode(facing.site, facing.source.peer, 'no tunnel of this peer overlaps with it');
  return [own, other];
}

function mirrors(tunnel: Tunnel, other: Tunnel): boolean {
  const texts = (settings: Tunnel['localPrefixes']) =>
    settings
      .map(({ value }) => value)
      .toSorted()
      .join(' ');
  return (
    texts(tunnel.localPrefixes) === texts(other.remotePrefixes) &&
    texts(tunnel.remotePrefixes) === texts(other.localPrefixes)
  );
}

/** A new tunnel on the facing side that mirrors this one. */
function mirror({ site, source: { peer } }: End, tunnel: Tunnel | undefined) {
  if (!tunnel || peer.vti) return [];
  const used = peer.tunnels.map(({ id }) => Number(id)).filter(Number.isInteger);
  const path = [
    ...peer.path,
    'tunnel',
    String([...used].reduce((most, number) => Math.max(most, number), 0) + 1),
  ];
  return mendOf(site, mirroredTunnel(path, tunnel));
}

export const tunnelWithoutCounterpart: LinkRule = {
  id: 'tunnel-without-counterpart',
  scope: 'link',
  summary: 'A tunnel of one side meets no tunnel of the other.',
  severity: 'error',
  notify: 'TS_UNACCEPTABLE',
  why:
    'Each tunnel of a peer becomes a CHILD_SA of its own, and needs a tunnel on the other side with prefixes in common. ' +
    'One that was added, or disabled, on one side only is refused, while the others stay up.',
  mend: 'Add the mirrored tunnel on the other side, or delete this one.',
  sources: [rfc(7296, '2.9'), strongswan('src/libcharon/config/peer_cfg.c')],
  bad: {
    a:
      "set vpn ipsec site-to-site peer SITE-B tunnel 2 local prefix '10.1.9.0/24'\n" +
      "set vpn ipsec site-to-site peer SITE-B tunnel 2 remote prefix '10.2.9.0/24'",
  },
  good: {
    a:
      "set vpn ipsec site-to-site peer SITE-B tunnel 2 local prefix '10.1.9.0/24'\n" +
      "set vpn ipsec site-to-site peer SITE-B tunnel 2 remote prefix '10.2.9.0/24'",
    b:
      "set vpn ipsec site-to-site peer SITE-A tunnel 7 local prefix '10.2.9.0/24'\n" +
      "set vpn ipsec site-to-site peer SITE-A tunnel 7 remote prefix '10.1.9.0/24'",
  },
  check,
};
