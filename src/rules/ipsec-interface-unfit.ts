import type { Location, Problem } from '../lint/finding.ts';
import type { LinkRule } from '../lint/rule.ts';
import type { Link } from '../pairing/link.ts';
import type { LoadedSite } from '../strongswan/load-site.ts';
import { setCommand } from '../vyos/command.ts';
import { ipsecInterfaces } from '../vyos/outbound.ts';
import { type DeciderOf, deciderOf } from '../vyos/packets/decider.ts';
import { ignoredBy } from '../vyos/packets/inbound.ts';
import type { PeerSource } from '../vyos/peer-source.ts';
import { isAtLeast } from '../vyos/schema/index.ts';
import { packetsFrom } from './firewall-drop.ts';
import { activeSources } from './groups-in-use.ts';
import { locate, locateNode } from './location.ts';
import { mendOf } from './mend.ts';
import { droppedAt, evidenceOf, isNonEmpty } from './occurrence.ts';
import { strongswan, vyos } from './sources.ts';

type List = DeciderOf<'interface-list'>;

function* check(link: Link): Iterable<Problem> {
  for (const end of [link.a, link.b]) {
    yield* missing(end.loaded, end.source, end.site);
    const occurrences = droppedAt(link, end, 'interface-list');
    if (!isNonEmpty(occurrences)) continue;
    const { dropped } = occurrences[0].failure.detail ?? {};
    const list = dropped && deciderOf('interface-list', dropped.obstacle);
    if (!list) continue;
    yield {
      ...problemOf(list, end.source, end.site),
      consequence: `${end.name} ignores what comes in for ${list.holder} without a word in its log: it neither answers nor hears an answer.`,
      ...evidenceOf(occurrences),
    };
  }
}

function* checkAlone(loaded: LoadedSite, source: PeerSource, site: number): Iterable<Problem> {
  yield* missing(loaded, source, site);
  const list = listAgainst(loaded, source);
  // One list leaves out one interface, however many peers there are on it.
  const first = activeSources(loaded).find(
    (other) => list && listAgainst(loaded, other)?.holder === list.holder,
  );
  if (!list || first !== source) return;
  yield {
    ...problemOf(list, source, site),
    consequence: `The daemon ignores what comes in for ${list.holder} without a word in its log: this side neither answers nor hears an answer.`,
  };
}

function listAgainst({ site }: LoadedSite, { peer }: PeerSource): List | undefined {
  const [packet] = packetsFrom(peer, 500, 'new');
  return packet && ignoredBy(site, peer, packet);
}

function problemOf({ holder, listed }: List, { peer }: PeerSource, site: number) {
  const setting = peer.dhcpInterface ?? peer.localAddress;
  const [first, ...others] = listed.map((each): Location => locate(site, each));
  const own = setting ? locate(site, setting, `on ${holder}`) : locateNode(site, peer, `on ${holder}`);
  return {
    message: `The list vpn ipsec interface leaves out ${holder}, the interface of peer ${peer.name}`,
    locations: [own, ...(first ? [first] : []), ...others] as const,
    fix: mendOf(site, [setCommand(listed[0].path, holder)]),
  };
}

/** 1.2 and 1.3 say that it is required, and run without it. Told of the first peer alone. */
function* missing(loaded: LoadedSite, source: PeerSource, index: number): Iterable<Problem> {
  const { site } = loaded;
  if (isAtLeast(site.release, '1.4') || ipsecInterfaces(site).length > 0) return;
  if (activeSources(loaded)[0] !== source) return;
  yield {
    message: `VyOS ${site.release} wants vpn ipsec ipsec-interfaces interface, and it is not set`,
    consequence:
      'strongSwan then listens on every interface. VyOS calls the setting required, and warns at each commit.',
    locations: [locateNode(index, source.peer, 'no ipsec-interfaces')],
    severity: 'warning',
  };
}

export const ipsecInterfaceUnfit: LinkRule = {
  id: 'ipsec-interface-unfit',
  scope: 'link',
  summary: 'The list vpn ipsec interface leaves out the interface of a peer.',
  severity: 'error',
  notify: null,
  why:
    'The node vpn ipsec interface is the list of the interfaces on which charon reads. It ignores a packet for an address that ' +
    'none of them holds, by whichever interface the packet comes in (for a local-address on dum0 the list needs dum0), ' +
    'and says so at the highest level of its log only: the peer sees no answer. Without the node every interface counts, ' +
    'from VyOS 1.4 on; VyOS 1.2 and 1.3 call it required.',
  mend: 'Add the interface that holds the local-address, or take the list away.',
  sources: [
    vyos('data/templates/ipsec/interfaces_use.conf.j2'),
    strongswan('src/libcharon/network/receiver.c'),
  ],
  bad: {
    b: "set protocols static route 0.0.0.0/0 next-hop 198.51.100.254\nset interfaces ethernet eth9 address '10.2.0.1/24'\nset interfaces ethernet eth0 address '198.51.100.1/24'\nset vpn ipsec interface 'eth9'",
  },
  good: {
    b: "set protocols static route 0.0.0.0/0 next-hop 198.51.100.254\nset interfaces ethernet eth9 address '10.2.0.1/24'\nset interfaces ethernet eth0 address '198.51.100.1/24'\nset vpn ipsec interface 'eth0'",
  },
  check,
  checkAlone,
};
