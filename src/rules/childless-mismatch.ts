import type { Location, Problem } from '../lint/finding.ts';
import type { LinkRule } from '../lint/rule.ts';
import type { End, Link } from '../pairing/link.ts';
import { deleteCommand, setCommand } from '../vyos/command.ts';
import { locateSet, peerPath } from './location.ts';
import { mendOf } from './mend.ts';
import { evidenceOf, isNonEmpty, occurrencesOf } from './occurrence.ts';
import { rfc, strongswan, vyosPullRequest } from './sources.ts';

function* check(link: Link): Iterable<Problem> {
  const found = occurrencesOf(link, ({ reason }) => reason === 'childless');
  if (!isNonEmpty(found)) return;
  const forcing = link.a.connection?.childless === 'force' ? link.a : link.b;
  const facing = forcing === link.a ? link.b : link.a;
  yield {
    message: `${forcing.name} takes only IKE_SAs without a CHILD_SA, ${facing.name} ${
      facing.connection?.childless === 'never' ? 'takes none of them' : 'does not begin with them'
    }`,
    consequence:
      facing.connection?.childless === 'never'
        ? 'No tunnel, whoever calls.'
        : `No tunnel where ${facing.name} calls: IKE_AUTH is refused with INVALID_SYNTAX.`,
    ...evidenceOf(found),
    locations: [place(link.a), place(link.b)],
    fix: [
      ...mendOf(facing.site, [setCommand(peerPath(facing, 'childless'), 'force')]),
      ...mendOf(forcing.site, [deleteCommand(peerPath(forcing, 'childless'))]),
    ],
  };
}

function place(end: End): Location {
  return locateSet(end, end.section?.childless, 'childless is not set: default allow');
}

export const childlessMismatch: LinkRule = {
  id: 'childless-mismatch',
  scope: 'link',
  summary: 'One side insists on IKE_SAs without a CHILD_SA, and the other does not begin with one.',
  severity: 'error',
  notify: 'INVALID_SYNTAX',
  why:
    'With `childless force` the first CHILD_SA, too, has an exchange and a Diffie-Hellman group of its own, and an ' +
    'IKE_AUTH that asks for a CHILD_SA is refused. A side with `allow`, the default, takes such an IKE_SA when it is ' +
    'called and calls with the usual one; a side with `never` takes none.',
  mend: 'Set `childless force` on both sides, or on neither.',
  sources: [
    rfc(6023, '3'),
    strongswan('src/libcharon/sa/ikev2/tasks/child_create.c'),
    vyosPullRequest(4930, 'T8136'),
  ],
  bad: { b: "set vpn ipsec site-to-site peer SITE-A childless 'force'" },
  good: {
    a: "set vpn ipsec site-to-site peer SITE-B childless 'force'",
    b: "set vpn ipsec site-to-site peer SITE-A childless 'force'",
  },
  check,
};
