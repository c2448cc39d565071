import type { Problem } from '../lint/finding.ts';
import type { SiteRule } from '../lint/rule.ts';
import type { LoadedSite } from '../strongswan/load-site.ts';
import { setCommand } from '../vyos/command.ts';
import { isAtLeast, nearest } from '../vyos/schema/index.ts';
import type { Setting } from '../vyos/setting.ts';
import { whatIsLeftOut } from '../vyos/whole.ts';
import { locate } from './location.ts';
import { mendOf } from './mend.ts';
import { vyos } from './sources.ts';

function* check({ site }: LoadedSite, index: number): Iterable<Problem> {
  if (whatIsLeftOut(site) !== undefined) return;
  const ike = [...site.ikeGroups.keys()];
  const esp = [...site.espGroups.keys()];
  for (const peer of site.peers) {
    yield* judge(index, 'ike-group', peer.ikeGroup, ike);
    const groups = [peer.defaultEspGroup, ...peer.tunnels.map(({ espGroup }) => espGroup)];
    for (const group of groups) yield* judge(index, 'esp-group', group, esp);
    yield* judge(index, 'esp-group', peer.vti?.espGroup, esp, isAtLeast(site.release, '1.4'));
  }
}

function* judge(
  site: number,
  kind: 'ike-group' | 'esp-group',
  reference: Setting<string> | undefined,
  defined: readonly string[],
  isCommitted = false,
): Iterable<Problem> {
  if (!reference || defined.includes(reference.value)) return;
  const meant = nearest(reference.value, defined) ?? (defined.length === 1 ? defined[0] : undefined);
  const hint =
    defined.length === 0
      ? ` The dump has no ${kind} at all: if it is a part, lint the whole of vpn ipsec.`
      : meant === undefined
        ? ''
        : ` Did you mean "${meant}"?`;
  const what = isCommitted
    ? "VyOS commits the peer all the same, and its VTI proposes strongSwan's default ESP proposals, without PFS."
    : 'VyOS refuses to commit the peer, and the router has no connection for it.';
  yield {
    message: `No ${kind} "${reference.value}" is defined`,
    consequence: `${what}${hint}`,
    locations: [locate(site, reference, 'not defined')],
    ...(isCommitted ? { severity: 'warning' as const } : { unloads: true as const }),
    fix: meant === undefined ? [] : mendOf(site, [setCommand(reference.path, meant)]),
  };
}

export const undefinedGroup: SiteRule = {
  id: 'undefined-group',
  scope: 'site',
  summary: 'A peer or tunnel names an IKE or ESP group that is not there.',
  severity: 'error',
  notify: null,
  why:
    'VyOS refuses to commit a peer that names a group which is not defined ("Invalid ike-group on site-to-site peer"). ' +
    'The esp-group of a VTI is not checked from VyOS 1.4 on: strongSwan then has its default ESP proposals. ' +
    'Names are case sensitive.',
  mend: 'Correct the name, or define the group.',
  sources: [vyos('src/conf_mode/vpn_ipsec.py')],
  bad: { b: "set vpn ipsec site-to-site peer SITE-A default-esp-group 'ESP-a'" },
  good: { b: "set vpn ipsec site-to-site peer SITE-A default-esp-group 'ESP-A'" },
  check,
};
