import type { Location, Problem } from '../lint/finding.ts';
import type { LinkRule } from '../lint/rule.ts';
import type { Link, LoneEnd } from '../pairing/link.ts';
import { setCommand } from '../vyos/command.ts';
import { deciderOf } from '../vyos/packets/decider.ts';
import { type InterfaceList, lacksInterfaceList, listAgainst } from './interface-list.ts';
import { locate, locateLeaf, locatePeer, peerPath } from './location.ts';
import { mendOf } from './mend.ts';
import { droppedAt, evidenceOf, isNonEmpty } from './occurrence.ts';
import { strongswan, vyos } from './sources.ts';

function* check(link: Link): Iterable<Problem> {
  for (const end of [link.a, link.b]) {
    yield* missing(end);
    const occurrences = droppedAt(link, end, 'interface-list');
    if (!isNonEmpty(occurrences)) continue;
    const { dropped } = occurrences[0].failure.detail ?? {};
    const list = dropped && deciderOf('interface-list', dropped.obstacle);
    if (!list) continue;
    yield {
      ...problemOf(list, end),
      consequence: `${end.name} ignores what comes in for ${list.holder} without a word in its log: it neither answers nor hears an answer.`,
      ...evidenceOf(occurrences),
    };
  }
}

function* checkAlone(end: LoneEnd): Iterable<Problem> {
  yield* missing(end);
  const list = listAgainst(end);
  if (!list) return;
  yield {
    ...problemOf(list, end),
    consequence: `The daemon ignores what comes in for ${list.holder} without a word in its log: this side neither answers nor hears an answer.`,
  };
}

function problemOf({ holder, listed }: InterfaceList, end: LoneEnd) {
  const { site, section } = end;
  const [own] = section?.local_addrs ?? [];
  return {
    message: `The list vpn ipsec interface leaves out ${holder}, the interface of peer ${peerPath(end).at(-1)}`,
    locations: [
      own ? locateLeaf(site, own, `on ${holder}`) : locatePeer(end, `on ${holder}`),
      ...listed.map((each): Location => locate(site, each)),
    ] as const,
    fix: mendOf(site, [setCommand(listed[0].path, holder)]),
  };
}

/** 1.2 and 1.3 say that it is required, and run without it. Told of the first peer alone. */
function* missing(end: LoneEnd): Iterable<Problem> {
  if (!lacksInterfaceList(end)) return;
  yield {
    message: `VyOS ${end.release} wants vpn ipsec ipsec-interfaces interface, and it is not set`,
    consequence:
      'strongSwan then listens on every interface. VyOS calls the setting required, and warns at each commit.',
    locations: [locatePeer(end, 'no ipsec-interfaces')],
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
