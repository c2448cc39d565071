import { groupedBySecret, isMasked } from '../ike/secret.ts';
import { guessabilityJudge } from '../ike/secret-strength.ts';
import type { Problem } from '../lint/finding.ts';
import type { SiteRule } from '../lint/rule.ts';
import type { LoadedSite } from '../strongswan/load-site.ts';
import type { Site } from '../vyos/site.ts';
import { locate } from './location.ts';
import { rfc, vyosManual } from './sources.ts';

/** Fixed words, whatever the secret: not one of them tells how weak it is, or why. */
function* check({ site }: LoadedSite, index: number): Iterable<Problem> {
  const secrets = site.psks.flatMap(({ secret }) => (secret && !isMasked(secret.value) ? [secret] : []));
  if (secrets.length === 0) return;
  const isGuessable = guessabilityJudge(namesOf(site));
  // The same one in several places is one secret to change.
  for (const [first, ...others] of groupedBySecret(secrets, ({ value }) => value)) {
    if (isGuessable(first.value) !== true) continue;
    yield {
      message: 'The pre-shared secret is easier to guess than 20 random characters',
      short: 'secret easy to guess',
      consequence:
        'Whoever answers in the place of the peer can try secrets offline until one fits, and then read and change what goes through the tunnel.',
      locations: [locate(index, first, 'weak'), ...others.map((other) => locate(index, other, 'the same'))],
    };
  }
}

/** With these a guesser begins. */
function namesOf({ name, peers, psks }: Site): readonly string[] {
  return [
    name,
    ...peers.flatMap((peer) => [
      peer.name,
      peer.authentication.localId?.value ?? '',
      peer.authentication.remoteId.value,
    ]),
    ...psks.flatMap((psk) => [psk.name, ...psk.ids.map(({ value }) => value)]),
  ];
}

export const pskWeak: SiteRule = {
  id: 'psk-weak',
  scope: 'site',
  summary: 'A pre-shared secret is easier to guess than 20 random characters.',
  severity: 'warning',
  notify: null,
  why:
    'In IKEv2 an active attacker, and in aggressive mode of IKEv1 a passive one, gets a value that depends on the secret ' +
    'and can try guesses against it as fast as his machines compute. A secret must therefore be random, and not a ' +
    'phrase, a name or a pattern. How it was judged is not shown, because that would help to guess it.',
  mend: "Make a new secret, for example with 'openssl rand -base64 24', and set it on both sides at the same time.",
  sources: [rfc(7296, '2.15'), rfc(7296, '5'), vyosManual],
  bad: {
    a: "set vpn ipsec authentication psk TUNNEL secret 'secret-tunnel-key'",
    b: "set vpn ipsec authentication psk TUNNEL secret 'secret-tunnel-key'",
  },
  good: {
    a: "set vpn ipsec authentication psk TUNNEL secret 'q8ZtVw2mK7xRfP4cJ9nLs3Hd'",
    b: "set vpn ipsec authentication psk TUNNEL secret 'q8ZtVw2mK7xRfP4cJ9nLs3Hd'",
  },
  check,
};
