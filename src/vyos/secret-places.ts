import type { Command, Dump, Word } from '../../grammar/command.ts';
import { type SourceFile, type Span, span, textOf } from '../source/index.ts';
import { occurrencesOf } from '../source/occurrences.ts';
import { commandsOf } from './damaged-commands.ts';
import { firstSecretWord, isAuthentication, resemblesSecretName, schemaRoot } from './schema/index.ts';

/** One stretch of a dump, as the reader told them apart. */
type Piece =
  | { readonly kind: 'command'; readonly at: Span; readonly command: Command }
  | { readonly kind: 'unread'; readonly at: Span }
  | { readonly kind: 'comment'; readonly at: Span }
  | { readonly kind: 'masked'; readonly at: Span }
  | { readonly kind: 'passed-over'; readonly at: Span };

/**
 * Where a dump holds what must not be shown. Of a command that was read, the words of a secret, without the quotes
 * around one. What was not read may be a secret's line with anything wrong in it, and a remark may hold a command that
 * was put out of use: there all is hidden that could be a secret, and what is needless to hide is hidden with it.
 */
export function secretPlaces(dump: Dump): readonly Span[] {
  const places: Span[] = [];
  let mayGoOn = false;
  for (const piece of piecesOf(dump)) {
    const found = placesIn(piece, mayGoOn);
    places.push(...found);
    if (piece.kind !== 'passed-over' || found.length > 0) {
      mayGoOn = found.length > 0 || doubtfulWordEnd(piece.at) !== undefined;
    }
  }
  return places;
}

/** The secrets that the commands of a dump hold, as they stand there. They are to be looked for, never to be shown. */
export function secretTexts(dump: Dump): readonly string[] {
  return commandsOf(dump).flatMap((command) => secretsOf(command).map(textOf));
}

/**
 * Where a secret that a dump sets stands in a text again: in a description, or on a line by itself. One of a few
 * characters may well be a word of its own.
 */
export function repeatedSecrets(file: SourceFile, secrets: readonly string[]): readonly Span[] {
  const long = secrets.filter((secret) => secret.length >= SHORTEST_REPEATED);
  return occurrencesOf(long, file.text, SHORTEST_REPEATED).map(({ start, end }) => span(file, start, end));
}

const SHORTEST_REPEATED = 8;

const mask = '********';

/** A remark of the user's without the secrets that are known. */
export function withoutSecrets(remark: string, secrets: readonly string[]): string {
  // The longest first: one may hold another.
  const found = secrets
    .filter((secret) => secret !== '' && remark.includes(secret))
    .toSorted((one, other) => other.length - one.length);
  return found.reduce((text, secret) => text.replaceAll(secret, mask), remark);
}

/** The same of a remark in a dump, where a secret that was put out of use may stand: what follows a word for one is hidden. */
export function discreetRemark(remark: string, secrets: readonly string[]): string {
  const known = withoutSecrets(remark, secrets);
  const end = firstDoubtful(known);
  return end === undefined || end >= known.length ? known : `${known.slice(0, end)}${mask}`;
}

function piecesOf({ commands, problems, ignored }: Dump): readonly Piece[] {
  const pieces: readonly Piece[] = [
    ...commands.map((command): Piece => ({ kind: 'command', at: command.at, command })),
    ...problems.map(({ at, lost }): Piece => ({ kind: 'unread', at: lost ?? at })),
    ...ignored.flatMap(({ reason, at }): readonly Piece[] => {
      if (reason === 'brace') return [];
      return [{ kind: reason === 'comment' || reason === 'masked' ? reason : 'passed-over', at }];
    }),
  ];
  return pieces.toSorted((one, other) => one.at.start - other.at.start);
}

/** `mayGoOn`: what stands before may be the beginning of a secret's line that was broken in two. */
function placesIn(piece: Piece, mayGoOn: boolean): readonly Span[] {
  const { at } = piece;
  switch (piece.kind) {
    case 'command':
      return secretsOf(piece.command);
    case 'masked':
      return [at];
    case 'comment':
      return stretch(at, at.start + (/^(?:#|\/[/*])\s*/.exec(firstCharacters(at))?.[0].length ?? 0));
    case 'unread':
      if (mayGoOn && !startsCommand(at)) return [at];
      return stretch(at, doubtfulWordEnd(at));
    case 'passed-over':
      return stretch(at, doubtfulWordEnd(at));
  }
}

/** In braces the words of a command stand on several lines: each stretch of them by itself. */
function secretsOf({ verb, path }: Command): readonly Span[] {
  // The text of a comment is a remark.
  const end = verb === 'comment' ? path.length - 1 : path.length;
  const index = Math.min(firstSecretWord(path) ?? end, end);
  const words = path.slice(index).filter(({ at }) => at.end > at.start);
  const [only] = words;
  if (words.length === 1 && only !== undefined) return [withoutQuotes(only)];
  const stretches: Span[] = [];
  for (const { at } of words) {
    const last = stretches.at(-1);
    const isBeside = last !== undefined && !/[\r\n{}]/.test(at.file.text.slice(last.end, at.start));
    if (isBeside) stretches.splice(-1, 1, span(at.file, last.start, at.end));
    else stretches.push(at);
  }
  return stretches;
}

/** What stands between the quotes of a word, if they are around all of it. */
function withoutQuotes({ at }: Word): Span {
  const { file, start, end } = at;
  const quote = file.text.charAt(start);
  const isQuoted = /['"]/.test(quote) && end - start >= 2 && file.text.indexOf(quote, start + 1) === end - 1;
  return isQuoted ? span(file, start + 1, end - 1) : at;
}

function stretch({ file, end }: Span, start: number | undefined): readonly Span[] {
  return start === undefined || start >= end ? [] : [span(file, start, end)];
}

const TO_LOOK_AT = 200;

function firstCharacters({ file, start, end }: Span): string {
  return file.text.slice(start, Math.min(end, start + TO_LOOK_AT));
}

/** Whether one of the first words of a text is a node of VyOS's root, so that it does not go on with a line before. */
function startsCommand(at: Span): boolean {
  const words = firstCharacters(at).split(/\s+/).slice(0, 3);
  return words.some((word) => Object.hasOwn(schemaRoot, word));
}

const EXACT =
  /\b(?:psk[^\S\r\n]+[\w.@:-]+[^\S\r\n]+secret|authentication[^\S\r\n]+pre-shared-secret|x509[^\S\r\n]+passphrase)(?![\w-])[^\S\r\n]*/;

/**
 * Where the first word ends behind which a secret may stand, blanks included; undefined where there is none. Where the
 * nodes above a secret stand as they should, that is the secret's own node.
 */
function doubtfulWordEnd({ file, start, end }: Span): number | undefined {
  const text = file.text.slice(start, end);
  const found = firstDoubtful(text);
  if (found === undefined) return undefined;
  const exact = EXACT.exec(text);
  // Only what follows at once: a word in between may be a secret.
  const isAtOnce = exact !== null && exact.index <= found;
  return start + (isAtOnce ? exact.index + exact[0].length : found);
}

function firstDoubtful(text: string): number | undefined {
  for (const { 0: word, index } of text.matchAll(/[\w\u00c0-\u1fff-]+/g)) {
    if (!isAuthentication(word) && !resemblesSecretName(word)) continue;
    const end = index + word.length;
    return end + (/^[^\S\r\n]*/.exec(text.slice(end, end + TO_LOOK_AT))?.[0].length ?? 0);
  }
  return undefined;
}
