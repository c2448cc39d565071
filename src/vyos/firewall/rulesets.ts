import type { Span } from '../../source/index.ts';
import { placeOfNode, type Setting, settingAt } from '../setting.ts';
import { type ConfigNode, child, has, pathOf, tagNodes } from '../tree.ts';

export interface FirewallRule {
  readonly number: string;
  readonly at: Span;
  readonly path: readonly string[];
  readonly node: ConfigNode;
  readonly disabled: boolean;
  readonly action: Setting<string> | undefined;
  readonly jumpTarget: Setting<string> | undefined;
}

/** A list of rules: of a hook (`ipv4 input filter`), or one with a name. */
export interface Ruleset {
  /** As a sentence names it: `WAN-LOCAL`, `the input filter`. */
  readonly title: string;
  readonly at: Span;
  readonly path: readonly string[];
  /** In the order in which they are tried, those that are disabled among them. */
  readonly rules: readonly FirewallRule[];
  /** The numbers that are taken, those of disabled rules included. */
  readonly numbers: ReadonlySet<number>;
  readonly defaultAction: Setting<string>;
  readonly defaultJumpTarget: Setting<string> | undefined;
}

/**
 * `fallback` is what holds where no default-action is set: `accept` in a hook, `drop` in a ruleset with a name
 * (include/firewall/default-action-base-chains.xml.i, default-action.xml.i; vyatta-cfg-firewall
 * templates/firewall/name/node.tag/default-action).
 */
export function readRuleset(node: ConfigNode, title: string, fallback: 'accept' | 'drop'): Ruleset {
  const nodes = tagNodes(child(node, 'rule'));
  const [at, path] = [placeOfNode(node), pathOf(node)];
  return {
    title,
    at,
    path,
    rules: nodes.map(readRule),
    numbers: new Set(nodes.map(({ name }) => Number(name))),
    defaultAction: settingAt(node, 'default-action') ?? {
      value: fallback,
      text: fallback,
      origin: { kind: 'default', at },
      path: [...path, 'default-action'],
    },
    defaultJumpTarget: settingAt(node, 'default-jump-target'),
  };
}

function readRule(node: ConfigNode): FirewallRule {
  return {
    number: node.name,
    at: placeOfNode(node),
    path: pathOf(node),
    node,
    disabled: has(node, 'disable'),
    action: settingAt(node, 'action'),
    jumpTarget: settingAt(node, 'jump-target'),
  };
}
