import type { Fix, Location, Problem } from '../lint/finding.ts';
import type { LinkRule } from '../lint/rule.ts';
import type { End, Link } from '../pairing/link.ts';
import { type Command, setCommand } from '../vyos/command.ts';
import type { Setting } from '../vyos/setting.ts';
import { child, lastValue } from '../vyos/tree.ts';
import { alsoUsed, groupUse } from './group-users.ts';
import { hasSomebodyToCall } from './groups-in-use.ts';
import { locate } from './location.ts';
import { mendOf } from './mend.ts';
import { vyosManual } from './sources.ts';

function* check(link: Link): Iterable<Problem> {
  const { a, b } = link;
  const ends = [a, b];
  if (!ends.every(({ connection, source }) => connection && hasSomebodyToCall(source))) return;
  // vyos.dev T8952: with unique replace the new IKE_SA takes the place of the old one.
  if (ends.some(isUnique)) return;
  const [dpd, close] = [both(a, b, dpdRestart), both(a, b, closeStart)];
  const [first, ...others] = [...dpd, ...close];
  if (!first) return;
  const what = [
    ...(dpd.length > 0 ? ['DPD action restart'] : []),
    ...(close.length > 0 ? [`close-action ${closeStart(a)?.text ?? 'start'}`] : []),
  ];
  const shared = [a, b].flatMap((end) => (end.source.ikeGroup ? [groupUse(end, end.source.ikeGroup)] : []));
  yield {
    message: `Both sides call again when the tunnel is lost: ${what.join(' and ')} on both`,
    consequence: `After an outage each side builds the tunnel anew: duplicate SAs remain, and traffic can leave by one that the other side does not use. Let one side wait.${alsoUsed(...shared)}`,
    locations: [first, ...others],
    fix: ends.flatMap((end) => waiting(end, dpd.length > 0, close.length > 0)),
  };
}

function both(a: End, b: End, settingOf: (end: End) => Setting<string> | undefined): readonly Location[] {
  const [own, other] = [settingOf(a), settingOf(b)];
  return own && other ? [locate(a.site, own), locate(b.site, other)] : [];
}

function dpdRestart({ source: { ikeGroup } }: End): Setting<string> | undefined {
  const action = ikeGroup?.deadPeerDetection?.action;
  return action?.value === 'restart' ? action : undefined;
}

function closeStart({ source: { ikeGroup } }: End): Setting<string> | undefined {
  const action = ikeGroup?.closeAction;
  return action?.value === 'start' ? action : undefined;
}

function isUnique({ loaded, source: { peer } }: End): boolean {
  return lastValue(child(loaded.site.tree, ...peer.path, 'unique'))?.value === 'replace';
}

/** One end leaves it to the other. */
function waiting(end: End, dpd: boolean, close: boolean): readonly Fix[] {
  const commands: readonly Command[] = [
    ...(dpd ? [dpdRestart(end)] : []).flatMap((action) => (action ? [setCommand(action.path, 'clear')] : [])),
    ...(close ? [closeStart(end)] : []).flatMap((action) =>
      action ? [setCommand(action.path, 'none')] : [],
    ),
  ];
  return mendOf(end.site, commands);
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
