import { anyIdentity } from '../ike/identity.ts';
import { compareSecrets } from '../ike/secret.ts';
import { bestKeyFor } from '../ike/shared-key.ts';
import type { SharedSecretSection } from '../ike/swanctl-conf.ts';
import type { Fix, Location, Problem } from '../lint/finding.ts';
import type { LinkRule } from '../lint/rule.ts';
import { type End, inTurn, type Link } from '../pairing/link.ts';
import { setCommand } from '../vyos/command.ts';
import { settingOfOrigin } from '../vyos/conf-origin.ts';
import { writesIpsecConf } from '../vyos/release.ts';
import { locate, locatePeer } from './location.ts';
import { mendOf } from './mend.ts';
import { evidenceOf, isNonEmpty, type Occurrence, occurrencesOf } from './occurrence.ts';
import { identitiesOfKey, spellingOf } from './presented-identity.ts';
import { rfc, strongswan, vyos } from './sources.ts';

function* check(link: Link): Iterable<Problem> {
  const found = occurrencesOf(link, ({ reason }) => reason === 'no-psk');
  for (const [end, facing] of inTurn(link)) {
    const occurrences = found.filter(
      ({ failure, initiator, responder }) =>
        (failure.detectedBy === 'initiator' ? initiator : responder).side === end.side,
    );
    if (!isNonEmpty(occurrences)) continue;
    const ids = wantedIds(end, facing, occurrences);
    const { fix, note } = mend(end, facing, ids);
    yield {
      message: `${end.name} has no pre-shared secret for ${ids.map((id) => `"${id}"`).join(' and ')}`,
      consequence: `No tunnel: without a secret for these identities the side can neither prove itself nor check the other.${note}`,
      ...evidenceOf(occurrences),
      locations: places(end),
      fix,
    };
  }
}

/** The identities of which a psk must name one to be found: those that were looked for, or the ends' own. */
function wantedIds(end: End, facing: End, occurrences: readonly Occurrence[]): readonly string[] {
  const sought = occurrences.flatMap(({ failure }) => failure.detail?.secretFor ?? []);
  const { own: mine, peer: theirs } = identitiesOfKey(end, facing);
  const ids =
    sought.length > 0
      ? [...sought.map(({ own }) => own).toSorted(), ...sought.map(({ peer }) => peer).toSorted()]
      : [mine?.text, theirs?.text].flatMap((text) => text ?? []);
  return [...new Set(ids.filter((text) => text !== anyIdentity.text))];
}

function places(end: End): readonly [Location, ...Location[]] {
  const { site, daemon } = end;
  const [first, ...others] = daemon.sharedKeys.flatMap(({ section }): readonly Location[] => {
    const ids = new Set(section.ids.map(({ origin }) => settingOfOrigin(origin)));
    return ids.size > 0
      ? [...ids].map((id) => locate(site, id, `${id.value}: neither of the two`))
      : [locate(site, settingOfOrigin(section.origin), 'no id')];
  });
  return first ? [first, ...others] : [locatePeer(end, 'no psk at all')];
}

interface Mend {
  readonly fix: readonly Fix[];
  /** What the commands leave to do, with a space before it. */
  readonly note: string;
}

/**
 * Ids for the psk that holds the secret the facing end uses: to give them to another would widen what that one is
 * for, and mend nothing. Where there is none, a psk of its own; its secret is not ours to show.
 */
function mend(end: End, facing: End, ids: readonly string[]): Mend {
  const { site, daemon } = end;
  const { own, peer } = identitiesOfKey(facing, end);
  const theirs = own && bestKeyFor(facing.daemon.sharedKeys, own, peer ?? anyIdentity);
  const spelled = [...new Set(ids.flatMap((id) => spellingOf(id, [end, facing]) ?? []))];
  const psk = daemon.sharedKeys.find(
    ({ section, secret }) =>
      pathOf(section).includes('psk') && theirs && compareSecrets(secret, theirs.secret) === 'equal',
  );
  if (psk) {
    const commands = spelled.map((id) => setCommand([...pathOf(psk.section), 'id'], id));
    return { fix: mendOf(site, commands), note: '' };
  }
  // Before 1.4 the secret stands in the peer, and its ids follow from the peer.
  if (writesIpsecConf(end.release)) return { fix: [], note: '' };
  const path = ['vpn', 'ipsec', 'authentication', 'psk', freeName(end)];
  const commands = spelled.map((id) => setCommand([...path, 'id'], id));
  const name = path.at(-1) ?? '';
  const note = theirs ? `the one that ${facing.name} uses` : 'the same on both sides';
  return {
    fix: mendOf(site, commands).map((fix) => ({ ...fix, partial: true })),
    note: ` No psk of ${end.name} holds the secret of this peer: set the secret of psk "${name}" as well, ${note}. VyOS commits no psk without one.`,
  };
}

function pathOf({ origin }: SharedSecretSection): readonly string[] {
  return settingOfOrigin(origin).path;
}

/** A name for a psk of this peer: the connection's, which swanctl.conf can hold, where no psk has it yet. */
function freeName({ daemon, connection }: End): string {
  const name = connection?.name ?? 'peer';
  const taken = new Set(daemon.sharedKeys.map((key) => key.name));
  let free = name;
  for (let number = 2; taken.has(free); number += 1) free = `${name}-${number}`;
  return free;
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
  mend: 'Add the identities of both ends to the ids of the psk that holds the secret of the other side.',
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
