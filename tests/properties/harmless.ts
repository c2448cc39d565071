/**
 * Harmless (docs/architecture.md): whatever a plan or an alternative of a finding types, it is whole, gives a side
 * nothing that its counterpart does not have, does to no packet but the tunnel's and the peer's anything else than before,
 * and leaves every link as good as it was.
 */
import { deepStrictEqual } from 'node:assert';
import fc from 'fast-check';
import { readSetDump } from '../../grammar/index.ts';
import { namesOne } from '../../src/ike/identity.ts';
import { isContainedIn, protocolNumber, type TrafficSelector } from '../../src/ike/traffic-selector.ts';
import type { Transform } from '../../src/ike/transform.ts';
import { strengthOf } from '../../src/ike/transform.ts';
import { type Fix, fix, type Input, lint, type Plan } from '../../src/index.ts';
import type { Report } from '../../src/lint/report.ts';
import { type Link, linkSites } from '../../src/pairing/link.ts';
import { sourceFile } from '../../src/source/index.ts';
import { identityOf } from '../../src/strongswan/identity.ts';
import type { LoadedSite } from '../../src/strongswan/load-site.ts';
import { readSite } from '../../src/vyos/read-site.ts';
import type { Tunnel } from '../../src/vyos/site.ts';
import { guardedNetwork } from '../arbitrary/guarded.ts';
import { fateOf, isIn, type Packet } from './packet-fate.ts';

/** Commands on sites, in their order; what they replace is taken out. */
type Edits = readonly Pick<Fix, 'site' | 'commands' | 'replaces'>[];

function typed(inputs: readonly Input[], edits: Edits): readonly Input[] {
  return inputs.map((input, site) => {
    const own = edits.filter((edit) => edit.site === site);
    const gone = new Map(own.flatMap(({ replaces = [] }) => replaces.map((place) => [place.start, place])));
    const kept = [...gone.values()]
      .toSorted((one, other) => other.start - one.start)
      .reduce((text, { start, end }) => text.slice(0, start) + text.slice(end), input.text);
    return { ...input, text: `${kept}\n${own.flatMap(({ commands }) => commands).join('\n')}\n` };
  });
}

function networkOf(inputs: readonly Input[]) {
  return linkSites(inputs.map(({ file, text }) => readSite(file, readSetDump(sourceFile(file, text)))));
}

type Network = ReturnType<typeof networkOf>;

/**
 * An alternative that a finding offers, or all of its commands where all are needed. What a person has to complete VyOS
 * does not commit before.
 */
function alternativesOf(report: Report): readonly Edits[] {
  return report.findings.flatMap(({ fix: fixes, fixAll }): readonly Edits[] =>
    fixes.length === 0 || fixes.some(({ partial }) => partial)
      ? []
      : fixAll
        ? [fixes]
        : fixes.map((one) => [one]),
  );
}

function editsOf({ sites }: Plan): Edits {
  return sites.flatMap(({ steps }, site) =>
    steps.map(({ command, replaces }) => ({ site, commands: [command], replaces })),
  );
}

// (a) whole

/** Commands of a plan that stand for one of the alternatives of a finding of the report, without a part of it. */
function cutShort(report: Report, { sites }: Plan): readonly string[] {
  return report.findings.flatMap((finding) => {
    const { ruleId, message, link } = finding;
    const ends = link === null ? null : report.links[link];
    const own = sites.flatMap(({ steps }, site) =>
      steps
        .filter(
          ({ mends }) =>
            mends.ruleId === ruleId &&
            mends.message === message &&
            JSON.stringify(mends.link) === JSON.stringify(ends ? { a: ends.a, b: ends.b } : null),
        )
        .map(({ command, words }) => ({ site, command, words })),
    );
    if (own.length === 0) return [];
    const all = sites.flatMap(({ steps }, site) => steps.map(({ words }) => ({ site, words })));
    const isDone = (site: number, command: string) =>
      own.some((step) => step.site === site && step.command === command) ||
      // Set anew, or deleted, by another step.
      all.some((step) => step.site === site && command.includes(` ${step.words.slice(0, -1).join(' ')}`));
    const ways = finding.fixAll ? [finding.fix] : finding.fix.map((one) => [one]);
    const isOneOf = ways.some((way) => {
      const commands = way.flatMap((one) => one.commands.map((command) => ({ site: one.site, command })));
      const isPart = own.every((step) =>
        commands.some(({ site, command }) => site === step.site && command === step.command),
      );
      return isPart && commands.every(({ site, command }) => isDone(site, command));
    });
    const isOffered = ways.some((way) =>
      own.every((step) => way.some((one) => one.site === step.site && one.commands.includes(step.command))),
    );
    return isOffered && !isOneOf ? [`${ruleId}: ${own.map(({ command }) => command).join('; ')}`] : [];
  });
}

// (b) nothing beyond the counterpart

function beyond(before: Network, after: Network): readonly string[] {
  return after.sites.flatMap((now, site) => {
    const old = before.sites[site];
    if (!old || old.site.file.text === now.site.file.text) return [];
    return [...identitiesBeyond(old, now), ...ofConnections(old, now, before, site)];
  });
}

function identitiesBeyond({ site: old }: LoadedSite, { site: now }: LoadedSite): readonly string[] {
  const idsOf = ({ peers, psks }: LoadedSite['site']) => [
    ...peers.flatMap(({ name, authentication: { localId, remoteId } }) => [
      ...(localId ? [`local-id of ${name}: ${localId.value}`] : []),
      ...(remoteId.origin.kind === 'set' ? [`remote-id of ${name}: ${remoteId.value}`] : []),
    ]),
    ...psks.flatMap(({ name, ids }) => ids.map(({ value }) => `id of psk ${name}: ${value}`)),
  ];
  const were = new Set(idsOf(old));
  return idsOf(now).filter(
    (text) => !were.has(text) && !namesOne(identityOf(text.slice(text.indexOf(': ') + 2))),
  );
}

function ofConnections(
  { daemon: old }: LoadedSite,
  { daemon: now }: LoadedSite,
  before: Network,
  site: number,
): readonly string[] {
  return now.connections.flatMap((connection) => {
    const was = old.connections.find(({ name }) => name === connection.name);
    const facing = before.links.flatMap(({ a, b }) =>
      [
        [a, b],
        [b, a],
      ].flatMap(([own, other]) =>
        own?.site === site && own.source.connection === connection.name && other ? [other] : [],
      ),
    );
    const faults: string[] = [];
    const isOpen = ({ remoteHosts }: typeof connection) => remoteHosts.some(({ kind }) => kind === 'any');
    if (isOpen(connection) && was && !isOpen(was)) faults.push(`${connection.name}: from any address`);
    if (was && was.local.method !== 'psk' && connection.local.method === 'psk')
      faults.push(`${connection.name}: a secret in the place of a key`);
    if (was && was.version !== 1 && connection.version === 1) faults.push(`${connection.name}: IKEv1`);
    for (const child of connection.children) {
      const own = was?.children.find(({ name }) => name === child.name);
      const pairs = pairsOf(child);
      const allowed = [
        ...(own ? pairsOf(own) : []),
        ...facing.flatMap(({ connection: other }) =>
          (other?.children ?? []).flatMap((each) =>
            pairsOf(each).map(({ local, remote }) => ({ local: remote, remote: local })),
          ),
        ),
      ];
      // What is not loaded before has no pairs of its own.
      if (was) {
        const wide = pairs.filter(
          (pair) =>
            !allowed.some((one) => isWithin(pair.local, one.local) && isWithin(pair.remote, one.remote)),
        );
        if (wide.length > 0 && facing.length > 0)
          faults.push(`${connection.name} ${child.name}: wider selectors`);
      }
      if (own) {
        faults.push(
          ...weaker(own.proposals, child.proposals).map(
            (each) => `${connection.name} ${child.name}: ${each}`,
          ),
        );
      }
    }
    if (was)
      faults.push(
        ...weaker(was.proposals, connection.proposals).map((each) => `${connection.name}: ${each}`),
      );
    return faults;
  });
}

type Child = LoadedSite['daemon']['connections'][number]['children'][number];
type Selector = Child['localSelectors'][number];

function pairsOf({ localSelectors, remoteSelectors }: Child) {
  return localSelectors.flatMap((local) => remoteSelectors.map((remote) => ({ local, remote })));
}

function isWithin(one: Selector, other: Selector): boolean {
  const [inner, outer] = [one, other].map((each) =>
    'family' in each ? (each as TrafficSelector) : undefined,
  );
  if (inner && outer) return isContainedIn(inner, outer);
  const text = (each: Selector) =>
    JSON.stringify(each, (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value));
  // One that follows the addresses of the ends stands for a router alone.
  return text(one) === text(other) || !inner || (!outer && inner.from === inner.to);
}

const types = [
  'ENCRYPTION_ALGORITHM',
  'INTEGRITY_ALGORITHM',
  'PSEUDO_RANDOM_FUNCTION',
  'KEY_EXCHANGE_METHOD',
] as const;

/** The weakest transform of each type; none at all is the weakest of all. */
function weaker(
  before: readonly { readonly transforms: readonly Transform[] }[],
  after: readonly { readonly transforms: readonly Transform[] }[],
): readonly string[] {
  const weakest = (proposals: typeof before, type: Transform['type']) =>
    Math.min(
      ...proposals.map(({ transforms }) => {
        const own = transforms.filter((each) => each.type === type);
        return own.length === 0 ? -1 : Math.min(...own.map(strengthOf));
      }),
    );
  return types.filter((type) => {
    const [was, is] = [weakest(before, type), weakest(after, type)];
    // An AEAD cipher has no integrity of its own.
    return is < was && !(is === -1 && type === 'INTEGRITY_ALGORITHM');
  });
}

// (c) packets

const addresses = [
  '10.10.0.7',
  '10.10.0.130',
  '10.10.1.9',
  '10.10.0.1',
  '10.20.0.9',
  '10.20.0.130',
  '10.20.1.9',
  '10.20.0.1',
  '10.30.0.9',
  '10.99.0.9',
  '10.10.0.250',
  '203.0.113.1',
  '203.0.113.2',
  '198.51.100.1',
  '198.51.100.2',
  '192.0.2.50',
  '192.0.2.77',
  '192.0.2.200',
  '8.8.8.8',
] as const;

const interfaces = ['eth0', 'eth1', 'eth2', 'vti1'] as const;

const packet: fc.Arbitrary<Packet> = fc.record({
  hook: fc.constantFrom('input', 'forward'),
  source: fc.constantFrom(...addresses),
  destination: fc.constantFrom(...addresses),
  protocol: fc.constantFrom('udp', 'udp', 'udp', 'tcp', 'tcp', 'icmp', 'esp', 'gre'),
  sourcePort: fc.constantFrom(500, 4500, 53, 443, 40_000),
  destinationPort: fc.constantFrom(500, 4500, 53, 443, 8080),
  state: fc.constantFrom('new', 'established'),
  inbound: fc.constantFrom(...interfaces),
  outbound: fc.constantFrom(...interfaces),
  decrypted: fc.constantFrom(false, false, false, true),
});

/** Whether a packet is a tunnel's, or IKE or ESP of a peer. */
function isOwn(sites: readonly LoadedSite[], each: Packet): boolean {
  return sites.some(({ site }) => {
    const isTunnels = site.peers.some(({ tunnels }) =>
      tunnels.some((tunnel) => isOf(tunnel, each) || (each.decrypted && isOf(tunnel, turnedRound(each)))),
    );
    const vtis = site.peers.flatMap(({ vti }) => vti?.bind?.value ?? []);
    if (vtis.includes(each.inbound) || (each.hook === 'forward' && vtis.includes(each.outbound))) return true;
    const isIke =
      each.protocol === 'esp' || (each.protocol === 'udp' && [500, 4500].includes(each.destinationPort));
    const isPeers = site.peers.some(
      ({ remoteAddresses }) =>
        remoteAddresses.length === 0 ||
        remoteAddresses.some(({ value }) => value === 'any' || value === each.source),
    );
    return (isTunnels && each.hook === 'forward') || (isIke && isPeers);
  });
}

/** Whether a packet goes from the local to the remote side of a tunnel, as it is written. */
function isOf({ localPrefixes, remotePrefixes, protocol, localPort, remotePort }: Tunnel, each: Packet) {
  const isAmong = (prefixes: Tunnel['localPrefixes'], address: string) =>
    prefixes.some(({ value }) => value === 'any' || (!value.includes(':') && isIn(value, address)));
  const number = protocol && protocolNumber(protocol.value);
  return (
    isAmong(localPrefixes, each.source) &&
    isAmong(remotePrefixes, each.destination) &&
    (!number || number === protocolNumber(each.protocol)) &&
    (!localPort || Number(localPort.value) === each.sourcePort) &&
    (!remotePort || Number(remotePort.value) === each.destinationPort)
  );
}

function turnedRound(each: Packet): Packet {
  return {
    ...each,
    source: each.destination,
    destination: each.source,
    sourcePort: each.destinationPort,
    destinationPort: each.sourcePort,
  };
}

function strangersTouched(before: Network, after: Network, packets: readonly Packet[]): readonly unknown[] {
  return after.sites.flatMap((now, index) => {
    const old = before.sites[index];
    if (!old || old.site.file.text === now.site.file.text) return [];
    return packets
      .filter((each) => !isOwn([old, now], each))
      .map((each) => ({ each, was: fateOf(old.site, each), is: fateOf(now.site, each) }))
      .filter(({ was, is }) => JSON.stringify(was) !== JSON.stringify(is));
  });
}

// (d) links

function nameOf({ a, b }: Link): string {
  return `${a.site} ${a.source.peer.name} ${b.site} ${b.source.peer.name}`;
}

/** `mended`: the link that an alternative is about; `uncovers`: it brings up what was down, and what stands behind that is no harm. */
function worse(
  before: Network,
  after: Network,
  reports: readonly [Report, Report],
  { mended, uncovers }: { readonly mended: number | null; readonly uncovers: boolean },
): readonly string[] {
  const counts = ({ findings }: Report, link: number) =>
    (['error', 'warning'] as const).map(
      (severity) => findings.filter((each) => each.link === link && each.severity === severity).length,
    );
  const links = new Map(after.links.map((link, index) => [nameOf(link), counts(reports[1], index)]));
  // How many, for what one rule of NAT no longer catches may come to the next.
  const errorsOfSites = ({ findings }: Report) => {
    const all = findings.filter(({ link, severity }) => link === null && severity === 'error');
    const counts = new Map<string, number>();
    for (const { ruleId, locations } of all) {
      const name = `${ruleId} of ${locations[0].site}`;
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    return counts;
  };
  const were = errorsOfSites(reports[0]);
  const ofLinks = before.links.flatMap((link, index) => {
    const [errors = 0, warnings = 0] = counts(reports[0], index);
    // A link with an end that VyOS refuses is down, and its error stands with the site.
    const isDown = !link.a.isLoaded || !link.b.isLoaded;
    if (errors > 0 || isDown || index === mended) return [];
    const [errorsNow = 1, warningsNow = 0] = links.get(nameOf(link)) ?? [];
    return errorsNow > 0 || warningsNow > warnings ? [`${nameOf(link)}: ${errorsNow}, ${warningsNow}`] : [];
  });
  // A tunnel that comes up meets what stands behind it, such as a NAT rule that catches it: that comes to light.
  if (uncovers) return ofLinks;
  const ofSites = [...errorsOfSites(reports[1])].filter(([name, count]) => count > (were.get(name) ?? 0));
  return [...ofLinks, ...ofSites.map(([name]) => name)];
}

const whats = fc.constantFrom('plan', 'warnings', 'a alone', 'b alone');

/** Throws with the smallest network for which it does not hold. */
export function checkHarmless(numRuns: number, seed: number): void {
  fc.assert(
    fc.property(
      guardedNetwork,
      whats,
      fc.array(packet, { minLength: 150, maxLength: 150 }),
      ({ texts }, what, packets) => {
        const inputs = texts.map((text, index) => ({ file: `${'abc'[index]}.conf`, text }));
        const report = lint(inputs);
        const before = networkOf(inputs);
        const plan = fix(inputs, {
          ...(what === 'warnings' ? { failOn: 'warning' as const } : {}),
          ...(what === 'a alone' ? { sites: [0] } : what === 'b alone' ? { sites: [1] } : {}),
        });
        deepStrictEqual(cutShort(report, plan), []);
        const alternatives = report.findings.flatMap(({ link, unloads }, index) =>
          alternativesOf({ ...report, findings: report.findings.slice(index, index + 1) }).map((edits) => ({
            edits,
            about: { mended: link, uncovers: link !== null || unloads === true },
          })),
        );
        const whole = { edits: editsOf(plan), about: { mended: null, uncovers: false } };
        for (const { edits, about } of [whole, ...alternatives]) {
          if (edits.length === 0) continue;
          const mended = typed(inputs, edits);
          const after = networkOf(mended);
          const commands = edits.map(({ site, commands: own }) => [site, own]);
          deepStrictEqual(
            {
              commands,
              beyond: beyond(before, after),
              strangers: strangersTouched(before, after, packets),
              worse: worse(before, after, [report, lint(mended)], about),
            },
            { commands, beyond: [], strangers: [], worse: [] },
          );
        }
      },
    ),
    // A network is judged hundreds of times, and a smaller one is no plainer.
    { numRuns, seed, endOnFailure: true },
  );
}
