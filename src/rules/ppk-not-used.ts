import type { Problem } from '../lint/finding.ts';
import type { LinkRule } from '../lint/rule.ts';
import { type End, type Link, mayCall } from '../pairing/link.ts';
import { setCommand } from '../vyos/command.ts';
import { peerPath } from './location.ts';
import { mendOf } from './mend.ts';
import { locatePpk, locatePpkUse, ppkFor, ppkIdOf } from './ppk-in-use.ts';
import { rfc, strongswan, vyosPullRequest } from './sources.ts';

function* check(link: Link): Iterable<Problem> {
  const without = link.negotiations.filter(
    ({ initiator, child, result }) =>
      result.outcome === 'established' && result.ppk === false && mayCall(link[initiator], child),
  );
  if (without.length === 0) return;
  const naming = ppkIdOf(link.a) === undefined ? link.b : link.a;
  const facing = naming === link.a ? link.b : link.a;
  const key = ppkFor(facing, naming);
  const names = ppkIdOf(facing) !== undefined;
  const place = (end: End) => (end === facing && key && !names ? undefined : locatePpkUse(end));
  const there = key && locatePpk(facing, key, 'has the key, and its peer does not name it');
  const [first, second] = [link.a, link.b].map((end) => place(end) ?? there ?? locatePpkUse(end));
  if (!first || !second) return;
  yield {
    message: `The tunnel comes up without the post-quantum preshared key that ${naming.name} names`,
    consequence:
      'Traffic passes, and nothing shows that the PPK is not part of the keys: who records it today may read it once a quantum computer breaks the key exchange.',
    ikeError: null,
    exchange: 'IKE_AUTH',
    bites: without.map(({ initiator, child }) => ({ initiator, child })),
    locations: [first, second],
    fix:
      key && !names
        ? mendOf(facing.site, [
            setCommand(peerPath(facing, 'authentication', 'ppk', 'id'), ppkIdOf(naming) ?? ''),
          ])
        : [],
  };
}

export const ppkNotUsed: LinkRule = {
  id: 'ppk-not-used',
  scope: 'link',
  summary: 'A tunnel comes up without the post-quantum preshared key that a side names.',
  severity: 'warning',
  notify: null,
  why:
    'A PPK that is not `required` is left out without a word where the other side has none of that id, or calls and ' +
    'names none. The tunnel stands with the protection of its Diffie-Hellman group alone.',
  mend: 'Give both sides the key, let both peers name its id, and set `ppk required` on both once it works.',
  sources: [
    rfc(8784, '3'),
    strongswan('src/libcharon/sa/ikev2/authenticators/psk_authenticator.c'),
    vyosPullRequest(4930, 'T8136'),
  ],
  bad: {
    a:
      "set vpn ipsec authentication ppk QUANTUM id 'ppk-1'\n" +
      "set vpn ipsec authentication ppk QUANTUM secret 'an-example-of-a-quantum-key'\n" +
      "set vpn ipsec site-to-site peer SITE-B authentication ppk id 'ppk-1'",
    b:
      "set vpn ipsec site-to-site peer SITE-A connection-type 'initiate'\n" +
      "set vpn ipsec authentication ppk QUANTUM id 'ppk-1'\n" +
      "set vpn ipsec authentication ppk QUANTUM secret 'an-example-of-a-quantum-key'",
  },
  good: {},
  check,
};
