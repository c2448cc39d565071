import type { Span } from '../src/source/index.ts';
import type { SyntaxProblem } from './command.ts';

// As in command-problems.ts, a message quotes nothing of a dump.

export function unclear(at: Span): SyntaxProblem {
  return {
    kind: 'settings-joined',
    message: 'Several settings stand on one line, and which word belongs to which cannot be told',
    hint: 'Give each setting a line of its own, as VyOS prints them',
    at,
  };
}

export function strayMark(at: Span): SyntaxProblem {
  const message = 'The mark of a deactivated node stands before no node';
  return { kind: 'stray-character', message, hint: 'Remove it', at };
}

export function missingOpen(at: Span): SyntaxProblem {
  return {
    kind: 'missing-brace',
    message: 'No brace opens the block that the indentation shows here',
    hint: 'Write { behind it, on the same line',
    at,
  };
}

export function closesNothing(at: Span): SyntaxProblem {
  return {
    kind: 'extra-brace',
    message: 'This brace closes no block',
    hint: 'Remove it, or write the heading of the block whose end it is',
    at,
  };
}
