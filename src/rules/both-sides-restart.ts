import type { Leaf } from '../ike/swanctl-conf.ts';
import type { Fix, Problem } from '../lint/finding.ts';
import type { LinkRule } from '../lint/rule.ts';
import { type End, initiationBy, type Link } from '../pairing/link.ts';
import { setCommand } from '../vyos/command.ts';
import { settingOfOrigin } from '../vyos/conf-origin.ts';
import { alsoUsed, groupUse } from './group-users.ts';
import { locateLeaf } from './location.ts';
import { mendOf } from './mend.ts';
import { isNonEmpty } from './occurrence.ts';
import { vyosManual } from './sources.ts';

/** What makes an end build a lost tunnel anew. */
interface Restart {
  readonly end: End;
  readonly dpd: Leaf<string> | undefined;
  readonly close: Leaf<string> | undefined;
}

function restartOf(end: End): Restart {
  const initiation = initiationBy(end);
  const [child] = end.connection?.children ?? [];
  return {
    end,
    dpd: initiation?.afterDpd === 'start' ? child?.section.dpd_action : undefined,
    close: initiation?.afterClose === 'start' ? child?.section.close_action : undefined,
  };
}

function* check(link: Link): Iterable<Problem> {
  const ends = [restartOf(link.a), restartOf(link.b)];
  // vyos.dev T8952: with unique replace the new IKE_SA takes the place of the old one.
  if (ends.some(({ end }) => end.connection?.unique === 'replace')) return;
  const dpd = ends.every((each) => each.dpd);
  const close = ends.every((each) => each.close);
  const places = [
    ...ends.flatMap(({ end, dpd: leaf }) => (dpd && leaf ? [locateLeaf(end.site, leaf)] : [])),
    ...ends.flatMap(({ end, close: leaf }) => (close && leaf ? [locateLeaf(end.site, leaf)] : [])),
  ];
  if (!isNonEmpty(places)) return;
  const word = ends[0]?.close && settingOfOrigin(ends[0].close.origin).text;
  const what = [
    ...(dpd ? ['DPD action restart'] : []),
    ...(close ? [`close-action ${word ?? 'start'}`] : []),
  ];
  const shared = ends.flatMap((each) => {
    const leaf = each.dpd ?? each.close;
    return leaf ? [groupUse(each.end, settingOfOrigin(leaf.origin))] : [];
  });
  yield {
    message: `Both sides call again when the tunnel is lost: ${what.join(' and ')} on both`,
    consequence: `After an outage each side builds the tunnel anew: duplicate SAs remain, and traffic can leave by one that the other side does not use. Let one side wait.${alsoUsed(...shared)}`,
    locations: places,
    fix: ends.flatMap((each) => waiting(each, dpd, close)),
  };
}

/** One end leaves it to the other. */
function waiting({ end, ...leaves }: Restart, dpd: boolean, close: boolean): readonly Fix[] {
  const set = (leaf: Leaf<string> | undefined, value: string) =>
    leaf ? [setCommand(settingOfOrigin(leaf.origin).path, value)] : [];
  return mendOf(end.site, [
    ...(dpd ? set(leaves.dpd, 'clear') : []),
    ...(close ? set(leaves.close, 'none') : []),
  ]);
}

export const bothSidesRestart: LinkRule = {
  id: 'both-sides-restart',
  scope: 'link',
  summary: 'Both sides build the tunnel anew after an outage.',
  severity: 'warning',
  notify: null,
  why:
    'DPD action restart and close-action start make a side call again when the tunnel is lost. Where both sides do, both ' +
    'build it at once: the IKE_SAs and CHILD_SAs pile up, the sides may send by different ones, and a VTI can flap. ' +
    'VyOS does not replace the older SA unless the peer has unique replace.',
  mend:
    'Let one side call and the other wait: connection-type initiate, DPD action restart and close-action start on the one; ' +
    'connection-type none, DPD action clear and close-action none on the other.',
  sources: [
    vyosManual,
    { title: 'VyOS: T8952, IKE SAs pile up with DPD restart', url: 'https://vyos.dev/T8952' },
  ],
  bad: { b: "set vpn ipsec ike-group IKE-A dead-peer-detection action 'restart'" },
  good: { b: "set vpn ipsec ike-group IKE-A dead-peer-detection action 'trap'" },
  check,
};
