import type { Location, Problem } from '../lint/finding.ts';
import type { LinkRule } from '../lint/rule.ts';
import { type End, facingEnd, type Link } from '../pairing/link.ts';
import { contrast } from './contrast.ts';
import { locateLeaf } from './location.ts';
import { evidenceOf, isNonEmpty, type Occurrence, occurrencesOf } from './occurrence.ts';
import { locatePpk, locatePpkUse, ppkFor, ppkIdOf } from './ppk-in-use.ts';
import { rfc, strongswan, vyosPullRequest } from './sources.ts';

function* check(link: Link): Iterable<Problem> {
  const required = occurrencesOf(link, ({ reason }) => reason === 'no-ppk');
  if (isNonEmpty(required)) {
    const first = required.find(({ startedBy }) => startedBy.side === 'a') ?? required[0];
    const requiring = requiringEnd(first);
    const facing = facingEnd(link, requiring.side);
    const there = ppkFor(facing, requiring) !== undefined;
    yield {
      message: `${requiring.name} requires a post-quantum preshared key, and ${facing.name} ${
        there ? 'names none' : 'has no such key'
      }`,
      consequence: `No tunnel: IKE_SA_INIT succeeds, then IKE_AUTH fails. ${requiring.name} logs that the PPK is required.`,
      ...evidenceOf(required),
      locations: [placeOfRequired(link.a, requiring), placeOfRequired(link.b, requiring)],
    };
  }
  const different = occurrencesOf(link, ({ reason }) => reason === 'ppk-mismatch');
  if (!isNonEmpty(different)) return;
  const [idOfA, idOfB] = [ppkIdOf(link.a), ppkIdOf(link.b)];
  const ids = idOfA !== undefined && idOfB !== undefined && idOfA !== idOfB;
  yield {
    ...(ids
      ? contrast(link, {
          fact: 'The ids of the post-quantum preshared keys differ',
          what: 'PPK id',
          verb: 'names',
          a: idOfA,
          b: idOfB,
        })
      : { message: 'The post-quantum preshared keys differ' }),
    consequence: ids
      ? 'No tunnel, even where neither side requires a PPK: the side that answers takes only the id that it names itself.'
      : 'No tunnel, even where neither side requires a PPK: IKE_AUTH is refused, and the side that answers logs that the MAC mismatched, as with a wrong pre-shared secret. Set the secret of one side on the other: it is not shown here.',
    ...evidenceOf(different),
    locations: ids
      ? [locatePpkUse(link.a), locatePpkUse(link.b)]
      : [placeOfKey(link.a, link.b), placeOfKey(link.b, link.a)],
  };
}

/** Who does not do without: the initiator that sends nothing, the responder that says so, or the initiator it refuses. */
function requiringEnd({ failure, initiator, responder }: Occurrence): End {
  if (failure.detectedBy === 'initiator') return initiator;
  return responder.connection?.ppk.required ? responder : initiator;
}

function placeOfRequired(end: End, requiring: End): Location {
  const required = end.section?.ppk_required;
  if (end === requiring && required) return locateLeaf(end.site, required, 'requires a PPK');
  const key = ppkIdOf(end) === undefined ? ppkFor(end, requiring) : undefined;
  return key ? locatePpk(end, key, 'has the key, and the peer does not name it') : locatePpkUse(end);
}

function placeOfKey(end: End, facing: End): Location {
  const key = ppkFor(end, ppkIdOf(end) === undefined ? facing : end);
  return key
    ? locateLeaf(end.site, key.section.secret, 'this key is used, and is another than on the other side')
    : locatePpkUse(end);
}

export const ppkMismatch: LinkRule = {
  id: 'ppk-mismatch',
  scope: 'link',
  summary: 'The post-quantum preshared keys of the two sides do not fit.',
  severity: 'error',
  notify: 'AUTHENTICATION_FAILED',
  why:
    'A post-quantum preshared key (PPK) is mixed into the keys of an IKEv2 tunnel. The side that calls names it by its ' +
    'id; the side that answers must have a key of that id, and if its own peer names one it must be the same id. Ids and ' +
    'keys that differ end the tunnel on both sides, whether a PPK is required or not. Without `required` a tunnel does ' +
    'without the PPK only where one side names none, or has none of that id. Keys are compared and never shown.',
  mend: 'Set the same id and the same secret on both sides, with the same secret-type.',
  sources: [
    rfc(8784, '3'),
    strongswan('src/libcharon/sa/ikev2/tasks/ike_auth.c'),
    vyosPullRequest(4930, 'T8136'),
  ],
  bad: {
    a:
      "set vpn ipsec authentication ppk QUANTUM id 'ppk-1'\n" +
      "set vpn ipsec authentication ppk QUANTUM secret 'an-example-of-a-quantum-key'\n" +
      "set vpn ipsec site-to-site peer SITE-B authentication ppk id 'ppk-1'",
    b:
      "set vpn ipsec authentication ppk QUANTUM id 'ppk-1'\n" +
      "set vpn ipsec authentication ppk QUANTUM secret 'another-example-quantum-key'\n" +
      "set vpn ipsec site-to-site peer SITE-A authentication ppk id 'ppk-1'",
  },
  good: {
    a:
      "set vpn ipsec authentication ppk QUANTUM id 'ppk-1'\n" +
      "set vpn ipsec authentication ppk QUANTUM secret 'an-example-of-a-quantum-key'\n" +
      "set vpn ipsec site-to-site peer SITE-B authentication ppk id 'ppk-1'",
    b:
      "set vpn ipsec authentication ppk QUANTUM id 'ppk-1'\n" +
      "set vpn ipsec authentication ppk QUANTUM secret 'an-example-of-a-quantum-key'\n" +
      "set vpn ipsec site-to-site peer SITE-A authentication ppk id 'ppk-1'",
  },
  check,
};
