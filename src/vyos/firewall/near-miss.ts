/** The rule that was meant for a packet and lets it in but for one criterion. */
import type { Span } from '../../source/index.ts';
import { placeOfNode, settingAt } from '../setting.ts';
import { type ConfigNode, child, lastValue, pathOf } from '../tree.ts';
import { groupNode } from './groups.ts';
import {
  type Firewall,
  type FirewallRule,
  judgePacket,
  type Packet,
  type Received,
  receivedOn,
  type Verdict,
} from './index.ts';
import { groupKind, type Judgement, judgeCriteria, statesOf } from './match-rule.ts';
import type { Ruleset } from './rulesets.ts';

type Drop = Extract<Verdict, { readonly kind: 'drop' }>;

/** A group that a packet falls out of. */
interface MissedGroup {
  readonly name: string;
  /** The group itself. */
  readonly at: Span;
  readonly path: readonly string[];
  /** The leaf that holds its members: `address`. */
  readonly leaf: 'address' | 'interface' | 'network' | 'port';
  /** The member that it lacks, as VyOS writes it; undefined where the packet has none, or the rule is for all others. */
  readonly lacking: string | undefined;
}

/** An accepting rule, and what keeps a packet from it. */
export interface NearMiss {
  readonly rule: FirewallRule;
  readonly ruleset: Ruleset;
  /** The criterion that fails, or the rule as a whole. */
  readonly at: Span;
  readonly path: readonly string[];
  /** The value of the criterion; null where it has none. */
  readonly value: string | null;
  /** A clause without a full stop: `VPN-PEERS does not hold 203.0.113.10`. */
  readonly why: string;
  readonly group: MissedGroup | undefined;
}

/**
 * The rule that comes nearest to letting in a packet that the firewall drops: with the one criterion that fails taken to
 * hold, or with the rule in force, or with what drops the packet out of its way, the packet is accepted. Only a rule
 * counts that was meant for such packets: one that names their port, ESP, or the address of the peer. Undefined where
 * there is none.
 */
export function nearMiss(firewall: Firewall, packet: Packet, drop: Drop): NearMiss | undefined {
  const [received] = receivedOn(firewall, packet);
  if (!received) return undefined;
  const { named, prerouting, input } = firewall[packet.family];
  const rulesets = [prerouting, input, ...named.values()].filter((each) => each !== undefined);
  const candidates = rulesets
    .flatMap((ruleset) => ruleset.rules.flatMap((rule) => candidate(firewall, ruleset, rule, received, drop)))
    .toSorted((one, other) => other.nearness - one.nearness);
  return candidates.find(
    ({ miss: { rule }, late }) =>
      judgePacket(firewall, packet, late ? { missing: drop.by.rule } : { matching: rule }).kind === 'accept',
  )?.miss;
}

interface Candidate {
  readonly miss: NearMiss;
  /** It matches, and what drops the packet comes first. */
  readonly late: boolean;
  readonly nearness: number;
}

function candidate(
  firewall: Firewall,
  ruleset: Ruleset,
  rule: FirewallRule,
  packet: Received,
  { by, within }: Drop,
): readonly Candidate[] {
  const action = rule.action?.value;
  if (action !== 'accept' && action !== 'jump') return [];
  const judgements = [...judgeCriteria(rule, packet, firewall.tree)];
  if (judgements.some(({ match }) => match.kind === 'maybe')) return [];
  const failing = judgements.filter(({ match }) => match.kind === 'no');
  const [failed] = failing;
  if (failing.length + (rule.disabled ? 1 : 0) > 1) return [];
  const meant = meaning(rule, judgements, packet, firewall) + (ruleset === within ? 0.5 : 0);
  if (meant < 2) return [];
  const late = !failed && !rule.disabled;
  if (late && (by.rule === undefined || by.rule === rule || action === 'jump')) return [];
  const reason = failed
    ? { ...placeOfLeaf(failed.leaf), ...explain(failed, packet, firewall) }
    : {
        ...placeOfRule(rule),
        why: rule.disabled ? 'it is disabled' : `${by.what} comes first`,
        group: undefined,
      };
  return [{ miss: { rule, ruleset, ...reason }, late, nearness: meant + (late ? 0 : 0.25) }];
}

function placeOfRule({ at, path, disabled, node }: FirewallRule) {
  const disable = disabled ? child(node, 'disable') : undefined;
  return disable ? placeOfLeaf(disable) : { at, path, value: null };
}

function placeOfLeaf(leaf: ConfigNode): Pick<NearMiss, 'at' | 'path' | 'value'> {
  const setting = leaf.parent && settingAt(leaf.parent, leaf.name);
  return setting
    ? { at: setting.origin.at, path: setting.path, value: setting.text }
    : { at: placeOfNode(leaf), path: pathOf(leaf), value: null };
}

function textIn(leaf: ConfigNode): string {
  return lastValue(leaf)?.value ?? '';
}

/** How much speaks for it that a rule is meant for packets of IPsec from this peer; from 2 it is. */
function meaning(
  rule: FirewallRule,
  judgements: readonly Judgement[],
  packet: Received,
  firewall: Firewall,
): number {
  const holds = (subject: Judgement['subject'], name: string) =>
    judgements.some(
      (each) =>
        each.subject === subject &&
        each.name === name &&
        each.match.kind === 'yes' &&
        // What is for all but something is for nobody in particular.
        !textIn(each.leaf).startsWith('!'),
    );
  const port = holds('port', 'destination') || holdsOtherPort(rule, judgements, packet, firewall);
  const weights = [
    [2, holds('address', 'source')],
    [2, port],
    [packet.protocol === 'esp' ? 2 : 0.25, holds('protocol', 'protocol')],
    [0.25, holds('address', 'destination')],
    [0.25, holds('interface', 'inbound-interface')],
  ] as const;
  return weights.reduce((sum, [weight, fits]) => sum + (fits ? weight : 0), 0);
}

/** A rule for the one port of IKE, where the packet comes to the other. */
function holdsOtherPort(
  rule: FirewallRule,
  judgements: readonly Judgement[],
  packet: Received,
  firewall: Firewall,
): boolean {
  const { destinationPort: port } = packet;
  const fails = judgements.some(({ subject, match }) => subject === 'port' && match.kind === 'no');
  if (!fails || (port !== 500 && port !== 4500)) return false;
  const other = port === 500 ? 4500 : 500;
  const sourcePort = packet.sourcePort === port ? other : packet.sourcePort;
  const there = [...judgeCriteria(rule, { ...packet, destinationPort: other, sourcePort }, firewall.tree)];
  return there.every(({ match }) => match.kind === 'yes');
}

const words = { new: 'a new', established: 'an established' } as const;

/** Why a criterion does not hold, and the group that it is about. */
function explain(
  { subject, name, leaf }: Judgement,
  packet: Received,
  { tree }: Firewall,
): Pick<NearMiss, 'why' | 'group'> {
  const written = textIn(leaf);
  const negated = written.startsWith('!');
  const value = negated ? written.slice(1) : written;
  const wanted = wantedOf(subject, name, packet);
  const kind = groupKind(leaf.name);
  if (leaf.parent?.name === 'group' || kind.endsWith('group')) {
    const groupOf = kind === 'group' ? 'interface-group' : kind;
    const node = groupNode(tree, groupOf, value, packet.family);
    const holds = negated ? 'holds' : 'does not hold';
    const group = node && {
      name: value,
      at: placeOfNode(node),
      path: pathOf(node),
      leaf: memberLeaf(groupOf),
      lacking: negated ? undefined : lackingIn(groupOf, packet, wanted),
    };
    const excluded = negated ? `, which the rule leaves out` : '';
    return { why: `${value} ${holds} ${wanted ?? 'every address'}${excluded}`, group };
  }
  return { why: reasonOf({ subject, name, leaf }, packet, written, wanted), group: undefined };
}

function reasonOf(
  { subject, name, leaf }: Omit<Judgement, 'match'>,
  { protocol, state }: Received,
  written: string,
  wanted: string | undefined,
): string {
  const differs = (what: string, own: string) =>
    written.startsWith('!')
      ? `its ${what} ${written} leaves ${own} out`
      : `its ${what} is ${written}, not ${own}`;
  switch (subject) {
    case 'address':
    case 'port':
      return differs(`${name} ${subject}`, wanted ?? 'any');
    case 'protocol':
      return differs(name, protocol);
    case 'interface':
      return differs(name, wanted ?? 'any');
    case 'state':
      return `it is for the state ${statesOf(leaf).join(' and ')}, and this is ${words[state]} flow`;
    case 'other':
      return otherReason(name, protocol);
  }
}

function otherReason(name: string, protocol: Received['protocol']): string {
  switch (name) {
    case 'ipsec':
      return 'it is for what comes out of a tunnel, and this does not';
    case 'outbound-interface':
      return 'it names an outbound-interface, and what is for the router itself leaves by none';
    case 'fragment':
      return 'it is for fragments, and this is none';
    default:
      return `it is for ${name}, and this is ${protocol === 'esp' ? 'ESP' : 'UDP'}`;
  }
}

/** What the packet has at the place of the criterion. */
function wantedOf(subject: Judgement['subject'], name: string, packet: Received): string | undefined {
  const isSource = name === 'source';
  switch (subject) {
    case 'address':
      return isSource ? packet.source : packet.destination;
    case 'port':
      return (isSource ? packet.sourcePort : packet.destinationPort)?.toString();
    case 'interface':
      return packet.interface;
    default:
      return undefined;
  }
}

function memberLeaf(kind: string): MissedGroup['leaf'] {
  const leaf = kind.replace('-group', '');
  return leaf === 'network' || leaf === 'interface' || leaf === 'port' ? leaf : 'address';
}

function lackingIn(kind: string, { family }: Received, wanted: string | undefined): string | undefined {
  if (kind !== 'network-group' || wanted === undefined) return wanted;
  return `${wanted}/${family === 4 ? 32 : 128}`;
}
