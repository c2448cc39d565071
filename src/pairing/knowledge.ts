import type { Expectation, ExpectedEnd } from './expectation.ts';

export type { Expectation, ExpectedEnd } from './expectation.ts';

/** What the dumps do not say, and the user does. */
export interface Knowledge {
  /** By the index of the site: the address at which a NAT shows the router to the world. */
  readonly publicAddresses?: readonly (string | undefined)[];
  readonly expectations?: readonly Expectation[];
  /** By the index of the site: what is said of its peers. */
  readonly peers?: readonly (readonly PeerKnowledge[] | undefined)[];
}

/** What the user says of a peer of a site. */
export interface PeerKnowledge {
  /** Of the peer. */
  readonly name: string;
  /** Its far end is none of the sites: it is paired with nobody. */
  readonly external?: boolean | undefined;
  /** The end that it faces, whatever the addresses say. */
  readonly counterpart?: Counterpart | undefined;
}

/** The far end of a peer: a site, and which peer of it; undefined: whichever fits. */
export type Counterpart = ExpectedEnd;

/** An expectation about two of the sites that no link answers. `sites` are their indexes, in the order of `between`. */
export interface MissingLink {
  readonly expectation: Expectation;
  readonly sites: readonly [number, number];
}

/** One end of a link, as an expectation names it. */
export interface NamedEnd {
  readonly site: string;
  readonly peer: string;
}

/** Whether an expectation is about the link of these two ends, whichever comes first. */
export function concerns({ between: [one, other] }: Expectation, a: NamedEnd, b: NamedEnd): boolean {
  return (isEnd(one, a) && isEnd(other, b)) || (isEnd(one, b) && isEnd(other, a));
}

/** Those that name peers before those that are about any peer of their sites: the first that fits a link counts. */
export function closestFirst(expectations: readonly Expectation[]): readonly Expectation[] {
  const named = ({ between }: Expectation) => between.filter(({ peer }) => peer !== undefined).length;
  return expectations.toSorted((one, other) => named(other) - named(one));
}

/** Whether an expectation names both peers, so that they are paired by it. */
export function namesBothPeers({ between }: Expectation): boolean {
  return between.every(({ peer }) => peer !== undefined);
}

function isEnd(expected: ExpectedEnd, end: NamedEnd): boolean {
  return expected.site === end.site && (expected.peer === undefined || expected.peer === end.peer);
}

/**
 * The expectations about sites that are there which no link can answer: one that is to be up and is not there, or any that
 * names a peer that its site does not have. `links`: the two ends of each.
 */
export function missingLinks(
  expectations: readonly Expectation[],
  sites: readonly { readonly name: string; readonly peers: readonly { readonly name: string }[] }[],
  links: readonly (readonly [NamedEnd, NamedEnd])[],
): readonly MissingLink[] {
  return expectations.flatMap((expectation) => {
    const [one, other] = expectation.between.map((end) => sites.findIndex(({ name }) => name === end.site));
    if (one === undefined || other === undefined || one < 0 || other < 0) return [];
    const stranger = expectation.between.some(
      ({ site, peer }) =>
        peer !== undefined &&
        !sites.some(({ name, peers }) => name === site && peers.some((own) => own.name === peer)),
    );
    const isMet = expectation.state === 'down' || links.some(([a, b]) => concerns(expectation, a, b));
    return isMet && !stranger ? [] : [{ expectation, sites: [one, other] }];
  });
}
