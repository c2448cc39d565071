import type { Problem } from '../lint/finding.ts';
import type { LinkRule } from '../lint/rule.ts';
import type { End, Link, Network } from '../pairing/link.ts';
import { settingOfOrigin } from '../vyos/conf-origin.ts';
import type { Setting } from '../vyos/setting.ts';
import { contrast } from './contrast.ts';
import { alignGroups, alsoUsed, groupUse } from './group-users.ts';
import { locate } from './location.ts';
import { evidenceOf, isNonEmpty, type Occurrence, occurrencesOf } from './occurrence.ts';
import { rfc, strongswan } from './sources.ts';
import { childConfigOf, childSectionNamed, espGroupOf } from './tunnels.ts';

function* check(link: Link, network: Network): Iterable<Problem> {
  const refused = occurrencesOf(link, ({ reason }) => reason === 'no-matching-ts').flatMap((occurrence) => {
    const child = occurrence.failure.detail?.responderChild;
    return child === undefined ? [] : [{ occurrence, responderChild: child }];
  });
  const agreed = link.negotiations.flatMap(({ initiator, child, result }) =>
    result.outcome === 'established' && result.responder
      ? [{ initiator, child, responderChild: result.responder.child }]
      : [],
  );
  const meetings = [
    ...agreed.map((meeting) => ({ ...meeting, occurrence: undefined })),
    ...refused.map(({ occurrence, responderChild }) => ({
      initiator: occurrence.negotiation.initiator,
      child: occurrence.negotiation.child,
      responderChild,
      occurrence,
    })),
  ];
  const seen = new Map<
    string,
    { a: string[]; b: string[]; occurrences: Occurrence[]; bites: { initiator: 'a' | 'b'; child: string }[] }
  >();
  for (const { initiator, child, responderChild, occurrence } of meetings) {
    const [a, b] = initiator === 'a' ? [child, responderChild] : [responderChild, child];
    if (childConfigOf(link.a, a)?.mode === childConfigOf(link.b, b)?.mode) continue;
    const groups = JSON.stringify([
      espGroupOf(childSectionNamed(link.a, a)),
      espGroupOf(childSectionNamed(link.b, b)),
    ]);
    const entry = seen.get(groups) ?? { a: [], b: [], occurrences: [], bites: [] };
    entry.a.push(a);
    entry.b.push(b);
    entry.bites.push({ initiator, child });
    if (occurrence) entry.occurrences.push(occurrence);
    seen.set(groups, entry);
  }
  for (const { a, b, occurrences, bites } of seen.values()) {
    const [own, other] = [modeOf(link.a, a), modeOf(link.b, b)];
    if (!own || !other) continue;
    const uses = [groupUse(link.a, own, a), groupUse(link.b, other, b)] as const;
    const failing = isNonEmpty(occurrences);
    yield {
      ...contrast(link, {
        fact: 'ESP mode differs',
        what: 'ESP mode',
        a: String(own.value),
        b: String(other.value),
      }),
      consequence: `${failing ? quickModeRefused : fallenBack}${alsoUsed(...uses)}`,
      ...(failing ? evidenceOf(occurrences) : { severity: 'warning', bites }),
      locations: [locate(link.a.site, own), locate(link.b.site, other)],
      fix: alignGroups(...uses, network),
    };
  }
}

function modeOf(end: End, [child = '']: readonly string[]): Setting<unknown> | undefined {
  const leaf = childSectionNamed(end, child)?.mode;
  return leaf && settingOfOrigin(leaf.origin);
}

const quickModeRefused =
  'Phase 1 comes up and quick mode is refused: in IKEv1 both sides must have the same mode.';
const fallenBack =
  'The two routers fall back to tunnel mode without a word. Equipment of other makes refuses.';

export const espModeMismatch: LinkRule = {
  id: 'esp-mode-mismatch',
  scope: 'link',
  summary: 'One side uses tunnel mode, the other transport mode.',
  severity: 'error',
  notify: 'INVALID_ID_INFORMATION',
  why:
    'In IKEv2 transport mode is only asked for: a responder in tunnel mode ignores the wish, and the CHILD_SA is made in ' +
    'tunnel mode. In IKEv1 the mode is part of the proposal, and a difference is refused with INVALID_ID_INFORMATION.',
  mend: 'Set the same mode in both ESP groups.',
  sources: [
    rfc(7296, '1.3.1'),
    strongswan('src/libcharon/sa/ikev1/tasks/quick_mode.c'),
    strongswan('src/libcharon/sa/ikev2/tasks/child_create.c'),
  ],
  bad: {
    a:
      "set vpn ipsec ike-group IKE-B key-exchange 'ikev1'\n" +
      'delete vpn ipsec site-to-site peer SITE-B tunnel 1 local\n' +
      'delete vpn ipsec site-to-site peer SITE-B tunnel 1 remote\n' +
      'set vpn ipsec site-to-site peer SITE-B tunnel 1',
    b:
      "set vpn ipsec ike-group IKE-A key-exchange 'ikev1'\n" +
      'delete vpn ipsec site-to-site peer SITE-A tunnel 1 local\n' +
      'delete vpn ipsec site-to-site peer SITE-A tunnel 1 remote\n' +
      'set vpn ipsec site-to-site peer SITE-A tunnel 1\n' +
      "set vpn ipsec esp-group ESP-A mode 'transport'",
  },
  good: {},
  check,
};
