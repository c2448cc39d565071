import { parseAddress } from '../ike/address.ts';
import type { Location, Problem } from '../lint/finding.ts';
import type { SiteRule } from '../lint/rule.ts';
import type { LoadedSite } from '../strongswan/load-site.ts';
import { setCommand } from '../vyos/command.ts';
import { isAtLeast, isMasked } from '../vyos/schema/index.ts';
import { type Setting, settingsAt } from '../vyos/setting.ts';
import type { Peer, Site } from '../vyos/site.ts';
import { activeSources } from './groups-in-use.ts';
import { locate, locateNode } from './location.ts';
import { mendOf } from './mend.ts';
import { holdersOf, isVirtual } from './own-addresses.ts';
import { strongswan, vyos } from './sources.ts';

function* check(loaded: LoadedSite, index: number): Iterable<Problem> {
  const { site } = loaded;
  const listed = interfacesOf(site);
  const [first, ...others] = listed.map((each): Location => locate(index, each));
  const peers = activeSources(loaded).map(({ peer }) => peer);
  if (!first) {
    yield* missing(site, index, peers);
    return;
  }
  const names = new Set(listed.map(({ value }) => value));
  const told = new Set<string>();
  for (const peer of peers) {
    const holder = holderOf(site, peer);
    const setting = peer.dhcpInterface ?? peer.localAddress;
    if (holder === undefined || !setting || names.has(holder) || told.has(holder)) continue;
    told.add(holder);
    yield {
      message: `Peer ${peer.name} is called on ${holder}, which vpn ipsec interface does not name`,
      consequence: `The daemon drops what comes in on ${holder} without a word in its log: this side neither answers nor hears an answer.`,
      locations: [locate(index, setting, `on ${holder}`), first, ...others],
      fix: mendOf(index, [setCommand(listed[0]?.path ?? [], holder)]),
    };
  }
}

/** `vpn ipsec interface`, or `ipsec-interfaces interface` until 1.3. */
function interfacesOf({ tree }: Site): readonly Setting<string>[] {
  return [['interface'], ['ipsec-interfaces', 'interface']].flatMap((names) =>
    settingsAt(tree, 'vpn', 'ipsec', ...names),
  );
}

/** The interface at which a peer is called; undefined where the dump does not tell, or tells of several. */
function holderOf(site: Site, { localAddress, dhcpInterface }: Peer): string | undefined {
  if (dhcpInterface) return isMasked(dhcpInterface.value) ? undefined : dhcpInterface.value;
  const address = parseAddress(localAddress?.value ?? '');
  if (!address || isVirtual(site, address)) return undefined;
  const [holder, ...more] = holdersOf(site, address);
  return more.length === 0 ? holder : undefined;
}

/** 1.2 and 1.3 say that it is required, and run without it. */
function* missing(site: Site, index: number, [peer]: readonly Peer[]): Iterable<Problem> {
  if (isAtLeast(site.release, '1.4') || !peer) return;
  yield {
    message: `VyOS ${site.release} wants vpn ipsec ipsec-interfaces interface, and it is not set`,
    consequence:
      'strongSwan then listens on every interface. VyOS calls the setting required, and warns at each commit.',
    locations: [locateNode(index, peer, 'no ipsec-interfaces')],
    severity: 'warning',
  };
}

export const ipsecInterfaceUnfit: SiteRule = {
  id: 'ipsec-interface-unfit',
  scope: 'site',
  summary: 'The list vpn ipsec interface leaves out the interface of a peer.',
  severity: 'error',
  notify: null,
  why:
    'The node vpn ipsec interface is the list of the interfaces on which charon takes packets. On every other one it ignores them, ' +
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
};
