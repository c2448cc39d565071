import { keysRefused } from '../ike/negotiate.ts';
import type { Location, Problem } from '../lint/finding.ts';
import type { LinkRule } from '../lint/rule.ts';
import type { End, Link } from '../pairing/link.ts';
import { isNode, settingOfOrigin } from '../vyos/conf-origin.ts';
import { writesIpsecConf } from '../vyos/release.ts';
import { locate } from './location.ts';
import { evidenceOf, isNonEmpty, type Occurrence, occurrencesOf } from './occurrence.ts';
import { rfc, strongswan, vyosManual } from './sources.ts';

function* check(link: Link): Iterable<Problem> {
  const found = occurrencesOf(link, ({ reason }) => reason === 'psk-mismatch');
  if (!isNonEmpty(found)) return;
  const evidence = evidenceOf(found);
  const judges = new Set(found.map(({ failure }) => failure.detectedBy));
  const judge = judges.size > 1 ? 'side that refuses' : judges.has('initiator') ? 'initiator' : 'responder';
  yield {
    message: 'The pre-shared secrets differ',
    consequence: `${
      evidence.exchange === 'IKE_AUTH'
        ? `No tunnel: IKE_SA_INIT succeeds, then IKE_AUTH is refused. The ${judge} logs that the MAC mismatched.`
        : 'No tunnel, and no error to see: the responder cannot decrypt the message and drops it, the initiator times out.'
    } Set the secret of one side on the other: it is not shown here.${readUnlike(link)}`,
    ...evidence,
    locations: [place(link.a, found[0]), place(link.b, found[0])],
  };
}

/** The same text may be two keys. Said of every such pair, so that it tells nothing of the secret. */
function readUnlike({ a, b }: Link): string {
  const [older, newer] = [a.release, b.release].toSorted(
    (one, other) => Number(writesIpsecConf(other)) - Number(writesIpsecConf(one)),
  );
  if (!older || !newer || writesIpsecConf(older) === writesIpsecConf(newer)) return '';
  return ` VyOS ${older} takes the text as it stands; ${newer} decodes one that begins with 0x or 0s, and backslashes.`;
}

function place(end: End, { record, initiator }: Occurrence): Location {
  const key = keysRefused(record)?.[initiator.side === end.side ? 'initiator' : 'responder'];
  const secret = settingOfOrigin(key?.section.secret.origin ?? end.origin);
  const used = 'this secret is used, and is another than on the other side';
  return locate(end.site, secret, isNode(secret) ? 'no secret' : used);
}

export const pskMismatch: LinkRule = {
  id: 'psk-mismatch',
  scope: 'link',
  summary: 'The two sides use different pre-shared secrets.',
  severity: 'error',
  notify: 'AUTHENTICATION_FAILED',
  why:
    'Each side takes the secret whose ids match the peer best, so with several psk entries it may be another than you ' +
    'think: the finding points at the entry that is used. What stands in the secret counts to the last character; ' +
    'a text that begins with 0x or 0s is read as hexadecimal or base64, but for VyOS 1.2 and 1.3, which take it as it ' +
    'stands. In IKEv1 main mode the secret is part of the ' +
    'encryption key, so that a wrong one gives no error at all, only a timeout. Secrets are compared and never shown.',
  mend: 'Set the same secret on both sides. Copy it; do not type it.',
  sources: [
    rfc(7296, '2.15'),
    rfc(2409, '5.4'),
    strongswan('src/libcharon/sa/ikev2/authenticators/psk_authenticator.c'),
    strongswan('src/swanctl/commands/load_creds.c'),
    vyosManual,
  ],
  bad: { b: "set vpn ipsec authentication psk TUNNEL secret 'another-secret-of-this-example'" },
  good: {},
  check,
};
