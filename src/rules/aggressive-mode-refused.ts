import type { Problem } from '../lint/finding.ts';
import type { LinkRule } from '../lint/rule.ts';
import type { Link, Network } from '../pairing/link.ts';
import { settingOfOrigin } from '../vyos/conf-origin.ts';
import { changeSetting } from './group-users.ts';
import { locateSet } from './location.ts';
import { evidenceOf, isNonEmpty, occurrencesOf } from './occurrence.ts';
import { rfc, strongswan } from './sources.ts';

function* check(link: Link, network: Network): Iterable<Problem> {
  for (const end of [link.a, link.b]) {
    const found = occurrencesOf(link, ({ reason }) => reason === 'aggressive-psk-refused').filter(
      ({ initiator }) => initiator.side === end.side,
    );
    if (!isNonEmpty(found)) continue;
    const mode = end.section?.aggressive;
    yield {
      message: `${end.name} calls in aggressive mode with a pre-shared secret, which strongSwan refuses`,
      consequence:
        'No tunnel when this side calls: the other answers AUTHENTICATION_FAILED, whatever the secret.',
      ...evidenceOf(found),
      locations: [locateSet(end, mode, 'no ike-group')],
      fix: mode ? changeSetting(end, settingOfOrigin(mode.origin), 'main', network) : [],
    };
  }
}

export const aggressiveModeRefused: LinkRule = {
  id: 'aggressive-mode-refused',
  scope: 'link',
  summary: 'IKEv1 aggressive mode with a pre-shared secret.',
  severity: 'error',
  notify: 'AUTHENTICATION_FAILED',
  why:
    'Aggressive mode sends a hash of the secret in the clear, from which it can be guessed offline. strongSwan refuses it ' +
    'as a responder unless an option is set that VyOS never sets.',
  mend: 'Use main mode, or better IKEv2.',
  sources: [rfc(2409, '5.4'), strongswan('src/libcharon/sa/ikev1/tasks/aggressive_mode.c')],
  bad: {
    a: "set vpn ipsec ike-group IKE-B key-exchange 'ikev1'\nset vpn ipsec ike-group IKE-B mode 'aggressive'",
    b: "set vpn ipsec ike-group IKE-A key-exchange 'ikev1'\nset vpn ipsec ike-group IKE-A mode 'aggressive'",
  },
  good: {
    a: "set vpn ipsec ike-group IKE-B key-exchange 'ikev2'\nset vpn ipsec ike-group IKE-B mode 'aggressive'",
    b: "set vpn ipsec ike-group IKE-A key-exchange 'ikev2'\nset vpn ipsec ike-group IKE-A mode 'aggressive'",
  },
  check,
};
