/**
 * Random networks of VyOS routers and of others that are not among the dumps, with the truth of who faces whom: every
 * release, static and dynamic addresses, NAT, several peers between the same sites, keys of one peer and of all.
 */
import fc from 'fast-check';
import { printCommand } from '../../grammar/index.ts';
import type { Release } from '../../src/vyos/schema/index.ts';

interface SiteDraw {
  readonly release: Release;
  /** How its address is known: on an interface, by a NAT before it, or to nobody. */
  readonly reach: 'static' | 'nat' | 'dynamic';
  /** Whether the user tells the public address of the NAT. */
  readonly told: boolean;
}

interface TunnelDraw {
  readonly style: 'policy' | 'vti' | 'numbered-vti';
  readonly keyExchange: 'ikev1' | 'ikev2';
  /** `each` names both ends, `remote` only in the remote-id, `none` leaves it to the addresses. */
  readonly ids: 'each' | 'none';
  readonly companyKey: boolean;
}

interface LinkDraw extends TunnelDraw {
  readonly from: number;
  readonly to: number;
}

interface ThirdDraw extends TunnelDraw {
  readonly site: number;
  /** Which third party: several sites may have the same one. */
  readonly party: number;
  readonly dynamic: boolean;
}

/** What is wrong at the first end of a link. */
interface FaultDraw {
  readonly link: number;
  readonly what: 'remote' | 'key' | 'remote-id';
}

export interface NetworkDraw {
  readonly sites: readonly SiteDraw[];
  readonly links: readonly LinkDraw[];
  readonly thirds: readonly ThirdDraw[];
  readonly faults: readonly FaultDraw[];
}

/** One end of a tunnel as a router has it configured. */
export interface PeerTruth {
  readonly site: number;
  readonly name: string;
  /** Undefined where it has no fixed one, or a NAT gives it. */
  readonly local: string | undefined;
  /** Undefined for anybody. */
  readonly remote: string | undefined;
  readonly localId: string | undefined;
  readonly remoteId: string | undefined;
  readonly key: string;
  readonly draw: TunnelDraw;
  readonly prefixes: readonly [local: string, remote: string] | undefined;
  readonly vtiAddress: string | undefined;
  readonly vti: string;
}

/** The link of two ends, or an end whose other one is not among the dumps. */
export type Truth =
  | { readonly kind: 'link'; readonly ends: readonly [PeerTruth, PeerTruth] }
  | { readonly kind: 'third'; readonly end: PeerTruth };

export interface NetworkTruth {
  readonly draw: NetworkDraw;
  readonly dumps: readonly string[];
  readonly publicAddresses: readonly (string | undefined)[];
  readonly truths: readonly Truth[];
}

const releases: readonly Release[] = ['1.2', '1.3', '1.4', '1.5'];

const tunnel = {
  style: fc.constantFrom('policy', 'vti', 'numbered-vti'),
  keyExchange: fc.constantFrom('ikev2', 'ikev1'),
  ids: fc.constantFrom('each', 'none'),
  companyKey: fc.boolean(),
} as const;

/** Three to eight sites; with `faults` one or two ends of links are mistaken. */
export const arbitraryNetwork = (faults: boolean): fc.Arbitrary<NetworkTruth> =>
  fc
    .record({
      faults: fc.array(
        fc.record({ link: fc.nat(11), what: fc.constantFrom('remote', 'key', 'remote-id') }),
        faults ? { minLength: 1, maxLength: 2 } : { maxLength: 0 },
      ),
      sites: fc.array(
        fc.record({
          release: fc.constantFrom(...releases),
          reach: fc.constantFrom('static', 'static', 'nat', 'dynamic'),
          told: fc.boolean(),
        }),
        { minLength: 3, maxLength: 8 },
      ),
      links: fc.array(fc.record({ from: fc.nat(7), to: fc.nat(7), ...tunnel }), {
        minLength: 2,
        maxLength: 12,
      }),
      thirds: fc.array(fc.record({ site: fc.nat(7), party: fc.nat(3), dynamic: fc.boolean(), ...tunnel }), {
        maxLength: 8,
      }),
    })
    .map((draw) => networkOf(draw as NetworkDraw));

const outsideOf = (site: number) => `203.0.113.${site + 1}`;
const insideOf = (site: number) => `192.168.${site}.2`;
const partyAddress = (party: number) => `198.51.100.${party + 1}`;
const company = 'one key for all of the company, 7Qm';

function isOld(release: Release): boolean {
  return release === '1.2' || release === '1.3';
}

function networkOf(draw: NetworkDraw): NetworkTruth {
  const { sites } = draw;
  const truths: Truth[] = [];
  const used = new Set<string>();
  for (const [index, link] of draw.links.entries()) {
    const [a, b] = [link.from % sites.length, link.to % sites.length].toSorted((x, y) => x - y) as [
      number,
      number,
    ];
    const truth = linkOf(draw, link, [a, b], index);
    if (!truth) continue;
    const marks = truth.map((end) => markOf(end, sites));
    if (marks.some((mark) => used.has(mark))) continue;
    for (const mark of marks) used.add(mark);
    truths.push({ kind: 'link', ends: [mistaken(truth[0], draw.faults, index), truth[1]] });
  }
  for (const [index, third] of draw.thirds.entries()) {
    const end = thirdOf(draw, third, draw.links.length + index);
    const mark = markOf(end, sites);
    if (used.has(mark)) continue;
    used.add(mark);
    truths.push({ kind: 'third', end });
  }
  const dumps = sites.map((site, index) =>
    dumpOf(
      site,
      index,
      endsOf(truths).filter((end) => end.site === index),
    ),
  );
  const publicAddresses = sites.map(({ reach, told }, index) =>
    reach === 'nat' && told ? outsideOf(index) : undefined,
  );
  return { draw, dumps, publicAddresses, truths };
}

/** What a router has once: before 1.4 a peer is named by what it initiates to, and later by whatever the user likes. */
function markOf(end: PeerTruth, sites: readonly SiteDraw[]): string {
  return JSON.stringify([end.site, nameOf(end, sites[end.site]?.release ?? '1.4')]);
}

export function endsOf(truths: readonly Truth[]): readonly PeerTruth[] {
  return truths.flatMap((truth) => (truth.kind === 'link' ? truth.ends : [truth.end]));
}

function linkOf(
  { sites }: NetworkDraw,
  draw: LinkDraw,
  [a, b]: readonly [number, number],
  index: number,
): readonly [PeerTruth, PeerTruth] | undefined {
  const [one, other] = [sites[a], sites[b]];
  if (a === b || !one || !other || (one.reach === 'dynamic' && other.reach === 'dynamic')) return undefined;
  // Behind a NAT an address is no identity that the other end could expect, and DHCP's is known to nobody.
  const named = draw.ids === 'each' || one.reach === 'nat' || other.reach === 'nat';
  const idOf = (site: number) => (named ? `gw${site}-${index}.example.net` : undefined);
  const end = (own: number, facing: number): PeerTruth => ({
    site: own,
    name: `P${index}`,
    local: localOf(sites[own] as SiteDraw, own),
    remote: sites[facing]?.reach === 'dynamic' ? undefined : outsideOf(facing),
    localId: idOf(own),
    remoteId: idOf(facing),
    key: draw.companyKey ? company : `the key of link ${index}, 3xT`,
    draw,
    prefixes: prefixesOf(draw, index, own < facing),
    vtiAddress: vtiAddressOf(draw, index, own < facing ? 1 : 2),
    vti: `vti${index}`,
  });
  return [end(a, b), end(b, a)];
}

function mistaken(end: PeerTruth, faults: readonly FaultDraw[], index: number): PeerTruth {
  const fault = faults.find(({ link }) => link === index);
  if (fault === undefined) return end;
  if (fault.what === 'key') return { ...end, key: `${end.key} mistyped` };
  if (fault.what === 'remote-id') return { ...end, remoteId: `typo${index}.example.net` };
  return end.remote === undefined ? end : { ...end, remote: `192.0.2.${index + 1}` };
}

function thirdOf({ sites }: NetworkDraw, draw: ThirdDraw, index: number): PeerTruth {
  const site = draw.site % sites.length;
  const own = sites[site] as SiteDraw;
  const isDynamic = draw.dynamic && own.reach !== 'dynamic';
  const named = draw.ids === 'each';
  return {
    site,
    name: `P${index}`,
    local: localOf(own, site),
    remote: isDynamic ? undefined : partyAddress(draw.party),
    localId: named ? `gw${site}-${index}.example.net` : undefined,
    remoteId: named ? `party${draw.party}.example.org` : undefined,
    key: draw.companyKey ? company : `the key of party ${draw.party}, 9wR`,
    draw,
    prefixes:
      draw.style === 'policy' ? [`10.${100 + site}.${index}.0/24`, `172.16.${draw.party}.0/24`] : undefined,
    vtiAddress: vtiAddressOf(draw, index, 2),
    vti: `vti${index}`,
  };
}

function localOf({ reach }: SiteDraw, site: number): string | undefined {
  return reach === 'static' ? outsideOf(site) : reach === 'nat' ? insideOf(site) : undefined;
}

function prefixesOf({ style }: TunnelDraw, index: number, isFirst: boolean): PeerTruth['prefixes'] {
  const nets = [`10.${index}.1.0/24`, `10.${index}.2.0/24`] as const;
  return style !== 'policy' ? undefined : isFirst ? nets : [nets[1], nets[0]];
}

function vtiAddressOf({ style }: TunnelDraw, index: number, host: number): string | undefined {
  return style === 'numbered-vti' ? `169.254.${index}.${host}/30` : undefined;
}

function dumpOf(site: SiteDraw, index: number, ends: readonly PeerTruth[]): string {
  const lines: string[] = [];
  const set = (path: string, value?: string) =>
    lines.push(
      printCommand({
        verb: 'set',
        path: [
          ...path.split(' ').map((text) => ({ text, quoted: false })),
          ...(value === undefined ? [] : [{ text: value, quoted: true }]),
        ],
      }),
    );
  const address =
    site.reach === 'dynamic' ? 'dhcp' : `${site.reach === 'nat' ? insideOf(index) : outsideOf(index)}/24`;
  set('interfaces ethernet eth0 address', address);
  set('vpn ipsec esp-group E proposal 1 encryption', 'aes256');
  set('vpn ipsec esp-group E proposal 1 hash', 'sha256');
  for (const version of ['ikev1', 'ikev2']) {
    set(`vpn ipsec ike-group ${version} key-exchange`, version);
    set(`vpn ipsec ike-group ${version} proposal 1 dh-group`, '14');
    set(`vpn ipsec ike-group ${version} proposal 1 encryption`, 'aes256');
    set(`vpn ipsec ike-group ${version} proposal 1 hash`, 'sha256');
  }
  if (isOld(site.release)) set('vpn ipsec ipsec-interfaces interface', 'eth0');
  else set('vpn ipsec interface', 'eth0');
  for (const end of ends) {
    if (end.vtiAddress !== undefined) set(`interfaces vti ${end.vti} address`, end.vtiAddress);
    else if (end.draw.style !== 'policy') set(`interfaces vti ${end.vti}`);
    const name = nameOf(end, site.release);
    const peer = `vpn ipsec site-to-site peer ${name}`;
    set(`${peer} authentication mode`, 'pre-shared-secret');
    if (isOld(site.release)) {
      set(`${peer} authentication pre-shared-secret`, end.key);
      if (end.localId !== undefined) set(`${peer} authentication id`, `@${end.localId}`);
      if (end.remoteId !== undefined && !name.startsWith('@'))
        set(`${peer} authentication remote-id`, `@${end.remoteId}`);
    } else {
      const psk = `vpn ipsec authentication psk ${end.name}`;
      const ids = [end.localId ?? end.local, end.remoteId ?? end.remote].flatMap((id) => id ?? []);
      for (const id of new Set(ids)) set(`${psk} id`, id);
      set(`${psk} secret`, end.key);
      set(`${peer} remote-address`, end.remote ?? 'any');
      if (end.localId !== undefined) set(`${peer} authentication local-id`, end.localId);
      if (end.remoteId !== undefined) set(`${peer} authentication remote-id`, end.remoteId);
    }
    set(`${peer} ike-group`, end.draw.keyExchange);
    set(`${peer} default-esp-group`, 'E');
    if (end.local === undefined) set(`${peer} dhcp-interface`, 'eth0');
    else set(`${peer} local-address`, end.local);
    if (end.prefixes) {
      set(`${peer} tunnel 1 local prefix`, end.prefixes[0]);
      set(`${peer} tunnel 1 remote prefix`, end.prefixes[1]);
    } else set(`${peer} vti bind`, end.vti);
  }
  return `${lines.join('\n')}\n`;
}

/** What a peer is called in its router's dump: by its address or identity before 1.4. */
export function nameOf({ name, remote, remoteId }: PeerTruth, release: Release): string {
  if (!isOld(release)) return name;
  return remote ?? (remoteId === undefined ? 'any' : `@${remoteId}`);
}
