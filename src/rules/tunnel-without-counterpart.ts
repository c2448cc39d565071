import type { Problem } from '../lint/finding.ts';
import type { LinkRule } from '../lint/rule.ts';
import type { Link } from '../pairing/link.ts';
import { settingOfOrigin } from '../vyos/conf-origin.ts';
import { locate, locateNode, locatePeer } from './location.ts';
import { mirrorOf } from './mirrored-tunnel.ts';
import { evidenceOf, isNonEmpty, occurrencesOf } from './occurrence.ts';
import { rfc, strongswan } from './sources.ts';
import { childSectionNamed, meantCounterpart } from './tunnels.ts';

function* check(link: Link): Iterable<Problem> {
  const found = occurrencesOf(link, ({ reason }) => reason === 'no-matching-ts').filter(
    (occurrence) => meantCounterpart(link, occurrence) === undefined,
  );
  for (const occurrence of found) {
    const { initiator, responder, negotiation } = occurrence;
    const mirror = mirrorOf(initiator, negotiation.child, responder);
    const { disabled } = mirror;
    const child = childSectionNamed(initiator, negotiation.child);
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
      locations: [
        child
          ? locate(initiator.site, settingOfOrigin(child.origin), 'this tunnel')
          : locatePeer(initiator, 'this tunnel'),
        disabled
          ? locateNode(responder.site, disabled, 'disabled')
          : locatePeer(responder, 'no tunnel of this peer overlaps with it'),
      ],
      fix: mirror.fix,
    };
  }
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
