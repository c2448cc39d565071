import type { Problem } from '../lint/finding.ts';
import type { LinkRule } from '../lint/rule.ts';
import type { End, Link, Network } from '../pairing/link.ts';
import { setCommand } from '../vyos/command.ts';
import { settingOfOrigin } from '../vyos/conf-origin.ts';
import { contrast } from './contrast.ts';
import { alsoUsed, changeGroup, groupUse } from './group-users.ts';
import { locateSet } from './location.ts';
import { evidenceOf, isNonEmpty, occurrencesOf } from './occurrence.ts';
import { rfc, strongswan } from './sources.ts';

function* check(link: Link, network: Network): Iterable<Problem> {
  const found = occurrencesOf(link, ({ reason }) => reason === 'mode-mismatch');
  if (!isNonEmpty(found)) return;
  const groups = [link.a, link.b].flatMap((end) => {
    const mode = end.section?.aggressive;
    return mode?.value ? [groupUse(end, settingOfOrigin(mode.origin))] : [];
  });
  yield {
    ...contrast(link, {
      fact: 'IKEv1 mode differs',
      what: 'IKEv1 mode',
      a: modeOf(link.a),
      b: modeOf(link.b),
    }),
    consequence: `The side in aggressive mode refuses a call in main mode. Its own calls are refused because strongSwan takes no pre-shared secret in aggressive mode.${alsoUsed(...groups)}`,
    ...evidenceOf(found),
    locations: [
      locateSet(link.a, link.a.section?.aggressive, 'no ike-group'),
      locateSet(link.b, link.b.section?.aggressive, 'no ike-group'),
    ],
    fix: groups.flatMap((use) => changeGroup(use, network, [setCommand(use.setting.path, 'main')])),
  };
}

function modeOf({ section }: End): string {
  return section?.aggressive?.value ? 'aggressive' : 'main';
}

export const ikeModeMismatch: LinkRule = {
  id: 'ike-mode-mismatch',
  scope: 'link',
  summary: 'One side is in IKEv1 main mode, the other in aggressive mode.',
  severity: 'error',
  notify: 'AUTHENTICATION_FAILED',
  why:
    'strongSwan looks for a connection of the mode in which it is called. It answers AUTHENTICATION_FAILED when there is ' +
    'none, and logs that no config allows the method using that mode.',
  mend: 'Use main mode on both sides, or better IKEv2, which has no modes.',
  sources: [rfc(2409, '5'), strongswan('src/libcharon/sa/ikev1/phase1.c')],
  bad: {
    a: "set vpn ipsec ike-group IKE-B key-exchange 'ikev1'",
    b: "set vpn ipsec ike-group IKE-A key-exchange 'ikev1'\nset vpn ipsec ike-group IKE-A mode 'aggressive'",
  },
  good: {
    a: "set vpn ipsec ike-group IKE-B key-exchange 'ikev2'",
    b: "set vpn ipsec ike-group IKE-A key-exchange 'ikev2'\nset vpn ipsec ike-group IKE-A mode 'main'",
  },
  check,
};
