import { groupedBySecret, type Secret } from '../ike/secret.ts';
import type { Location, Problem } from '../lint/finding.ts';
import type { SiteRule } from '../lint/rule.ts';
import type { LoadedSite } from '../strongswan/load-site.ts';
import type { Psk } from '../vyos/site.ts';
import { farPeer } from './example-pair.ts';
import { activeSources } from './groups-in-use.ts';
import { locate, locateNode } from './location.ts';
import { pskOfPeer, secretOwners } from './psk-of-peer.ts';
import { rfc } from './sources.ts';

interface Use {
  readonly psk: Psk;
  readonly secret: Secret;
  readonly peer: string;
  readonly remote: string;
  /** By its remote-id, and not by an address that may be another one of the same router. */
  readonly byId: boolean;
}

/** Names beyond these are only counted. */
const mostNames = 3;

function* check(loaded: LoadedSite, index: number): Iterable<Problem> {
  const uses = activeSources(loaded).flatMap((source): readonly Use[] => {
    const owners = secretOwners(source);
    const psk = owners && owners.otherIs !== 'any' ? pskOfPeer(loaded, owners) : undefined;
    if (!owners || !psk?.secret) return [];
    return [
      {
        psk,
        secret: psk.secret.value,
        peer: source.peer.name,
        remote: owners.other.text,
        byId: owners.otherIs === 'set',
      },
    ];
  });
  for (const alike of groupedBySecret(uses, ({ secret }) => secret)) {
    const remotes = new Map(alike.map((use) => [use.remote, use]));
    if (remotes.size < 2) continue;
    const peers = [...remotes.values()].map(({ peer }) => peer);
    const more = peers.length > mostNames ? ` and ${peers.length - mostNames} more` : '';
    const byId = [...remotes.values()].filter((use) => use.byId).length > 1;
    const psks = [...new Set(alike.map(({ psk }) => psk))];
    const [first, ...others] = psks.map((psk) => placeOf(index, psk, alike));
    if (!first) continue;
    yield {
      message: `One pre-shared secret is shared by ${peers.length} peers: ${peers.slice(0, mostNames).join(', ')}${more}`,
      consequence:
        'Each of them can pass for the others: who gets hold of one router gets into the tunnels of all. Give each peer a psk with a secret of its own.',
      locations: [first, ...others],
      ...(byId ? {} : { severity: 'info' as const }),
    };
  }
}

function placeOf(site: number, psk: Psk, uses: readonly Use[]): Location {
  const [peer, ...more] = uses.filter((use) => use.psk === psk).map((use) => use.peer);
  const label = `for ${peer}${more.length > 0 ? ` and ${more.length} more` : ''}`;
  return psk.secret ? locate(site, psk.secret, label) : locateNode(site, psk, label);
}

export const pskShared: SiteRule = {
  id: 'psk-shared',
  scope: 'site',
  summary: 'Several peers have the same pre-shared secret.',
  severity: 'warning',
  notify: null,
  why:
    'A pre-shared secret proves no more than that somebody knows it. Where several sites have the same one, each can ' +
    'present the identity of another, and a secret that leaks from one router opens the tunnels of all. Peers that ' +
    'differ by their address alone may be one router with two lines, which is worth a look and no more.',
  mend: 'Give each peer a psk of its own, with its own id and its own random secret.',
  sources: [rfc(7296, '2.15'), rfc(7296, '5')],
  bad: { b: farPeer({ secret: 'an-example-secret-for-the-docs' }) },
  good: { b: farPeer() },
  check,
};
