import { type SourceFile, span } from '../src/source/index.ts';
import type { SyntaxProblem } from './command.ts';

/** Tells a file that is no text, as a whole: a binary file, or text in an encoding that was not understood. */
export function textProblem(file: SourceFile): SyntaxProblem | undefined {
  const { text } = file;
  const hasNull = text.includes('\0');
  if (!hasNull && !isMostlyUnreadable(text)) return undefined;
  return {
    kind: 'not-text',
    message: hasNull
      ? 'This file is not text in UTF-8: it holds NUL characters'
      : 'This file is not text in UTF-8: much of it is unreadable or control characters',
    hint: 'A dump is the text that "show configuration commands" prints; save it in UTF-8',
    at: span(file, 0, text.length),
  };
}

/** A tenth of the text, and more than a few: a single odd character is a problem of its line only. */
function isMostlyUnreadable(text: string): boolean {
  let unreadable = 0;
  for (const character of text) {
    if (/[\ufffd\p{Cc}]/u.test(character) && !/\s/.test(character)) unreadable += 1;
  }
  return unreadable >= 8 && unreadable * 10 > text.length;
}
