import { strengthOf } from '../ike/strength.ts';
import { transformOf } from '../ike/transform.ts';
import type { Problem, Stage } from '../lint/finding.ts';
import type { LinkRule } from '../lint/rule.ts';
import type { End, Link } from '../pairing/link.ts';
import { setCommand } from '../vyos/command.ts';
import { type ChildSource, espLifetime } from '../vyos/connections.ts';
import { byChildren, childNameAt } from './esp-proposal-rule.ts';
import { locate } from './location.ts';
import { evidenceOf, isNonEmpty, type Occurrence } from './occurrence.ts';
import { childSourceOf, describeTransform, dhKeyword, proposalOccurrences } from './proposal-mismatch.ts';
import { rfc, strongswan, vyos } from './sources.ts';

function* check(link: Link): Iterable<Problem> {
  const found = proposalOccurrences(link, 'no-child-proposal').filter(({ pair }) =>
    pair.types.includes('KEY_EXCHANGE_METHOD'),
  );
  for (const group of byChildren(link, found)) {
    const occurrences = group.map(({ occurrence }) => occurrence);
    if (!isNonEmpty(occurrences)) continue;
    const [first] = occurrences;
    const a = sourceAt(link.a, first);
    const b = sourceAt(link.b, first);
    if (!a || !b) continue;
    const atOnce = occurrences.some(({ failure }) => failure.exchange === 'QUICK_MODE');
    const stage: Stage = atOnce ? 'child-proposal' : 'rekey';
    yield {
      message: `Perfect forward secrecy differs: A ${describe(a)}, B ${describe(b)}`,
      consequence: atOnce ? consequenceNow : consequenceLater(link, a, b),
      ...evidenceOf(occurrences, stage),
      locations: [place(link.a, a), place(link.b, b)],
      fix:
        strengthOfPfs(a) > strengthOfPfs(b)
          ? [mend(link.b, b, a), mend(link.a, a, b)]
          : [mend(link.a, a, b), mend(link.b, b, a)],
    };
  }
}

function sourceAt(end: End, occurrence: Occurrence): ChildSource | undefined {
  return childSourceOf(end, childNameAt(end, occurrence));
}

function describe({ pfsGroup }: ChildSource): string {
  return pfsGroup.value === undefined ? 'uses none' : `uses group ${pfsGroup.value}`;
}

function place(end: End, { pfsGroup, espGroup }: ChildSource) {
  const { value } = pfsGroup;
  const meaning =
    value === undefined ? 'no Diffie-Hellman' : `group ${value}, ${describeTransform(dhKeyword(value))}`;
  const label =
    pfsGroup.origin.kind === 'default' ? `not set: default ${espGroup.pfs.value}, here ${meaning}` : meaning;
  return locate(end.site, espGroup.pfs, label);
}

/** Without Diffie-Hellman there is no forward secrecy at all. */
function strengthOfPfs({ pfsGroup }: ChildSource): number {
  const transform = pfsGroup.value === undefined ? undefined : transformOf(dhKeyword(pfsGroup.value));
  return transform ? strengthOf(transform) : -1;
}

function mend(end: End, { espGroup }: ChildSource, other: ChildSource) {
  const { value } = other.pfsGroup;
  const wanted = value === undefined ? 'disable' : `dh-group${value}`;
  return { site: end.site, commands: [setCommand(espGroup.pfs.path, wanted)] };
}

const consequenceNow =
  'IKEv1 negotiates it at once: phase 1 comes up, quick mode is refused, and no traffic passes.';

function consequenceLater(link: Link, a: ChildSource, b: ChildSource): string {
  const rekeys = [a, b].map(({ espGroup }) => espLifetime(espGroup).rekey).filter((rekey) => rekey > 0);
  const first = Math.min(...rekeys);
  const more = [link.a, link.b].some(({ source }) => source.children.length > 1)
    ? ' With several tunnels under one peer the first comes up and every further one fails at once.'
    : '';
  const when = rekeys.length > 0 ? `after at most ${first} s` : 'when somebody starts one';
  return (
    `The tunnel comes up, since the first CHILD_SA is made without Diffie-Hellman. The first rekey, ${when}, is ` +
    `refused, and at the end of the lifetime the traffic stops.${more}`
  );
}

export const pfsMismatch: LinkRule = {
  id: 'pfs-mismatch',
  scope: 'link',
  summary: 'The ESP groups differ in perfect forward secrecy.',
  severity: 'error',
  notify: 'NO_PROPOSAL_CHOSEN',
  why:
    'IKEv2 makes the first CHILD_SA inside IKE_AUTH, without a Diffie-Hellman exchange of its own. What pfs says counts ' +
    'only for CREATE_CHILD_SA: for a rekey, and for every further tunnel of the peer. So a mismatch hides for most of a ' +
    'lifetime. `pfs enable` is not a group of its own: it takes the one of the first IKE proposal, so that two IKE ' +
    'groups with the same proposals in another order differ.',
  mend: 'Set the same pfs group on both sides, by its number.',
  sources: [
    rfc(7296, '1.3.1'),
    rfc(7296, '1.2'),
    strongswan('src/libcharon/sa/ikev2/tasks/child_create.c'),
    vyos('python/vyos/template.py'),
  ],
  bad: { b: "set vpn ipsec esp-group ESP-A pfs 'dh-group19'" },
  good: { b: "set vpn ipsec esp-group ESP-A pfs 'enable'" },
  check,
};
