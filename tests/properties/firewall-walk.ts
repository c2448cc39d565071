/**
 * The walk against a router that works packet by packet: random rulesets, evaluated by the letter for every way in which
 * what the dump does not tell may fall out.
 */
import { deepStrictEqual } from 'node:assert';
import fc from 'fast-check';
import { readSetDump } from '../../grammar/index.ts';
import { parseAddress } from '../../src/ike/address.ts';
import { sourceFile } from '../../src/source/index.ts';
import { firewallOf, judgePacket, type Packet } from '../../src/vyos/firewall/index.ts';
import { readSite } from '../../src/vyos/read-site.ts';

interface RuleSpec {
  readonly number: number;
  readonly action: 'accept' | 'drop' | 'reject' | 'return' | 'continue' | 'jump';
  readonly target: number;
  readonly protocol?: 'udp' | 'esp' | 'tcp_udp' | '!udp' | undefined;
  readonly port?: '500' | '4500' | '500,4500' | '!500' | '400-600' | undefined;
  readonly source?: '198.51.100.1' | '198.51.100.0/24' | '!198.51.100.1' | '192.0.2.0/24' | undefined;
  readonly state?: 'new' | 'established' | undefined;
  readonly inbound?: 'eth0' | 'eth1' | '!eth1' | undefined;
  readonly limited: boolean;
  readonly disabled: boolean;
}

interface RulesetSpec {
  readonly rules: readonly RuleSpec[];
  readonly byDefault: 'accept' | 'drop' | 'return' | undefined;
}

interface FirewallSpec {
  readonly input: RulesetSpec;
  /** A ruleset jumps only to those behind it. */
  readonly named: readonly RulesetSpec[];
  readonly statePolicy: boolean;
}

const maybe = <T>(...values: readonly T[]) => fc.constantFrom(undefined, undefined, ...values);

const rule: fc.Arbitrary<Omit<RuleSpec, 'number'>> = fc.record({
  action: fc.constantFrom('accept', 'drop', 'reject', 'return', 'continue', 'jump', 'jump', 'jump'),
  target: fc.nat({ max: 4 }),
  protocol: maybe('udp', 'esp', 'tcp_udp', '!udp'),
  port: maybe('500', '4500', '500,4500', '!500', '400-600'),
  source: maybe('198.51.100.1', '198.51.100.0/24', '!198.51.100.1', '192.0.2.0/24'),
  state: maybe('new', 'established'),
  inbound: maybe('eth0', 'eth1', '!eth1'),
  limited: fc.constantFrom(true, false, false, false),
  disabled: fc.constantFrom(true, false, false, false, false),
});

const ruleset = (defaults: readonly RulesetSpec['byDefault'][]): fc.Arbitrary<RulesetSpec> =>
  fc.record({
    rules: fc
      .uniqueArray(fc.tuple(fc.integer({ min: 1, max: 200 }), rule), {
        selector: ([number]) => number,
        maxLength: 5,
      })
      // A port needs a protocol that has ports.
      .map((list) =>
        list.map(([number, spec]) => ({
          ...spec,
          number,
          protocol: spec.port ? ('udp' as const) : spec.protocol,
        })),
      ),
    byDefault: fc.constantFrom(...defaults),
  });

const firewall: fc.Arbitrary<FirewallSpec> = fc.record({
  input: ruleset(['accept', 'drop', undefined]),
  named: fc.array(ruleset(['accept', 'drop', 'return', undefined]), { maxLength: 4 }),
  statePolicy: fc.constantFrom(true, false, false),
});

const packets: fc.Arbitrary<Packet & { readonly inbound: 'eth0' }> = fc
  .record({
    source: fc.constantFrom('198.51.100.1', '198.51.100.2', '192.0.2.1'),
    port: fc.constantFrom(500, 4500, undefined),
    state: fc.constantFrom<Packet['state']>('new', 'established'),
  })
  .map(({ source, port, state }) => ({
    family: 4,
    source: parseAddress(source),
    destination: parseAddress('203.0.113.1'),
    protocol: port === undefined ? 'esp' : 'udp',
    sourcePort: port,
    destinationPort: port,
    state,
    inbound: 'eth0',
  }));

/** As a dump, in no order of its rules. */
function toDump({ input, named, statePolicy }: FirewallSpec): string {
  const lines = ["set interfaces ethernet eth0 address '203.0.113.1/24'"];
  if (statePolicy) lines.push("set firewall global-options state-policy established action 'accept'");
  const add = (path: string, { rules, byDefault }: RulesetSpec, first: number) => {
    lines.push(`set firewall ipv4 ${path} description 'a ruleset'`);
    if (byDefault) lines.push(`set firewall ipv4 ${path} default-action '${byDefault}'`);
    for (const each of rules) {
      const target = targetOf(each, first, named.length);
      const set = (rest: string) => lines.push(`set firewall ipv4 ${path} rule ${each.number} ${rest}`);
      set(`action '${each.action === 'jump' && target === undefined ? 'drop' : each.action}'`);
      if (each.action === 'jump' && target !== undefined) set(`jump-target 'N${target}'`);
      if (each.protocol) set(`protocol '${each.protocol}'`);
      if (each.port) set(`destination port '${each.port}'`);
      if (each.source) set(`source address '${each.source}'`);
      if (each.state) set(`state '${each.state}'`);
      if (each.inbound) set(`inbound-interface name '${each.inbound}'`);
      if (each.limited) set("limit rate '10/minute'");
      if (each.disabled) set('disable');
    }
  };
  add('input filter', input, 0);
  for (const [index, each] of named.entries()) add(`name N${index}`, each, index + 1);
  return `${lines.join('\n')}\n`;
}

function targetOf({ target }: RuleSpec, first: number, count: number): number | undefined {
  return first + target < count ? first + target : undefined;
}

type End = 'accept' | 'drop' | 'returned';

/** One packet, with every limit decided: `within` tells of each whether it lets the rule match. */
function evaluate(
  { input, named, statePolicy }: FirewallSpec,
  packet: Packet & { readonly inbound: string },
  within: ReadonlyMap<RuleSpec, boolean>,
): 'accept' | 'drop' {
  const matches = (each: RuleSpec): boolean => {
    const { destinationPort: port, protocol, source } = packet;
    if (each.disabled || (each.limited && within.get(each) !== true)) return false;
    if (each.state && each.state !== packet.state) return false;
    if (
      each.inbound &&
      (each.inbound === '!eth1' ? packet.inbound === 'eth1' : each.inbound !== packet.inbound)
    )
      return false;
    if (each.protocol === 'udp' && protocol !== 'udp') return false;
    if (each.protocol === 'tcp_udp' && protocol !== 'udp') return false;
    if (each.protocol === 'esp' && protocol !== 'esp') return false;
    if (each.protocol === '!udp' && protocol === 'udp') return false;
    if (each.port === '500' && port !== 500) return false;
    if (each.port === '4500' && port !== 4500) return false;
    if (each.port === '!500' && port === 500) return false;
    if (each.port === '400-600' && port !== 500) return false;
    if (each.source === '198.51.100.1' && source !== '198.51.100.1') return false;
    if (each.source === '!198.51.100.1' && source === '198.51.100.1') return false;
    if (each.source === '198.51.100.0/24' && !source?.startsWith('198.51.100.')) return false;
    if (each.source === '192.0.2.0/24' && !source?.startsWith('192.0.2.')) return false;
    return true;
  };
  const walk = ({ rules, byDefault }: RulesetSpec, first: number, fallback: 'accept' | 'drop'): End => {
    for (const each of rules.toSorted((x, y) => x.number - y.number)) {
      if (!matches(each) || each.action === 'continue') continue;
      if (each.action === 'accept') return 'accept';
      if (each.action === 'return') return 'returned';
      const target = each.action === 'jump' ? targetOf(each, first, named.length) : undefined;
      const next = target === undefined ? undefined : named[target];
      if (!next || target === undefined) return 'drop';
      const end = walk(next, target + 1, 'drop');
      if (end !== 'returned') return end;
    }
    const end = byDefault ?? fallback;
    return end === 'return' ? 'returned' : end;
  };
  if (statePolicy && packet.state === 'established') return 'accept';
  const end = walk(input, 0, 'accept');
  return end === 'returned' ? 'accept' : end;
}

function everyWay(rules: readonly RuleSpec[]): readonly ReadonlyMap<RuleSpec, boolean>[] {
  const limited = rules.filter((each) => each.limited && !each.disabled);
  return Array.from(
    { length: 2 ** limited.length },
    (_, bits) => new Map(limited.map((each, index) => [each, Math.floor(bits / 2 ** index) % 2 === 1])),
  );
}

function verdictOf(spec: FirewallSpec, packet: Packet): 'accept' | 'drop' | 'unknown' | undefined {
  const read = firewallOf(readSite('a', readSetDump(sourceFile('a.conf', toDump(spec)))).tree);
  return read && judgePacket(read, packet).kind;
}

/** How a packet fares in every way, or nothing where there are too many. */
function endsOf(spec: FirewallSpec, packet: Parameters<typeof evaluate>[1]) {
  const ways = everyWay([spec.input, ...spec.named].flatMap((each) => each.rules));
  return ways.length > 256
    ? undefined
    : { ways: ways.length, ends: new Set(ways.map((within) => evaluate(spec, packet, within))) };
}

/** The walk says what a router does, is unknown wherever routers may differ, and seldom elsewhere. */
export function checkFirewallWalk(numRuns: number, seed: number): void {
  let [differing, feared] = [0, 0];
  fc.assert(
    fc.property(firewall, packets, (spec, packet) => {
      const truth = endsOf(spec, packet);
      fc.pre(truth !== undefined);
      const verdict = verdictOf(spec, packet);
      // A limit that is met twice on one way is taken to fall out differently: then two ends may be feared where there is one.
      if (verdict === 'unknown') deepStrictEqual({ decided: truth.ways === 1 }, { decided: false });
      else deepStrictEqual([...truth.ends], [verdict]);
      if (truth.ends.size > 1) differing += 1;
      else if (verdict === 'unknown') feared += 1;
    }),
    { numRuns, seed },
  );
  deepStrictEqual(
    { differ: differing >= numRuns / 100, feared: feared <= differing / 10 },
    { differ: true, feared: true },
  );
}
