import type { Problem } from '../lint/finding.ts';
import type { LinkRule } from '../lint/rule.ts';
import { inTurn, type Link, type LoneEnd } from '../pairing/link.ts';
import type { Doubt } from '../vyos/firewall/index.ts';
import { deciderOf } from '../vyos/packets/decider.ts';
import { remoteAddressesOf } from './end-addresses.ts';
import { arrivalFrom, judgedAlone, locateSender, nameOf, type Sent } from './firewall-drop.ts';
import { isEncapsulated } from './firewall-link-drops.ts';
import { locateNode } from './location.ts';
import { vyos, vyosFirewallManual } from './sources.ts';

const kinds: readonly Sent[] = [500, 4500, 'esp'];

function* check(link: Link): Iterable<Problem> {
  const sent = kinds.filter((kind) => kind !== 'esp' || !isEncapsulated(link));
  for (const [end, facing] of inTurn(link)) {
    yield* problemOf(end, facing.name, sent, (kind) => {
      const arrival = arrivalFrom(link, end, kind);
      const obstacles = arrival ? end.daemon.inbound(arrival) : [];
      return obstacles.flatMap((each) => deciderOf('firewall-doubt', each)?.doubt ?? []);
    });
  }
}

function* checkAlone(end: LoneEnd): Iterable<Problem> {
  const [address] = remoteAddressesOf(end);
  yield* problemOf(end, String(address?.value ?? 'its peers'), kinds, (kind) =>
    judgedAlone(end, kind, 'new').flatMap(({ verdict }) =>
      verdict.kind === 'unknown' ? [verdict.doubt] : [],
    ),
  );
}

function* problemOf(
  end: LoneEnd,
  who: string,
  sent: readonly Sent[],
  doubtsOf: (kind: Sent) => readonly Doubt[],
): Iterable<Problem> {
  const undecided = sent.flatMap((kind) =>
    doubtsOf(kind)
      .slice(0, 1)
      .map((doubt) => ({ kind, doubt })),
  );
  const [first] = undecided;
  if (!first) return;
  const { why, at, path } = first.doubt;
  const names = undecided.map(({ kind }) => nameOf(kind)).join(' and ');
  yield {
    message: `Whether the firewall lets ${names} of ${who} in cannot be told: ${why}`,
    consequence: 'It is taken to be let in. This is neither a pass nor a fault.',
    locations: [
      locateNode(end.site, { at, path }, 'not known from the dump'),
      locateSender(end, `sends ${names}`),
    ],
  };
}

export const firewallUndecided: LinkRule = {
  id: 'firewall-undecided',
  scope: 'link',
  summary: 'The dump does not hold what decides whether the firewall lets IKE in.',
  severity: 'info',
  notify: null,
  why:
    'A rule with a limit or a time, a group whose members DNS finds, a masked address or a ruleset that is not in the dump ' +
    'may let the packets of the peer in, or not.',
  mend: 'Look at the rule by hand, or accept UDP 500, UDP 4500 and ESP from the peer in a rule before it.',
  sources: [vyosFirewallManual, vyos('python/vyos/firewall.py')],
  bad: {
    b:
      "set firewall ipv4 input filter rule 10 action 'drop'\n" +
      "set firewall ipv4 input filter rule 10 recent count '4'\n" +
      "set firewall ipv4 input filter rule 10 recent time 'minute'",
  },
  good: {
    b:
      "set firewall ipv4 input filter rule 5 action 'accept'\n" +
      "set firewall ipv4 input filter rule 5 source address '203.0.113.1'\n" +
      "set firewall ipv4 input filter rule 10 action 'drop'\n" +
      "set firewall ipv4 input filter rule 10 recent count '4'\n" +
      "set firewall ipv4 input filter rule 10 recent time 'minute'",
  },
  check,
  checkAlone,
};
