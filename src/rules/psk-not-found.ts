import { parseAddress } from '../ike/address.ts';
import { addressIdentity, anyIdentity } from '../ike/identity.ts';
import { keysFor } from '../ike/shared-key.ts';
import type { NetworkProblem, NetworkRule } from '../lint/rule.ts';
import type { Network } from '../pairing/link.ts';
import type { LoadedSite } from '../strongswan/load-site.ts';
import type { PeerSource } from '../vyos/peer-source.ts';
import { farPeer } from './example-pair.ts';
import { activeSources } from './groups-in-use.ts';
import { locate, locateNode } from './location.ts';
import { type SecretOwners, secretOwners } from './psk-of-peer.ts';
import { rfc, strongswan, vyos } from './sources.ts';
import { isLinked } from './unlinked.ts';

function* check(network: Network): Iterable<NetworkProblem> {
  for (const [site, loaded] of network.sites.entries()) {
    // What is refused or cannot be read at all is told by commit-refused.
    if (loaded.refusals.length + loaded.faults.length > 0) continue;
    for (const source of activeSources(loaded)) {
      // In a link psk-missing tells it; a peer without a child, such as one whose tunnels are all disabled, needs none.
      if (source.children.length === 0 || isLinked(network, site, source)) continue;
      const owners = secretOwners(source);
      if (!owners || hasKeyOfAddress(loaded, source)) continue;
      if (isWithout(loaded, owners)) yield problemOf(site, loaded, source, owners);
    }
  }
}

/** IKEv1 looks for a key of the addresses where none has the identities (strongSwan phase1.c, lookup_shared_key). */
function hasKeyOfAddress({ daemon }: LoadedSite, { peer, ikeGroup }: PeerSource): boolean {
  if (ikeGroup?.keyExchange.value === 'ikev2') return false;
  const [local, ...remotes] = [peer.localAddress, ...peer.remoteAddresses].map((setting) => {
    const address = parseAddress(setting?.value ?? '');
    return address ? addressIdentity(address) : anyIdentity;
  });
  return remotes.some((remote) => keysFor(daemon.sharedKeys, local ?? anyIdentity, remote).length > 0);
}

/** Where the identity of the peer is open, one that a psk names may come: only where there is no psk it is certain. */
function isWithout({ daemon: { sharedKeys } }: LoadedSite, { own, other, otherIs }: SecretOwners): boolean {
  if (sharedKeys.some(({ owners }) => owners.some(({ kind }) => kind === 'masked'))) return false;
  if (otherIs !== 'set') return sharedKeys.length === 0;
  return keysFor(sharedKeys, own, other).length === 0;
}

function problemOf(
  site: number,
  { site: { psks } }: LoadedSite,
  { peer }: PeerSource,
  { own, other, otherIs }: SecretOwners,
): NetworkProblem {
  const wanted = [own.text, ...(otherIs === 'any' ? [] : [other.text])].map((text) => `"${text}"`);
  const ids = psks.flatMap((psk) => psk.ids.map((id) => locate(site, id, `${id.value}: neither of the two`)));
  return {
    link: null,
    message: `No psk has ${wanted.join(' or ')} among its ids, and peer ${peer.name} needs one`,
    consequence:
      'No tunnel with this peer: strongSwan finds a secret by the identities in use, and its log will say "no shared key found for".',
    locations: [
      locateNode(site, peer, psks.length === 0 ? 'no psk at all' : 'no psk for this peer'),
      ...ids.slice(0, 4),
    ],
  };
}

export const pskNotFound: NetworkRule = {
  id: 'psk-not-found',
  scope: 'network',
  summary: 'A peer that authenticates by a secret finds none, whoever is on the other side.',
  severity: 'error',
  notify: null,
  why:
    'strongSwan looks a secret up by the local and the remote identity: local-id or local-address, remote-id or ' +
    'remote-address. A psk is found where one of its ids is one of them. Neither the name of the psk nor that of the ' +
    'peer counts. Where the other side is at hand, psk-missing tells the same of the link.',
  mend: 'Add the identities of both ends to the ids of the psk that is meant for this peer.',
  sources: [
    rfc(7296, '2.15'),
    strongswan('src/libstrongswan/credentials/sets/mem_cred.c'),
    vyos('data/templates/ipsec/swanctl.conf.j2'),
  ],
  bad: { b: farPeer({ localId: 'site-b2@example.com', secret: null }) },
  good: { b: farPeer() },
  check,
};
