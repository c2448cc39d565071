import type { Fix, Location, Problem } from '../lint/finding.ts';
import type { LinkRule } from '../lint/rule.ts';
import type { End, Link } from '../pairing/link.ts';
import { setCommand } from '../vyos/command.ts';
import { contrast } from './contrast.ts';
import { locate, locateNode } from './location.ts';
import { mendOf } from './mend.ts';
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
    fix: [...mend(link.a, link.b), ...mend(link.b, link.a)],
  };
}

function modeOf({ source }: End): string {
  return source.peer.authentication.mode?.value ?? 'not set';
}

function place({ site, source }: End): Location {
  const { mode } = source.peer.authentication;
  return mode ? locate(site, mode) : locateNode(site, source.peer, 'no authentication mode');
}

/** A secret is one more command; a key or certificate must be made and handed over first, and VyOS commits no mode without it. */
function mend({ site, source }: End, facing: End): readonly Fix[] {
  const { mode } = facing.source.peer.authentication;
  if (mode?.value !== 'pre-shared-secret') return [];
  return mendOf(site, [setCommand([...source.peer.path, 'authentication', 'mode'], mode.value)]);
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
  mend: 'Set the same authentication mode on both sides.',
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
