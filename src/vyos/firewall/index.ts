/**
 * The firewall of a router, as far as packets to the router itself go: which rules of the dump a packet of IKE or ESP
 * meets, and what they make of it. Source: vyos-1x data/templates/firewall/nftables.j2 and nftables-zone.j2,
 * src/migration-scripts/firewall (what older spellings mean today); vyatta-cfg-firewall and vyatta-zone for 1.2 and 1.3.
 */
import { type Setting, settingAt } from '../setting.ts';
import { type ConfigNode, type ConfigTree, child, tagNodes } from '../tree.ts';
import { arrivalsAt, boundTo, type Port, portsOf } from './interfaces.ts';
import { type Doubt, no, yes } from './match.ts';
import { matchRule } from './match-rule.ts';
import {
  type Decider,
  decided,
  either,
  nextHook,
  type Outcome,
  then,
  undecidable,
  untouched,
} from './outcome.ts';
import type { Packet, Received } from './packet.ts';
import { type FirewallRule, type Ruleset, readRuleset } from './rulesets.ts';
import { type Ground, walkRuleset } from './walk.ts';
import { isOf, type LocalZone, localZoneOf } from './zones.ts';

export type { Doubt } from './match.ts';
export type { Decider } from './outcome.ts';
export type { Packet, Received } from './packet.ts';
export type { FirewallRule, Ruleset } from './rulesets.ts';

interface FamilyRulesets {
  readonly named: ReadonlyMap<string, Ruleset>;
  readonly prerouting: Ruleset | undefined;
  readonly input: Ruleset | undefined;
}

/** The part of a dump's firewall that packets to the router itself meet. */
export interface Firewall {
  readonly tree: ConfigTree;
  readonly 4: FamilyRulesets;
  readonly 6: FamilyRulesets;
  readonly ports: readonly Port[];
  /** By interface, the rulesets for packets to the router itself, of releases before 1.4. */
  readonly bound: ReadonlyMap<string, Port['bound']>;
  /** What `state-policy` does with packets of established flows. */
  readonly established: Setting<string> | undefined;
  readonly localZone: LocalZone | undefined;
}

/**
 * What becomes of a packet. `drop` stands for a reject as well; `by` is what decides, the first of several. `within` is the
 * one ruleset to which all that may drop it belongs. `accept` by nothing: no rule is in the way.
 */
export type Verdict =
  | { readonly kind: 'accept'; readonly by: Decider | undefined }
  | { readonly kind: 'drop'; readonly by: Decider; readonly within: Ruleset | undefined }
  | { readonly kind: 'unknown'; readonly doubt: Doubt };

/** The firewall of a dump; undefined where it holds nothing that a packet to the router itself could meet. */
export function firewallOf(tree: ConfigTree): Firewall | undefined {
  const ports = portsOf(tree);
  const bound = new Map([
    ...ports.filter(hasBound).map((port) => [port.name, port.bound] as const),
    ...tagNodes(child(tree, 'firewall', 'interface')).map((node) => [node.name, boundTo(node)] as const),
  ]);
  const firewall: Firewall = {
    tree,
    4: readFamily(tree, 'ipv4', 'name'),
    6: readFamily(tree, 'ipv6', 'ipv6-name'),
    ports,
    bound,
    established:
      settingAt(tree, 'firewall', 'global-options', 'state-policy', 'established', 'action') ??
      settingAt(tree, 'firewall', 'state-policy', 'established', 'action'),
    localZone: localZoneOf(tree),
  };
  const hooks = [firewall[4], firewall[6]].some(({ input, prerouting }) => input ?? prerouting);
  return hooks || bound.size > 0 || firewall.localZone ? firewall : undefined;
}

function hasBound({ bound }: Port): boolean {
  return bound[4] !== undefined || bound[6] !== undefined;
}

function readFamily(tree: ConfigTree, family: 'ipv4' | 'ipv6', older: string): FamilyRulesets {
  const nodes = [
    ...tagNodes(child(tree, 'firewall', older)),
    ...tagNodes(child(tree, 'firewall', family, 'name')),
  ];
  const hook = (name: string, priority: string) => {
    const node: ConfigNode | undefined = child(tree, 'firewall', family, name, priority);
    return node && readRuleset(node, `the ${family} ${name} ${priority}`, 'accept');
  };
  return {
    named: new Map(nodes.map((node) => [node.name, readRuleset(node, node.name, 'drop')])),
    prerouting: hook('prerouting', 'raw'),
    input: hook('input', 'filter'),
  };
}

/** What is taken for otherwise than it stands in the dump. */
export interface Assumed {
  /** The packet is one that the rule is about, and the rule is in force. */
  readonly matching?: FirewallRule | undefined;
  /** The rule is about no packet. */
  readonly missing?: FirewallRule | undefined;
}

/** A packet on each interface that it may come in by. */
export function receivedOn({ tree, ports }: Firewall, packet: Packet): readonly Received[] {
  const interfaces = arrivalsAt(tree, ports, packet.destination) ?? [undefined];
  return interfaces.map((name) => ({ ...packet, interface: name }));
}

/** What the firewall makes of a packet, on each interface that it may come in by. */
export function judgePacket(firewall: Firewall, packet: Packet, assumed: Assumed = {}): Verdict {
  const [first = untouched, ...others] = receivedOn(firewall, packet).map((each) =>
    judgeOn(firewall, each, assumed),
  );
  return verdictOf(others.reduce(either, first));
}

function verdictOf({ accept, drop, unknown, passes, doubt }: Outcome): Verdict {
  if (unknown) return { kind: 'unknown', doubt: unknown };
  const accepted = passes || accept !== undefined;
  if (!drop) return { kind: 'accept', by: accept };
  if (accepted) {
    const { first } = drop;
    const either = doubt ?? { at: first.at, path: first.action.path, why: 'it depends on the interface' };
    return { kind: 'unknown', doubt: either };
  }
  return { kind: 'drop', by: drop.first, within: drop.oneRuleset ? drop.first.ruleset : undefined };
}

function judgeOn(firewall: Firewall, packet: Received, { matching, missing }: Assumed): Outcome {
  const { named, prerouting, input } = firewall[packet.family];
  const ground: Ground = {
    matches: (rule) => {
      if (rule === matching) return yes;
      return rule === missing ? no : matchRule(rule, packet, firewall.tree);
    },
    named: (name) => named.get(name),
    walked: new Map(),
  };
  const hooks = [
    // Before the state of a flow is known.
    ...(prerouting ? [walkRuleset(ground, prerouting)] : []),
    ...(input ? [then(stateOf(firewall, packet), walkRuleset(ground, input))] : []),
    ...(firewall.bound.size > 0
      ? [then(stateOf(firewall, packet), walkBound(firewall, ground, packet))]
      : []),
    ...(firewall.localZone
      ? [then(stateOf(firewall, packet), walkZone(firewall.localZone, ground, packet))]
      : []),
  ];
  return hooks.reduce(nextHook, untouched);
}

function stateOf({ established }: Firewall, { state }: Received): Outcome {
  if (state !== 'established' || !established) return untouched;
  return decided({
    action: established,
    at: established.origin.at,
    what: 'the state-policy of established flows',
    ruleset: undefined,
    rule: undefined,
  });
}

/** The ruleset that is bound to the interface; one of them, or none, where the interface is not known. */
function walkBound({ bound }: Firewall, ground: Ground, { family, interface: name }: Received): Outcome {
  if (name !== undefined) return walkNamed(ground, bound.get(name)?.[family]);
  return [...bound.values()].reduce(
    (outcome, each) => either(outcome, walkNamed(ground, each[family])),
    untouched,
  );
}

function walkNamed(ground: Ground, name: Setting<string> | undefined): Outcome {
  if (!name) return untouched;
  const ruleset = ground.named(name.value);
  if (ruleset) return walkRuleset(ground, ruleset);
  const why = `the ruleset ${name.value} is not in the dump`;
  return undecidable({ at: name.origin.at, path: name.path, why });
}

/** What comes from a zone without a ruleset of its own, or from no zone at all, has the default of the local zone. */
function walkZone(zone: LocalZone, ground: Ground, { family, interface: name }: Received): Outcome {
  const otherwise = then(walkNamed(ground, zone.defaultFirewall[family]), zoneDefault(zone));
  const ruled = zone.from.filter(({ firewall }) => firewall[family] !== undefined);
  if (name !== undefined) {
    const own = ruled.find(({ interfaces }) => isOf(interfaces, name));
    return own ? walkNamed(ground, own.firewall[family]) : otherwise;
  }
  return ruled.reduce(
    (outcome, { firewall }) => either(outcome, walkNamed(ground, firewall[family])),
    otherwise,
  );
}

function zoneDefault({ name, defaultAction: action }: LocalZone): Outcome {
  return decided({
    action,
    at: action.origin.at,
    what: `the default-action of zone ${name}`,
    ruleset: undefined,
    rule: undefined,
  });
}
