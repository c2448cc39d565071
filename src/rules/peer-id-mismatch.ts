import { namesOne } from '../ike/identity.ts';
import type { Fix, Problem } from '../lint/finding.ts';
import type { LinkRule } from '../lint/rule.ts';
import { type End, inTurn, type Link } from '../pairing/link.ts';
import { setCommand } from '../vyos/command.ts';
import { peerPath } from './location.ts';
import { mendOf } from './mend.ts';
import { evidenceOf, isNonEmpty, type Occurrence, occurrencesOf } from './occurrence.ts';
import {
  expectedIdentity,
  identityAccepted,
  locateLocalId,
  locateRemoteId,
  remoteIdOf,
  spellingOf,
} from './presented-identity.ts';
import { rfc, strongswan, vyosManual } from './sources.ts';

function* check(link: Link): Iterable<Problem> {
  const found = occurrencesOf(
    link,
    ({ reason }) => reason === 'no-peer-config' || reason === 'id-mismatch',
  ).filter(({ responder }) => responder.connection !== undefined);
  const relations = inTurn(link);
  const wrong = relations.filter(([presenting, judging]) => !identityAccepted(presenting, judging));
  const explained = new Set<Occurrence>();
  for (const [presenting, judging] of wrong) {
    const occurrences = found.filter((occurrence) => concerns(occurrence, presenting, wrong.length));
    for (const occurrence of occurrences) explained.add(occurrence);
    if (isNonEmpty(occurrences)) yield problem(presenting, judging, occurrences);
  }
  // What is left is refused although each identity is accepted by itself: another connection was chosen.
  const rest = found.filter((occurrence) => !explained.has(occurrence));
  if (!isNonEmpty(rest)) return;
  const [{ failure, initiator, responder }] = rest;
  yield failure.reason === 'id-mismatch'
    ? problem(responder, initiator, rest)
    : problem(initiator, responder, rest);
}

/**
 * The initiator presents its identity, and in IKEv2 names the one it wants to see; the responder looks for a
 * connection that fits both. So an end's identity is judged in both directions, unless it is another one's fault.
 */
function concerns({ failure, initiator, responder }: Occurrence, presenting: End, wrong: number): boolean {
  if (failure.reason === 'id-mismatch') return responder.side === presenting.side;
  return wrong === 1 || initiator.side === presenting.side || failure.exchange === 'IKE_AUTH';
}

function problem(
  presenting: End,
  judging: End,
  occurrences: readonly [Occurrence, ...Occurrence[]],
): Problem {
  const evidence = evidenceOf(occurrences);
  // As a responder an end may present another identity than it initiates with.
  const all = occurrences
    .toSorted((one, other) => Number(isBy(other, presenting)) - Number(isBy(one, presenting)))
    .map(({ failure }) =>
      failure.reason === 'id-mismatch' ? failure.detail?.identity?.presented : presenting.presents?.text,
    );
  const [presented] = all;
  const [x, y] = [presenting.name, judging.name];
  return {
    message: `${x} is "${presented ?? 'unknown'}", ${y} expects "${remoteIdOf(judging)?.value}"`,
    consequence: `${
      evidence.exchange === 'IKE_AUTH'
        ? `No tunnel: IKE_SA_INIT succeeds, then IKE_AUTH is refused.${whenSecretsAreCompared(occurrences)}`
        : 'No tunnel: after the keys are agreed on, one side finds that the other is not who it should be.'
    }${isMeantForAnybody(judging) ? ` On ${y} remote-id 'any' is a host of that name: anybody is '%any'. The migration from VyOS 1.3 writes it for a peer any.` : ''}`,
    ...evidence,
    locations: [locateLocalId(presenting), locateRemoteId(judging)],
    fix: [
      ...fixPresented(presenting, judging),
      ...(all.every((each) => each === presented) ? fixExpected(presenting, judging, presented) : []),
    ],
  };
}

function isBy({ initiator }: Occurrence, { side }: End): boolean {
  return initiator.side === side;
}

/** In IKEv2 the responder looks for a connection before it judges a proof, and the initiator judges both at once. */
function whenSecretsAreCompared(occurrences: readonly Occurrence[]): string {
  const later = occurrences.map(({ failure }) => failure.detail?.afterProof === true);
  if (later.every((each) => each)) return ' The secrets are compared before the identity.';
  return later.includes(true) ? '' : ' The responder checks the identity before the secret.';
}

/** `any` of a remote-id is a host name (vyos-1x src/migration-scripts/ipsec/9-to-10 makes it of a peer `any`). */
function isMeantForAnybody(judging: End): boolean {
  return remoteIdOf(judging)?.value === 'any';
}

/** Its own identity becomes the one that is expected, where that is one. */
function fixPresented(presenting: End, judging: End): readonly Fix[] {
  const remoteId = remoteIdOf(judging);
  if (!remoteId || remoteId.origin.kind === 'default' || isMeantForAnybody(judging)) return [];
  if (!namesOne(expectedIdentity(judging))) return [];
  const path = peerPath(presenting, 'authentication', 'local-id');
  return mendOf(presenting.site, [setCommand(path, String(remoteId.value))]);
}

/** The identity that is presented becomes the expected one, and none that is wider than it. */
function fixExpected(presenting: End, judging: End, presented: string | undefined): readonly Fix[] {
  const spelled = presented === undefined ? undefined : spellingOf(presented, [presenting]);
  if (spelled === undefined) return [];
  return mendOf(judging.site, [setCommand(peerPath(judging, 'authentication', 'remote-id'), spelled)]);
}

export const peerIdMismatch: LinkRule = {
  id: 'peer-id-mismatch',
  scope: 'link',
  summary: 'The identity that one side presents is not the one that the other expects.',
  severity: 'error',
  notify: 'AUTHENTICATION_FAILED',
  why:
    'The responder looks for a connection that fits the identity it is shown and the one it is asked for, and answers ' +
    'AUTHENTICATION_FAILED when there is none; it logs "no matching peer config found". The type counts: a host name ' +
    'and an address never match, even if they look alike. Without local-id a router presents its local address, which ' +
    'behind a NAT is the private one. In VyOS 1.4 a remote-id that is not set accepts everybody.',
  mend: 'Make the local-id of each side the remote-id of the other, to the letter.',
  sources: [
    rfc(7296, '3.5'),
    rfc(7296, '2.15'),
    strongswan('src/libcharon/sa/ikev2/tasks/ike_auth.c'),
    vyosManual,
  ],
  bad: { b: "set vpn ipsec site-to-site peer SITE-A authentication remote-id 'site-x@example.com'" },
  good: { b: "set vpn ipsec site-to-site peer SITE-A authentication remote-id '*@example.com'" },
  check,
};
