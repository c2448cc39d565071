import type { Location, Problem } from '../lint/finding.ts';
import type { LinkRule } from '../lint/rule.ts';
import { type End, initiationBy, type Link } from '../pairing/link.ts';
import { setCommand } from '../vyos/command.ts';
import { settingOfOrigin } from '../vyos/conf-origin.ts';
import { remoteAddressesOf } from './end-addresses.ts';
import { locate, locateLeaf, locatePeer } from './location.ts';
import { mendOf } from './mend.ts';
import { strongswan, vyos } from './sources.ts';

function* check(link: Link): Iterable<Problem> {
  const ends = [link.a, link.b];
  const haveChildren = ends.every(({ connection }) => connection && connection.children.length > 0);
  if (!haveChildren || ends.some(begins)) return;
  const silent = ends.filter((end) => startOf(end)?.value === 'none' || waitsForVti(end));
  yield {
    message: 'Neither side starts the tunnel',
    consequence:
      'Both sides wait to be called. Nothing is sent and nothing is logged, until somebody initiates by hand.',
    locations: [placeOf(link.a), placeOf(link.b)],
    fix: silent.flatMap((end) => {
      const leaf = startOf(end);
      return leaf ? mendOf(end.site, [setCommand(settingOfOrigin(leaf.origin).path, 'initiate')]) : [];
    }),
  };
}

/** Whether an end initiates a tunnel that was never up. */
function begins(end: End): boolean {
  const { atLoad = 'none', trapFires } = initiationBy(end) ?? {};
  return atLoad === 'start' || (atLoad === 'trap' && trapFires === true);
}

function startOf({ connection }: End) {
  return connection?.children[0]?.section.start_action;
}

function waitsForVti(end: End): boolean {
  const initiation = initiationBy(end);
  return initiation?.atLoad === 'trap' && !initiation.trapFires;
}

function placeOf(end: End): Location {
  const { site } = end;
  const start = startOf(end);
  if (start && waitsForVti(end)) return locateLeaf(site, start, 'waits for a packet, and the VTI is down');
  if (start?.value === 'none') return locateLeaf(site, start, 'never calls');
  const [address] = remoteAddressesOf(end);
  return address
    ? locate(site, address, 'nobody to call')
    : locatePeer(end, 'no remote-address: nobody to call');
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
