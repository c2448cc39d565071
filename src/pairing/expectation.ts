/**
 * What the user expects of the link between two ends. Where both ends name a peer, the two face each other whatever
 * their addresses say.
 */
export interface Expectation {
  readonly between: readonly [ExpectedEnd, ExpectedEnd];
  readonly state: 'up' | 'down';
  /** Null where none was given. */
  readonly reason: string | null;
}

/** One end of an expected link. */
export interface ExpectedEnd {
  /** The name of the site. */
  readonly site: string;
  /** Undefined: whichever peer faces the other site. */
  readonly peer?: string | undefined;
}
