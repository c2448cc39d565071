import { restores } from '../ike/initiation.ts';
import type { Problem } from '../lint/finding.ts';
import type { LinkRule } from '../lint/rule.ts';
import { type End, initiationBy, type Link } from '../pairing/link.ts';
import { setCommand } from '../vyos/command.ts';
import { settingOfOrigin } from '../vyos/conf-origin.ts';
import { locateLeaf } from './location.ts';
import { mendOf } from './mend.ts';
import { isNonEmpty } from './occurrence.ts';
import { strongswan, vyosManual } from './sources.ts';

function* check(link: Link): Iterable<Problem> {
  const ends = [link.a, link.b];
  const callers = ends.filter((end) => initiationBy(end)?.atLoad === 'start');
  if (ends.some(({ connection }) => !connection) || callers.length === 0 || ends.some(bringsBack)) return;
  const found = callers.flatMap((end) => {
    const leaf = end.connection?.children[0]?.section.dpd_action;
    return leaf ? [{ end, leaf, action: settingOfOrigin(leaf.origin) }] : [];
  });
  if (!isNonEmpty(found)) return;
  const [first, ...others] = found;
  yield {
    message: `Nothing calls again when the tunnel is lost: DPD action ${String(first.action.value)}`,
    consequence:
      'After an outage the SAs are taken down on both sides and neither calls: the tunnel stays down until the daemon is restarted or somebody initiates it.',
    locations: [
      locateLeaf(first.end.site, first.leaf),
      ...others.map(({ end, leaf }) => locateLeaf(end.site, leaf)),
    ],
    fix: found.flatMap(({ end, action }) => mendOf(end.site, [setCommand(action.path, 'restart')])),
  };
}

function bringsBack(end: End): boolean {
  const initiation = initiationBy(end);
  if (!initiation) return false;
  // Where DPD is missing dpd-missing tells it.
  if (initiation.atLoad === 'start' && !end.connection?.children[0]?.section.dpd_action) return true;
  return restores(initiation);
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
