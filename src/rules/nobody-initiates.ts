import type { Location, Problem } from '../lint/finding.ts';
import type { LinkRule } from '../lint/rule.ts';
import { type End, type Link, mayCall } from '../pairing/link.ts';
import { setCommand } from '../vyos/command.ts';
import { catchesNothing, isTrap } from './groups-in-use.ts';
import { locate, locateNode } from './location.ts';
import { mendOf } from './mend.ts';
import { strongswan, vyos } from './sources.ts';

function* check(link: Link): Iterable<Problem> {
  const loaded = [link.a, link.b].every(({ connection }) => connection);
  const calls = link.negotiations.some(({ initiator, child }) => {
    const end = link[initiator];
    return mayCall(end, child) && !waitsForVti(end);
  });
  if (!loaded || calls || link.negotiations.length === 0) return;
  const silent = [link.a, link.b].filter(
    (end) => end.source.peer.connectionType.value === 'none' || waitsForVti(end),
  );
  yield {
    message: 'Neither side starts the tunnel',
    consequence:
      'Both sides wait to be called. Nothing is sent and nothing is logged, until somebody initiates by hand.',
    locations: [placeOf(link.a), placeOf(link.b)],
    fix: silent.flatMap(({ site, source: { peer } }) =>
      mendOf(site, [setCommand(peer.connectionType.path, 'initiate')]),
    ),
  };
}

function waitsForVti({ source: { peer } }: End): boolean {
  return isTrap(peer.connectionType.value) && catchesNothing(peer);
}

function placeOf(end: End): Location {
  const { site } = end;
  const { peer } = end.source;
  if (waitsForVti(end)) return locate(site, peer.connectionType, 'waits for a packet, and the VTI is down');
  if (peer.connectionType.value === 'none') return locate(site, peer.connectionType, 'never calls');
  const [address] = peer.remoteAddresses;
  return address
    ? locate(site, address, 'nobody to call')
    : locateNode(site, peer, 'no remote-address: nobody to call');
}

export const nobodyInitiates: LinkRule = {
  id: 'nobody-initiates',
  scope: 'link',
  summary: 'Each side waits for the other to call.',
  severity: 'warning',
  notify: null,
  why:
    'A side with connection-type none, or without a fixed remote-address, only answers. One with connection-type respond ' +
    'calls at the first packet for the tunnel, which never comes where the tunnel is a VTI: that is down until the tunnel ' +
    'is up. Where neither side calls, the tunnel never comes up by itself, and neither log says why.',
  mend: 'Let one side call: give it a fixed remote-address and connection-type initiate.',
  sources: [
    vyos('data/templates/ipsec/swanctl/peer.j2'),
    strongswan('src/libcharon/plugins/vici/vici_config.c'),
  ],
  bad: { a: "set vpn ipsec site-to-site peer SITE-B connection-type 'none'" },
  good: { a: "set vpn ipsec site-to-site peer SITE-B connection-type 'initiate'" },
  check,
};
