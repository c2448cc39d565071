import type { Network } from '../pairing/link.ts';
import type { PeerSource } from '../vyos/peer-source.ts';

/** Whether a peer of a site is an end of a link: what the rules of links tell need not be told of it again. */
export function isLinked({ links }: Network, site: number, source: PeerSource): boolean {
  return links.some(({ a, b }) =>
    [a, b].some((end) => end.site === site && end.source.peer.name === source.peer.name),
  );
}
