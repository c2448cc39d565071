/** Packets through a tunnel that stands: from inside its selectors, and from outside them. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Address, addressBits, addressFromBits, familyOf, parseAddress } from '../../src/ike/address.ts';
import type { Router } from './laboratory.ts';
import { type ChildSa, childSas, listSas } from './security-associations.ts';
import type { Packet } from './sender.ts';

/** A selector as charon prints it, read back. Protocol 0 is any. */
interface Selector {
  readonly from: bigint;
  readonly to: bigint;
  readonly family: 4 | 6;
  readonly protocol: string;
  readonly fromPort: number;
  readonly toPort: number;
}

function parseSelector(text: string): Selector | undefined {
  const [, range = '', inner] = /^([^[]*)(?:\[(.*)\])?$/.exec(text) ?? [];
  const [protocol = '0', ports] = (inner ?? '0').split('/');
  const [first, last] = (ports ?? '0-65535').split('-');
  const between = { protocol, fromPort: Number(first), toPort: Number(last ?? first) };
  const [from, to] = range.split('..').map((part) => parseAddress(part));
  if (from && to) return { family: familyOf(from), from: addressBits(from), to: addressBits(to), ...between };
  const [head = '', length] = range.split('/');
  const address = parseAddress(head);
  if (!address) return undefined;
  const family = familyOf(address);
  const host = BigInt((family === 4 ? 32 : 128) - Number(length));
  const network = (addressBits(address) >> host) << host;
  return { family, from: network, to: network + (1n << host) - 1n, ...between };
}

function contains(selector: Selector, address: Address): boolean {
  const bits = addressBits(address);
  return familyOf(address) === selector.family && selector.from <= bits && bits <= selector.to;
}

/** An address that a host of the range can have. */
function hostIn({ family, from, to }: Selector): Address {
  const far = from + 77n;
  return addressFromBits(family, far <= to ? far : to);
}

function portIn({ fromPort, toPort }: Selector, preferred: number): number {
  return fromPort <= preferred && preferred <= toPort ? preferred : toPort;
}

const protocols: Readonly<Record<string, Packet['protocol']>> = { 0: 'udp', udp: 'udp', tcp: 'tcp' };

/** `in`: what the child's selectors take. `out`: what they do not, though one end's addresses may. */
interface Probes {
  readonly inside: Packet | undefined;
  readonly outside: Packet | undefined;
}

function probesFor(initiator: Router, responder: Router, child: ChildSa): Probes {
  const locals = child.localSelectors.flatMap((text) => parseSelector(text) ?? []);
  const remotes = child.remoteSelectors.flatMap((text) => parseSelector(text) ?? []);
  const own = initiator.addresses();
  const theirs = responder.addresses();
  for (const local of locals) {
    for (const remote of remotes) {
      const protocol = local.protocol === '0' ? remote.protocol : local.protocol;
      const source = own.find((address) => contains(local, address));
      const sendAs = protocols[protocol];
      if (local.family !== remote.family || !source || !sendAs) continue;
      // What both routers have would not leave the one that sends it.
      const away = (address: Address) => !own.includes(address);
      const there = theirs.find((address) => away(address) && contains(remote, address));
      const destination = there ?? hostIn(remote);
      if (!away(destination)) continue;
      const packet: Packet = {
        protocol: sendAs,
        source,
        sourcePort: portIn(local, 40000),
        destination,
        destinationPort: portIn(remote, 40001),
      };
      const family = (address: Address) => familyOf(address) === local.family;
      const otherSource = own.find(
        (address) => family(address) && !locals.some((selector) => contains(selector, address)),
      );
      const otherDestination = theirs.find(
        (address) =>
          family(address) && away(address) && !remotes.some((selector) => contains(selector, address)),
      );
      const otherPort = remotes.every(({ fromPort, toPort }) => fromPort === toPort) ? 40002 : undefined;
      const outside: Packet | undefined = otherSource
        ? { ...packet, source: otherSource }
        : otherDestination
          ? { ...packet, destination: otherDestination }
          : otherPort
            ? { ...packet, destinationPort: otherPort }
            : undefined;
      return { inside: packet, outside };
    }
  }
  return { inside: undefined, outside: undefined };
}

async function count(router: Router, way: 'packetsIn' | 'packetsOut'): Promise<number> {
  return childSas(await listSas(router.vici)).reduce((sum, child) => sum + child[way], 0);
}

/** What went wrong with the packets, as sentences. A protocol other than UDP and TCP is not tried. */
export async function checkTraffic(
  initiator: Router,
  responder: Router,
  child: ChildSa,
): Promise<readonly string[]> {
  const { inside, outside } = probesFor(initiator, responder, child);
  const faults: string[] = [];
  if (inside) {
    const before = await count(responder, 'packetsIn');
    const answer = await initiator.sender.send(inside);
    let passed = false;
    // At most 300 milliseconds; a packet on a link of this machine takes none.
    for (let tries = 0; tries < 60 && !passed; tries += 1) {
      await sleep(tries === 0 ? 1 : 5);
      passed = (await count(responder, 'packetsIn')) > before;
    }
    if (!passed) faults.push(`${describe(inside)} (${answer}) is within the selectors and did not pass`);
  }
  if (outside) {
    const before = await count(initiator, 'packetsOut');
    await initiator.sender.send(outside);
    await sleep(5);
    const after = await count(initiator, 'packetsOut');
    if (after > before) faults.push(`${describe(outside)} is outside the selectors and was encrypted`);
  }
  return faults;
}

function describe({ protocol, source, sourcePort, destination, destinationPort }: Packet): string {
  return `${protocol} ${source} port ${sourcePort} to ${destination} port ${destinationPort}`;
}
