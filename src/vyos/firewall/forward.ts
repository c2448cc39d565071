/**
 * The forward filter of 1.4 and later, which packets meet once IPsec has decrypted them. Older releases have no such
 * list: their rulesets are bound to interfaces. Source: vyos-1x data/templates/firewall/nftables.j2.
 */

import { endpoint, protocols } from '../nat.ts';
import { settingAt } from '../setting.ts';
import type { Site } from '../site.ts';
import { common, type RangeSet, type Traffic, without } from '../traffic.ts';
import { child, has, tagNodes } from '../tree.ts';
import { portsOf } from './interfaces.ts';
import { every, type Match, no, yes, yesIf } from './match.ts';
import { isInterface, matchState, maybe, noCriteria } from './match-rule.ts';
import type { Decider, Outcome } from './outcome.ts';
import { type FirewallRule, type Ruleset, readRuleset } from './rulesets.ts';
import { walkRuleset } from './walk.ts';

/** What comes out of a tunnel, to be sent on. */
export interface Decrypted {
  readonly family: 4 | 6;
  readonly traffic: Traffic;
  /** By which it comes in, as the firewall sees it; undefined where the dump does not tell. */
  readonly inbound: string | undefined;
  /** A policy of its peer decrypted it, and no VTI. */
  readonly byPolicy: boolean;
  readonly state: 'new' | 'established';
}

/** What drops all of it. `within`: the one ruleset to which all that drops belongs. */
export interface ForwardDrop {
  readonly by: Decider;
  readonly within: Ruleset | undefined;
}

/**
 * What drops every packet of a kind; undefined where some of them may get through, or where the dump does not tell.
 */
export function dropsAll(site: Site, decrypted: Decrypted): ForwardDrop | undefined {
  const { tree } = site;
  const family = decrypted.family === 4 ? 'ipv4' : 'ipv6';
  const node = child(tree, 'firewall', family, 'forward', 'filter');
  if (!node) return undefined;
  if (decrypted.state === 'established' && acceptsEstablished(site)) return undefined;
  const named = new Map(
    tagNodes(child(tree, 'firewall', family, 'name')).map((each) => [
      each.name,
      readRuleset(each, each.name, 'drop'),
    ]),
  );
  const outcome: Outcome = walkRuleset(
    {
      matches: (rule) => matchForwarded(site, rule, decrypted),
      named: (name) => named.get(name),
      walked: new Map(),
    },
    readRuleset(node, `the ${family} forward filter`, 'accept'),
  );
  const { drop, accept, unknown, passes } = outcome;
  if (!drop || accept || unknown || passes) return undefined;
  return { by: drop.first, within: drop.oneRuleset ? drop.first.ruleset : undefined };
}

function acceptsEstablished({ tree }: Site): boolean {
  const action = settingAt(tree, 'firewall', 'global-options', 'state-policy', 'established', 'action');
  return action?.value === 'accept';
}

function matchForwarded(site: Site, { node: rule, disabled }: FirewallRule, decrypted: Decrypted): Match {
  if (disabled) return no;
  const matches: Match[] = [];
  for (const [name, node] of rule.children) {
    if (noCriteria.has(name)) continue;
    const match = ((): Match => {
      switch (name) {
        case 'state':
          return matchState(node, decrypted);
        case 'protocol':
          return (
            among(protocols(settingAt(rule, name)?.value), decrypted.traffic.protocol) ?? maybe(node, '')
          );
        case 'source':
        case 'destination': {
          const { addresses, ports, certain } = endpoint(site, node, decrypted.family);
          const isPlain =
            certain && [...node.children.keys()].every((leaf) => ['address', 'group', 'port'].includes(leaf));
          const [ofAddress, ofPort] = [
            among(addresses, decrypted.traffic[name]),
            among(ports, decrypted.traffic[name === 'source' ? 'sourcePort' : 'destinationPort']),
          ];
          return every([
            isPlain ? yes : maybe(node, ''),
            ofAddress ?? maybe(node, ''),
            ofPort ?? maybe(node, ''),
          ]);
        }
        case 'inbound-interface': {
          const written = settingAt(node, 'name')?.value;
          if (written === undefined || decrypted.inbound === undefined || isOfVrf(site, decrypted.inbound))
            return maybe(node, '');
          const negated = written.startsWith('!');
          return yesIf(isInterface(negated ? written.slice(1) : written, decrypted.inbound) !== negated);
        }
        case 'ipsec': {
          // Whether what a VTI decrypted still counts as such, the kernel decides.
          if (!decrypted.byPolicy) return maybe(node, '');
          if (has(node, 'match-none') || has(node, 'match-none-in')) return no;
          return has(node, 'match-ipsec') || has(node, 'match-ipsec-in') ? yes : maybe(node, '');
        }
        default:
          return maybe(node, '');
      }
    })();
    if (match.kind === 'no') return no;
    matches.push(match);
  }
  return every(matches);
}

/** Whether the values that a rule names hold all, none, or (undefined) some of those of the packets. */
function among(named: RangeSet | undefined, own: RangeSet): Match | undefined {
  if (!named) return undefined;
  if (common(own, named).length === 0) return no;
  return without(own, named).length === 0 ? yes : undefined;
}

/** Packets of a VRF come in by the interface of the VRF. */
function isOfVrf({ tree }: Site, name: string): boolean {
  return portsOf(tree).some((port) => port.name === name && !port.receives);
}
