import type { Expectation, ExpectedEnd } from './expectation.ts';

export type { Expectation, ExpectedEnd } from './expectation.ts';

/** What the dumps do not say, and the user does. */
export interface Knowledge {
  /** By the index of the site: the address at which a NAT shows the router to the world. */
  readonly publicAddresses?: readonly (string | undefined)[];
  readonly expectations?: readonly Expectation[];
}

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

/** Whether an expectation names both peers, so that they are paired by it. */
export function namesBothPeers({ between }: Expectation): boolean {
  return between.every(({ peer }) => peer !== undefined);
}

function isEnd(expected: ExpectedEnd, end: NamedEnd): boolean {
  return expected.site === end.site && (expected.peer === undefined || expected.peer === end.peer);
}

/** The expectations about sites that are there for which there is no link. `links`: the two ends of each. */
export function missingLinks(
  expectations: readonly Expectation[],
  siteNames: readonly string[],
  links: readonly (readonly [NamedEnd, NamedEnd])[],
): readonly MissingLink[] {
  return expectations.flatMap((expectation) => {
    const [one, other] = expectation.between.map(({ site }) => siteNames.indexOf(site));
    if (one === undefined || other === undefined || one < 0 || other < 0) return [];
    const isMet = expectation.state === 'down' || links.some(([a, b]) => concerns(expectation, a, b));
    return isMet ? [] : [{ expectation, sites: [one, other] }];
  });
}
