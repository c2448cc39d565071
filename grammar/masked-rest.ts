import type { TokenType } from 'chevrotain';
import type { WordTokens } from './set-parser.ts';

/** What `strip-private` writes for a secret (vyos-1x src/helpers/strip-private.py). */
const MASK = 'xxxxxx';

/**
 * `strip-private` hides what follows a word such as `secret` up to the next blank. Of a secret with a blank in it the
 * rest stays, with its closing quote: the index of the word with which it begins, if that is what the words end in.
 */
export function restOfMasked(words: readonly WordTokens[], brokenQuote: TokenType): number | undefined {
  const mask = words.findIndex(
    (tokens, index) => index > 0 && tokens.length === 1 && tokens[0]?.image === MASK,
  );
  if (mask < 0 || mask === words.length - 1) return undefined;
  const isBroken = words
    .slice(mask + 1)
    .some((tokens) => tokens.some((one) => one.tokenType === brokenQuote));
  return isBroken ? mask + 1 : undefined;
}
