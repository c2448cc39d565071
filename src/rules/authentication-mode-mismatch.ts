import type { Location, Problem } from '../lint/finding.ts';
import type { LinkRule } from '../lint/rule.ts';
import type { End, Link } from '../pairing/link.ts';
import { settingOfOrigin } from '../vyos/conf-origin.ts';
import { contrast } from './contrast.ts';
import { locateSet } from './location.ts';
import { evidenceOf, isNonEmpty, occurrencesOf } from './occurrence.ts';
import { rfc, strongswan } from './sources.ts';

function* check(link: Link): Iterable<Problem> {
  const found = occurrencesOf(link, ({ reason }) => reason === 'auth-method');
  if (!isNonEmpty(found)) return;
  yield {
    ...contrast(link, {
      fact: 'Authentication mode differs',
      what: 'authentication mode',
      a: modeOf(link.a),
      b: modeOf(link.b),
    }),
    consequence: 'No tunnel: each side insists on a proof that the other does not give.',
    ...evidenceOf(found),
    locations: [place(link.a), place(link.b)],
  };
}

function modeOf({ section, origin }: End): string {
  return String(settingOfOrigin(section?.local.auth.origin ?? origin).value ?? 'not set');
}

function place(end: End): Location {
  return locateSet(end, end.section?.local.auth, 'no authentication mode');
}

export const authenticationModeMismatch: LinkRule = {
  id: 'authentication-mode-mismatch',
  scope: 'link',
  summary: 'One side authenticates with a pre-shared secret, the other with a key or certificate.',
  severity: 'error',
  notify: 'AUTHENTICATION_FAILED',
  why:
    'VyOS asks of the peer what it gives itself: with mode pre-shared-secret it wants a secret, with x509 or rsa a ' +
    'signature. The side that is shown the wrong kind of proof answers AUTHENTICATION_FAILED.',
  mend:
    'Set the same authentication mode on both sides. No command is suggested: a secret in the place of a key or a ' +
    'certificate is a weaker proof, and a certificate has to be made and handed over first.',
  sources: [rfc(7296, '2.15'), strongswan('src/libstrongswan/credentials/auth_cfg.c')],
  bad: {
    b: [
      "set vpn ipsec site-to-site peer SITE-A authentication mode 'rsa'",
      "set vpn ipsec site-to-site peer SITE-A authentication rsa local-key 'SITE-B'",
      "set vpn ipsec site-to-site peer SITE-A authentication rsa remote-key 'SITE-A'",
    ].join('\n'),
  },
  good: {},
  check,
};
