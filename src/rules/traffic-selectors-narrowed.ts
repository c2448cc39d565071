import type { Selectors } from '../ike/child.ts';
import type { ChildConfig } from '../ike/connection.ts';
import { coveredIn, type NegotiationRecord, selectorsIn } from '../ike/negotiate.ts';
import type { Leaf } from '../ike/swanctl-conf.ts';
import {
  formatSelector,
  isContainedIn,
  protocolNumber,
  type TrafficSelector,
} from '../ike/traffic-selector.ts';
import type { Problem } from '../lint/finding.ts';
import type { LinkRule } from '../lint/rule.ts';
import { type Link, mayCall, type Network } from '../pairing/link.ts';
import { settingNamed } from '../vyos/conf-origin.ts';
import { bothToIkev2 } from './group-users.ts';
import { mirrorPrefixes } from './mirror-prefixes.ts';
import { isNonEmpty } from './occurrence.ts';
import { rfc, strongswan, vyosManual } from './sources.ts';
import { inOrder } from './traffic-selectors-disjoint.ts';
import { isVti, locateAllSelectors, locateProtocol, takesAllTraffic } from './tunnels.ts';

/** A child that came about, and the two that it was made of. */
interface Meeting {
  readonly record: NegotiationRecord;
  readonly a: ChildConfig;
  readonly b: ChildConfig;
}

function meetings(link: Link): readonly Meeting[] {
  return link.records.flatMap((record): readonly Meeting[] => {
    const { attempt, childSa } = record.run ?? {};
    if (record.negotiation.result.outcome !== 'established' || !attempt || !childSa) return [];
    const [own, other] = [attempt.child, childSa.responderChild];
    return [
      { record, ...(record.negotiation.initiator === 'a' ? { a: own, b: other } : { a: other, b: own }) },
    ];
  });
}

/** The pairs of selectors of a child that none of the CHILD_SAs carries. */
function uncovered({ local: own, remote: other }: Selectors, covered: readonly Selectors[]) {
  return own.flatMap((local) =>
    other
      .filter((remote) => remote.family === local.family)
      .filter(
        (remote) =>
          !covered.some(
            (sa) =>
              sa.local.some((selector) => isContainedIn(local, selector)) &&
              sa.remote.some((selector) => isContainedIn(remote, selector)),
          ),
      )
      .map((remote) => ({ local, remote })),
  );
}

function isMade(link: Link): (meeting: Meeting) => boolean {
  return ({ record: { negotiation } }) => mayCall(link[negotiation.initiator], negotiation.child);
}

function* check(link: Link, network: Network): Iterable<Problem> {
  const all = meetings(link);
  // What would come of calls that nobody makes carries nothing.
  const made = all.filter(isMade(link));
  const seen = new Set<string>();
  for (const meeting of all) {
    const key = JSON.stringify([meeting.a.name, meeting.b.name]);
    if (seen.has(key)) continue;
    seen.add(key);
    const same = all.filter(({ a, b }) => a.name === meeting.a.name && b.name === meeting.b.name);
    const problem = narrowing(
      link,
      network,
      meeting,
      same,
      same.some((each) => made.includes(each)) ? made : all,
    );
    if (problem) yield problem;
  }
}

function narrowing(
  link: Link,
  network: Network,
  { a, b, record }: Meeting,
  same: readonly Meeting[],
  all: readonly Meeting[],
): Problem | undefined {
  const ends = [
    { end: link.a, child: a, other: b },
    { end: link.b, child: b, other: a },
  ];
  const lost = ends.flatMap(({ end, child, other }) => {
    const selectors = selectorsIn(record, end.side, child);
    if (!selectors) return [];
    const isOlder = other.localSelectors.every((selector) => 'family' in selector && selector.family === 4);
    const ofVtis = [child, other].every(({ section }) => isVti(section));
    const named = withoutImplicit(child, selectors, same, ofVtis && isOlder);
    const covered = all.flatMap((meeting) => coveredIn(meeting.record, end.side) ?? []);
    return uncovered(named, covered).map((pair) => ({ end, child, ...pair }));
  });
  const [first] = lost;
  if (!first) return undefined;
  const isIkev1 = same.some(({ record: { negotiation } }) => negotiation.ikeVersion === 1);
  const firstOnly =
    isIkev1 &&
    [a, b].some(
      ({ localSelectors, remoteSelectors }) => localSelectors.length > 1 || remoteSelectors.length > 1,
    );
  const x = first.end.name;
  const traffic = `${formatSelector(first.local)} to ${formatSelector(first.remote)}`;
  const more = lost.length > 1 ? ` and ${lost.length - 1} more` : '';
  const locations = [
    ...locateAllSelectors(link, a, b),
    ...locateProtocol(link.a, a.section),
    ...locateProtocol(link.b, b.section),
  ];
  if (!isNonEmpty(locations)) return undefined;
  // A VTI names no traffic, its routes do: what is narrowed away of its 0.0.0.0/0 may never be sent.
  const named = lost.some(({ child }) => !takesAllTraffic(child.section));
  const happens = same.some(isMade(link));
  return {
    message: firstOnly
      ? `IKEv1 carries only the first pair of prefixes: ${traffic}${more} of ${x} ${first.child.name} is left out`
      : `Narrowed: ${traffic}${more} of ${x} ${first.child.name} is not in the tunnel`,
    consequence:
      'The tunnel comes up and looks healthy, with what both sides have in common. The rest matches no IPsec policy: ' +
      'it leaves unprotected, or goes nowhere.',
    exchange: isIkev1 ? 'QUICK_MODE' : 'IKE_AUTH',
    ikeError: null,
    bites: same.map(({ record: { negotiation } }) => ({
      initiator: negotiation.initiator,
      child: negotiation.child,
    })),
    severity: !happens ? 'info' : named ? 'error' : 'warning',
    locations: inOrder(link, locations),
    ...(firstOnly ? { fix: bothToIkev2(link, network), fixAll: true } : { fix: mirrorPrefixes(link, a, b) }),
  };
}

/**
 * A VTI has all of IPv4 and IPv6 for its selectors without anybody asking for both: IKEv1 leaves IPv6 out, harmlessly,
 * and so does the VTI of VyOS 1.2 and 1.3, which has IPv4 alone (`older`).
 */
function withoutImplicit(
  child: ChildConfig,
  selectors: Selectors,
  same: readonly Meeting[],
  older: boolean,
): Selectors {
  const implicit = takesAllTraffic(child.section);
  const v1 = same.some(({ record: { negotiation } }) => negotiation.ikeVersion === 1);
  const pairable = (list: readonly TrafficSelector[], other: readonly TrafficSelector[]) =>
    list.filter(({ family }) => other.some((selector) => selector.family === family));
  const kept = {
    local: pairable(selectors.local, selectors.remote),
    remote: pairable(selectors.remote, selectors.local),
  };
  const meant = asMeant(child, kept);
  if (!implicit || !(v1 || older)) return meant;
  const v4 = (list: readonly TrafficSelector[]) => list.filter(({ family }) => family === 4);
  return { local: v4(kept.local), remote: v4(kept.remote) };
}

/**
 * What a tunnel without a prefix names, where its release drops the protocol of it: the tunnel takes more than it means
 * to, and what is narrowed away of that is no loss.
 */
function asMeant({ section }: ChildConfig, selectors: Selectors): Selectors {
  const only = (list: readonly TrafficSelector[], leaves: readonly Leaf<string>[]) => {
    const [implied] = leaves.filter((leaf) => leaf.implied);
    const protocol = implied && protocolNumber(String(settingNamed(implied, 'protocol')?.value));
    return protocol ? list.map((selector) => ({ ...selector, protocol })) : list;
  };
  return {
    local: only(selectors.local, section.local_ts),
    remote: only(selectors.remote, section.remote_ts),
  };
}

export const trafficSelectorsNarrowed: LinkRule = {
  id: 'traffic-selectors-narrowed',
  scope: 'link',
  summary: 'The tunnel comes up with less traffic than one side means to protect.',
  severity: 'error',
  notify: null,
  why:
    'The responder takes the part of the selectors that both sides have, and says nothing about the rest. IKEv1 sends ' +
    'only the first local and the first remote prefix of a tunnel. Traffic outside matches no policy and leaves by the ' +
    'ordinary route, unencrypted, or is dropped there.',
  mend: 'Make the prefixes of the two sides mirror each other. With IKEv1 give each pair of prefixes a tunnel of its own, or use IKEv2.',
  sources: [rfc(7296, '2.9'), rfc(2409, '5.5'), strongswan('src/libcharon/config/child_cfg.c'), vyosManual],
  bad: {
    b: "delete vpn ipsec site-to-site peer SITE-A tunnel 1 remote prefix\nset vpn ipsec site-to-site peer SITE-A tunnel 1 remote prefix '10.1.0.0/25'",
  },
  good: {},
  check,
};
