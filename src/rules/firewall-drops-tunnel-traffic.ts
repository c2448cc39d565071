import type { Location, Problem } from '../lint/finding.ts';
import type { SiteRule } from '../lint/rule.ts';
import type { LoadedSite } from '../strongswan/load-site.ts';
import { type Command, setCommand } from '../vyos/command.ts';
import { type Decrypted, dropsAll, type ForwardDrop } from '../vyos/firewall/forward.ts';
import { natRules } from '../vyos/nat.ts';
import { interfaceToPeer } from '../vyos/outbound.ts';
import type { Site } from '../vyos/site.ts';
import { isMeant, protectedTraffic } from '../vyos/source-nat.ts';
import { anyTraffic, commonTraffic, describeAddresses } from '../vyos/traffic.ts';
import { child, has, tagNodes } from '../vyos/tree.ts';
import { boundVtis } from '../vyos/vti.ts';
import { placeOf } from './firewall-drop.ts';
import { locate } from './location.ts';
import { mendOf } from './mend.ts';
import { isNonEmpty } from './occurrence.ts';
import { freeNumbers } from './rule-numbers.ts';
import { vyos, vyosFirewallManual } from './sources.ts';
import { type Limits, limitsOf } from './tunnels.ts';

/** What comes out of one tunnel, and where the dump says so. */
interface Incoming {
  /** `10.2.0.0/24 to 10.1.0.0/24`, `what comes in by vti0` */
  readonly what: string;
  readonly decrypted: Omit<Decrypted, 'state'>;
  readonly locations: readonly Location[];
  /** The protocol and the ports of the tunnel as conditions of a rule; undefined where no rule can have them. */
  readonly limits: Limits | undefined;
}

interface Dropped {
  readonly incoming: Incoming;
  readonly drop: ForwardDrop;
  /** Answers to what this side sends are dropped as well. */
  readonly answers: boolean;
}

function* check(loaded: LoadedSite, index: number): Iterable<Problem> {
  const dropped = [...ofPolicies(loaded, index), ...ofVtis(loaded, index)].flatMap((incoming): Dropped[] => {
    const drop = dropsAll(loaded.site, { ...incoming.decrypted, state: 'new' });
    if (!drop) return [];
    const answers = dropsAll(loaded.site, { ...incoming.decrypted, state: 'established' }) !== undefined;
    return [{ incoming, drop, answers }];
  });
  const told = new Set<string>();
  for (const one of dropped) {
    const key = (each: Dropped) => `${each.drop.by.at.start} ${each.answers}`;
    if (told.has(key(one))) continue;
    told.add(key(one));
    const all = dropped.filter((each) => key(each) === key(one));
    yield problemOf(loaded.site, index, one, all);
  }
}

function problemOf(site: Site, index: number, one: Dropped, all: readonly Dropped[]): Problem {
  const { drop, incoming, answers } = one;
  const more = all.length > 1 ? ` and ${all.length - 1} more` : '';
  const verb = drop.by.action.value === 'reject' ? 'rejects' : 'drops';
  return {
    message: `The firewall ${verb} what comes out of a tunnel: ${incoming.what}${more}, by ${drop.by.what}`,
    consequence: answers
      ? 'The tunnel is up and nothing gets through it: what it brings is dropped once it is decrypted, answers as well.'
      : 'The tunnel is up. Connections from this side work, and those that the other side begins are dropped once they are decrypted.',
    severity: answers ? 'error' : 'warning',
    locations: [placeOf(index, drop.by), ...all.flatMap(({ incoming: { locations } }) => locations)],
    fix: admitting(site, index, drop, all),
  };
}

/** Those of peers with prefixes. A single address may be the router's own, which the forward filter does not guard. */
function* ofPolicies(loaded: LoadedSite, index: number): Iterable<Incoming> {
  const { site } = loaded;
  const pairs = protectedTraffic(loaded);
  for (const pair of pairs) {
    const { source, destination, protocol, sourcePort, destinationPort } = pair.traffic;
    if (source.every(({ from, to }) => from === to)) continue;
    if (natRules(site, 'source', pair.family).some((rule) => isMeant(rule, pair, pairs))) continue;
    const traffic = {
      source: destination,
      destination: source,
      protocol,
      sourcePort: destinationPort,
      destinationPort: sourcePort,
    };
    const inbound = interfaceToPeer(site, pair.peer);
    const decrypted = { family: pair.family, traffic, inbound, byPolicy: true };
    if (isTranslated(site, decrypted)) continue;
    const names = [traffic.source, traffic.destination].map((each) => describeAddresses(each, pair.family));
    yield {
      what: names.join(' to '),
      decrypted,
      locations: [locate(index, pair.remote), locate(index, pair.local)],
      limits: limitsOf(pair.tunnel, 'incoming'),
    };
  }
}

/** Those of peers with a VTI, whatever is routed through it. */
function* ofVtis(loaded: LoadedSite, index: number): Iterable<Incoming> {
  for (const { bind, node } of boundVtis(loaded)) {
    const decrypted = { family: 4, traffic: anyTraffic(4), inbound: bind.value, byPolicy: false } as const;
    if (has(node, 'vrf') || isTranslated(loaded.site, decrypted)) continue;
    yield {
      what: `all that comes in by ${bind.value}`,
      decrypted,
      locations: [locate(index, bind)],
      limits: [],
    };
  }
}

/** Its destination changes before the forward filter sees it. */
function isTranslated({ tree, ...site }: Site, { family, traffic }: Omit<Decrypted, 'state'>): boolean {
  if (tagNodes(child(tree, 'nat', 'static', 'rule')).length > 0) return true;
  return natRules({ tree, ...site }, 'destination', family).some(
    (rule) => !rule.exclude && commonTraffic(rule.traffic, traffic) !== undefined,
  );
}

/** A rule for each, before what drops it. */
function admitting(site: Site, index: number, { by, within }: ForwardDrop, all: readonly Dropped[]) {
  if (!within) return [];
  const numbers = freeNumbers(within.numbers, by.rule && Number(by.rule.number), all.length);
  if (!isNonEmpty(numbers)) return [];
  const matchIpsec = site.release === '1.5' ? 'match-ipsec-in' : 'match-ipsec';
  // Firewall rules take ports of TCP and UDP alone, and one that leaves them out is for more than the tunnel.
  if (all.some(({ incoming: { limits } }) => limits === undefined)) return [];
  const commands = all.flatMap(({ incoming: { decrypted, limits = [] } }, at): readonly Command[] => {
    const { family, traffic, inbound, byPolicy } = decrypted;
    const path = [...within.path, 'rule', `${numbers[at]}`];
    const action = setCommand([...path, 'action'], 'accept');
    if (!byPolicy) return [action, setCommand([...path, 'inbound-interface', 'name'], inbound ?? '')];
    return [
      action,
      setCommand([...path, 'ipsec', matchIpsec]),
      setCommand([...path, 'source', 'address'], describeAddresses(traffic.source, family)),
      setCommand([...path, 'destination', 'address'], describeAddresses(traffic.destination, family)),
      ...limits.map(([words, value]) => setCommand([...path, ...words], value)),
    ];
  });
  return mendOf(index, commands);
}

const answersAlone = [
  "set firewall ipv4 forward filter default-action 'drop'",
  "set firewall ipv4 forward filter rule 10 action 'accept'",
  "set firewall ipv4 forward filter rule 10 state 'established'",
  "set firewall ipv4 forward filter rule 10 state 'related'",
].join('\n');

export const firewallDropsTunnelTraffic: SiteRule = {
  id: 'firewall-drops-tunnel-traffic',
  scope: 'site',
  summary: 'The forward filter drops all that comes out of a tunnel.',
  severity: 'warning',
  notify: null,
  why:
    'What IPsec has decrypted is a packet like any other: on its way from the remote prefix to the local one it passes the ' +
    'forward filter. One that accepts established and related connections alone lets through the answers to what this ' +
    'side begins, and nothing that the other side begins. It is an error where answers are dropped as well. Where a part of the ' +
    'traffic may get through, the rule says nothing: what to let in is a decision of the operator.',
  mend:
    'Accept what comes from the remote prefix to the local one and was decrypted (ipsec match-ipsec, match-ipsec-in from ' +
    '1.5), or what comes in by the VTI, in a rule before the one that drops it.',
  sources: [
    {
      title: 'VyOS documentation: policy-based IPsec and firewall',
      url: 'https://docs.vyos.io/en/latest/configexamples/policy-based-ipsec-and-firewall.html',
    },
    vyosFirewallManual,
    vyos('data/templates/firewall/nftables.j2'),
  ],
  bad: { b: answersAlone },
  good: {
    b: [
      answersAlone,
      "set firewall ipv4 forward filter rule 20 action 'accept'",
      "set firewall ipv4 forward filter rule 20 source address '10.1.0.0/24'",
      "set firewall ipv4 forward filter rule 20 destination address '10.2.0.0/24'",
    ].join('\n'),
  },
  check,
};
