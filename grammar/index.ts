/** The notations a dump comes in: text to commands and back, with the place of every word. Knows nothing of IPsec. */
export type { Command, Dump, Footer, IgnoredText, SyntaxProblem, Verb, Word } from './command.ts';
export { type PrintableCommand, printCommand } from './print.ts';
export { readConfigDump } from './read-config-dump.ts';
export { readDump } from './read-dump.ts';
export { readSetDump } from './read-set-dump.ts';
