import { anyIdentity } from '../ike/identity.ts';
import type { Location, Problem } from '../lint/finding.ts';
import type { LinkRule } from '../lint/rule.ts';
import type { End, Link } from '../pairing/link.ts';
import { setCommand } from '../vyos/command.ts';
import { locate, locateNode } from './location.ts';
import { mendOf } from './mend.ts';
import { evidenceOf, isNonEmpty, letter, type Occurrence, occurrencesOf } from './occurrence.ts';
import { addressedIdentity, presentedIdentity } from './presented-identity.ts';
import { rfc, strongswan, vyos } from './sources.ts';

function* check(link: Link): Iterable<Problem> {
  const found = occurrencesOf(link, ({ reason }) => reason === 'no-psk');
  for (const [end, facing] of [
    [link.a, link.b],
    [link.b, link.a],
  ] as const) {
    const occurrences = found.filter(
      ({ failure, initiator, responder }) =>
        (failure.detectedBy === 'initiator' ? initiator : responder).side === end.side,
    );
    if (!isNonEmpty(occurrences)) continue;
    const ids = wantedIds(end, facing, occurrences);
    yield {
      message: `${letter(end.side)} has no pre-shared secret for ${ids.map((id) => `"${id}"`).join(' and ')}`,
      consequence:
        'No tunnel: without a secret for these identities the side can neither prove itself nor check the other.',
      ...evidenceOf(occurrences, 'secret'),
      locations: places(end),
      fix: mend(end, ids),
    };
  }
}

/** The identities of which a psk must name one to be found: those that were looked for, or the ends' own. */
function wantedIds(end: End, facing: End, occurrences: readonly Occurrence[]): readonly string[] {
  const sought = occurrences.flatMap(({ failure }) => failure.detail?.secretFor ?? []);
  const addressed = addressedIdentity(end);
  const other = addressed.kind === 'ANY' ? presentedIdentity(facing) : addressed;
  const ids =
    sought.length > 0
      ? [...sought.map(({ own }) => own).toSorted(), ...sought.map(({ peer }) => peer).toSorted()]
      : [presentedIdentity(end)?.text, other?.text].flatMap((text) => text ?? []);
  return [...new Set(ids.filter((text) => text !== anyIdentity.text))];
}

function places({ site, loaded, source }: End): readonly [Location, ...Location[]] {
  const [first, ...others] = loaded.site.psks.flatMap((psk): readonly Location[] =>
    psk.ids.length > 0
      ? psk.ids.map((id) => locate(site, id, `${id.value}: neither of the two`))
      : [locateNode(site, psk, 'no id')],
  );
  return first ? [first, ...others] : [locateNode(site, source.peer, 'no psk at all')];
}

function mend({ site, loaded }: End, ids: readonly string[]) {
  const psk = loaded.site.psks.find(({ path }) => path.includes('psk'));
  if (!psk) return [];
  return mendOf(
    site,
    ids.map((id) => setCommand([...psk.path, 'id'], id)),
  );
}

export const pskMissing: LinkRule = {
  id: 'psk-missing',
  scope: 'link',
  summary: 'No pre-shared secret has the identities of the peer.',
  severity: 'error',
  notify: 'AUTHENTICATION_FAILED',
  why:
    'strongSwan finds a secret by the identities in use, not by the name of the peer. A psk of VyOS must list the ' +
    'local-id or the remote-id (or the addresses, where no ids are set). Without a match the log says "no shared key ' +
    'found for", and the other side sees AUTHENTICATION_FAILED.',
  mend: 'Add the identities of both ends to the ids of the psk.',
  sources: [
    rfc(7296, '2.15'),
    strongswan('src/libstrongswan/credentials/sets/mem_cred.c'),
    strongswan('src/libcharon/sa/ikev2/authenticators/psk_authenticator.c'),
    vyos('data/templates/ipsec/swanctl.conf.j2'),
  ],
  bad: {
    b: "delete vpn ipsec authentication psk TUNNEL id\nset vpn ipsec authentication psk TUNNEL id 'somebody@example.com'",
  },
  good: {},
  check,
};
