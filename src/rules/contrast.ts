import type { Problem } from '../lint/finding.ts';
import type { Link } from '../pairing/link.ts';

/** What two ends have of one thing. */
export interface Contrast {
  /** What the message begins with: `Perfect forward secrecy differs`. */
  readonly fact: string;
  /** The thing, as a list of errors names it: `PFS`. */
  readonly what: string;
  /** What an end does with its value, where the value alone does not say it: `uses`. */
  readonly verb?: string;
  readonly a: string;
  readonly b: string;
}

/** Names both values in a message, and the same values in the few words of a list. */
export function contrast(
  link: Pick<Link, 'a' | 'b'>,
  { fact, what, verb, a, b }: Contrast,
): Pick<Problem, 'message' | 'short'> {
  const does = verb === undefined ? '' : `${verb} `;
  return {
    message: `${fact}: ${link.a.name} ${does}${a}, ${link.b.name} ${does}${b}`,
    short: `${what}: ${a}, ${b}`,
  };
}
