/** The rule of NAT that was meant to leave packets alone, and does so but for one criterion. */
import type { Span } from '../source/index.ts';
import { isForInterface, type NatRule } from './nat.ts';
import { placeOfNode, settingAt } from './setting.ts';
import { commonTraffic, describeAddresses, type RangeSet, type Traffic, without } from './traffic.ts';
import { type ConfigNode, child, pathOf, wordsBelow } from './tree.ts';

/** An excluding rule, and what keeps packets from it. */
export interface NearExclude {
  readonly rule: NatRule;
  /** The criterion that fails, or the rule as a whole. */
  readonly at: Span;
  readonly path: readonly string[];
  /** Its value; null where it has none. */
  readonly value: string | null;
  /** A clause without a full stop: `its destination is 10.2.0.0/24, not 10.2.1.0/24`. */
  readonly why: string;
}

/** Packets that a rule changes, and the interface that they pass. */
export interface Changed {
  readonly family: 4 | 6;
  readonly traffic: Traffic;
  readonly through: string | undefined;
}

/**
 * The first rule that would keep the packets from being changed by `changing`, if one of its criteria held for all of
 * them. One that keeps packets of `others` is meant for those. Undefined where there is none.
 */
export function nearExclude(
  rules: readonly NatRule[],
  changing: NatRule,
  changed: Changed,
  others: readonly Traffic[] = [],
): NearExclude | undefined {
  for (const rule of rules) {
    if (!rule.exclude || !rule.certain || rule.number >= changing.number) continue;
    if (others.some((other) => commonTraffic(rule.traffic, other))) continue;
    const reasons = reasonsOf(rule, changed);
    const [reason] = reasons;
    if (reason && reasons.length === 1) return { rule, ...reason };
  }
  return undefined;
}

type Reason = Omit<NearExclude, 'rule'>;

const sides = ['source', 'destination'] as const;
const ports = { source: 'sourcePort', destination: 'destinationPort' } as const;

function describePorts(set: RangeSet): string {
  const [first, ...others] = set;
  return first && others.length === 0 && first.from === first.to ? `${first.from}` : 'all ports';
}

/** All that keeps the packets from a rule. */
function reasonsOf(rule: NatRule, { family, traffic, through }: Changed): readonly Reason[] {
  const lacks = (what: keyof Traffic) => without(traffic[what], rule.traffic[what]).length > 0;
  const reasons: Reason[] = [];
  for (const side of sides) {
    const node = child(rule.node, side) ?? rule.node;
    if (lacks(side)) {
      const own = describeAddresses(rule.traffic[side], family);
      reasons.push(
        reasonAt(node, ['address-group', 'network-group', 'address', 'prefix'], {
          wanted: describeAddresses(traffic[side], family),
          what: side,
          own,
        }),
      );
    }
    if (lacks(ports[side])) {
      reasons.push(
        reasonAt(node, ['port-group', 'port'], {
          wanted: describePorts(traffic[ports[side]]),
          what: `${side} port`,
        }),
      );
    }
  }
  if (lacks('protocol')) {
    reasons.push(reasonAt(rule.node, ['protocol'], { wanted: 'all protocols', what: 'protocol' }));
  }
  if (isForInterface(rule, through) === false) {
    const [name = ''] = rule.interfaceWords;
    const leaf = ['group', 'interface-group', 'name', 'interface-name'];
    reasons.push(
      reasonAt(child(rule.node, name) ?? rule.node, leaf, { wanted: through ?? 'any', what: name }),
    );
  }
  if (rule.disabled) {
    const disable = child(rule.node, 'disable');
    reasons.push({ ...placeOf(disable ?? rule.node), value: null, why: 'it is disabled' });
  }
  return reasons;
}

function placeOf(node: ConfigNode): Pick<Reason, 'at' | 'path'> {
  return { at: placeOfNode(node), path: pathOf(node) };
}

/** The first of the leaves that is set, and why its value does not fit. */
function reasonAt(
  node: ConfigNode,
  leaves: readonly string[],
  { wanted, what, own }: { readonly wanted: string; readonly what: string; readonly own?: string },
): Reason {
  for (const name of leaves) {
    const setting = settingAt(node, name) ?? settingAt(node, 'group', name);
    if (!setting) continue;
    const negated = setting.value.startsWith('!');
    const value = negated ? setting.value.slice(1) : setting.value;
    const isGroup = name.endsWith('group');
    const has = negated ? `holds ${wanted}, which the rule leaves out` : `does not hold ${wanted}`;
    const differs = negated
      ? `its ${what} ${setting.value} leaves ${wanted} out`
      : `its ${what} is ${own ?? value}, not ${wanted}`;
    const place = { at: setting.origin.at, path: setting.path, value: setting.text };
    return { ...place, why: isGroup ? `${value} ${has}` : differs };
  }
  // Until 1.3 an interface is named without a leaf of its own.
  const [word] = wordsBelow(node);
  const at = word?.at ?? placeOfNode(node);
  return {
    at,
    path: pathOf(node),
    value: word?.value ?? null,
    why: `its ${what} is ${word?.value ?? own}, not ${wanted}`,
  };
}
