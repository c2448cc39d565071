import type { Location, Problem } from '../lint/finding.ts';
import type { LinkRule } from '../lint/rule.ts';
import type { End, Link } from '../pairing/link.ts';
import { setCommand } from '../vyos/command.ts';
import type { Setting } from '../vyos/setting.ts';
import { catchesNothing, hasSomebodyToCall, isTrap, startsBySelf } from './groups-in-use.ts';
import { locate } from './location.ts';
import { mendOf } from './mend.ts';
import { strongswan, vyosManual } from './sources.ts';

function* check(link: Link): Iterable<Problem> {
  const ends = [link.a, link.b];
  const callers = ends.filter(({ source }) => startsBySelf(source));
  if (ends.some(({ connection }) => !connection) || callers.length === 0 || ends.some(bringsBack)) return;
  const [first, ...others] = callers.flatMap((end) => {
    const action = end.source.ikeGroup?.deadPeerDetection?.action;
    return action ? [{ end, action }] : [];
  });
  if (!first) return;
  yield {
    message: `Nothing calls again when the tunnel is lost: DPD action ${first.action.value}`,
    consequence:
      'After an outage the SAs are taken down on both sides and neither calls: the tunnel stays down until the daemon is restarted or somebody initiates it.',
    locations: [placeOf(first), ...others.map(placeOf)],
    fix: [first, ...others].flatMap(({ end, action }) =>
      mendOf(end.site, [setCommand(action.path, 'restart')]),
    ),
  };
}

function placeOf({ end, action }: { readonly end: End; readonly action: Setting<string> }): Location {
  return locate(end.site, action);
}

/** Whether an end calls again by itself: DPD restarts it, or the next packet for the tunnel does. */
function bringsBack({ source }: End): boolean {
  const { ikeGroup, peer } = source;
  if (!hasSomebodyToCall(source)) return false;
  const action = ikeGroup?.deadPeerDetection?.action.value;
  // Where DPD is missing dpd-missing tells it.
  if (ikeGroup && !ikeGroup.deadPeerDetection && startsBySelf(source)) return true;
  if (action === 'restart') return true;
  return !catchesNothing(peer) && [action ?? '', peer.connectionType.value].some(isTrap);
}

export const dpdNeverRestarts: LinkRule = {
  id: 'dpd-never-restarts',
  scope: 'link',
  summary: 'Neither side calls again after dead-peer-detection has taken the tunnel down.',
  severity: 'warning',
  notify: null,
  why:
    'DPD action clear takes the SAs of a lost peer down and does nothing more; connection-type initiate calls once, when ' +
    'the connection is loaded. Where no side has action restart or trap, nothing brings the tunnel back after an outage. ' +
    'Clear is the default of the action.',
  mend: 'Set the DPD action restart on the side that calls, and leave clear on the side that answers.',
  sources: [vyosManual, strongswan('src/libcharon/sa/ike_sa.c')],
  bad: { a: "set vpn ipsec ike-group IKE-B dead-peer-detection action 'clear'" },
  good: { a: "set vpn ipsec ike-group IKE-B dead-peer-detection action 'trap'" },
  check,
};
