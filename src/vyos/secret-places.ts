import type { Command, Dump, Word } from '../../grammar/command.ts';
import { type Span, span, textOf } from '../source/index.ts';
import { oncePer } from '../source/once.ts';
import { type Exposure, type Exposures, exposuresOf, mask } from './exposure.ts';
import { eitherFinder, type Finder, finderOf, partFinderOf } from './needles.ts';
import { schemaRoot } from './schema/index.ts';
import { endOfSecretWord, looksSecret, type Masked, maskedFrom, textsIn } from './unread.ts';

/** What a dump holds that must not be seen. */
interface Hidden {
  /** Where it stands, without the quotes around a word, in the order of the dump. */
  readonly places: readonly Span[];
  /** Prose of flawless commands: shown but for what is hidden elsewhere. */
  readonly prose: readonly Span[];
  /** The secrets: to be looked for wherever text is shown, in the name of a peer too. Never to be shown. */
  readonly secrets: ReadonlySet<string>;
  /** Words that may be secrets, and may be anything: to be looked for in prose. */
  readonly doubtful: ReadonlySet<string>;
}

/** One stretch of a dump, as the reader told them apart. */
type Piece =
  | {
      readonly kind: 'command';
      readonly at: Span;
      readonly command: Command;
      readonly words: readonly Exposure[];
    }
  | { readonly kind: 'unread' | 'comment' | 'masked' | 'passed-over'; readonly at: Span };

/**
 * What must not be seen of a dump. Of a command that was read, each word that is not known to be safe; of all else
 * (damaged lines, remarks, what a terminal said) what stands behind the words that could be of a command.
 */
const hiddenIn = oncePer((dump: Dump): Hidden => {
  const exposures = exposuresOf(dump);
  const hidden = {
    places: [] as Span[],
    prose: [] as Span[],
    secrets: new Set<string>(),
    doubtful: new Set<string>(),
  };
  for (const { command, words } of exposures.commands) learn(command, words, exposures.known, hidden);
  let mayGoOn = false;
  let before = '';
  for (const piece of piecesOf(dump, exposures)) {
    const brokenOff = mayGoOn ? before : '';
    before = lastWordOf(piece.at);
    if (piece.kind === 'command') {
      hidden.places.push(...maskedWords(piece.command, piece.words));
      hidden.prose.push(...wordsThatAre('free', piece.command, piece.words).map(({ at }) => at));
      mayGoOn = piece.words.some((exposure) => exposure !== 'shown' && exposure !== 'free');
      continue;
    }
    const masked = maskedIn(piece, mayGoOn, exposures);
    for (const secret of masked.secrets) hidden.secrets.add(secret);
    // The words of a remark are those of any prose, but for the one that stands where it says its secret.
    const doubtful = piece.kind === 'comment' ? saidSecrets(piece.at) : masked.doubtful;
    for (const word of doubtful) hidden.doubtful.add(word);
    for (const word of joined(brokenOff, piece.at)) hidden.doubtful.add(word);
    if (masked.start < piece.at.end) hidden.places.push(span(piece.at.file, masked.start, piece.at.end));
    if (piece.kind !== 'passed-over' || masked.start < piece.at.end) {
      mayGoOn = masked.start < piece.at.end || masked.endsInDoubt;
    }
  }
  return hidden;
});

/** The last word of a stretch without the quotes around it. */
function lastWordOf(at: Span): string {
  const text = at.file.text.slice(Math.max(at.start, at.end - TO_LOOK_AT), at.end);
  return /['"]?([^\s'"]+)['"]?\s*$/.exec(text)?.[1] ?? '';
}

/** What a word becomes that was broken in two at the end of a line. */
function joined(head: string, at: Span): readonly string[] {
  const tail = /^\s*(\S+)/.exec(firstCharacters(at))?.[1];
  if (head === '' || tail === undefined) return [];
  return textsIn(tail).map((text) => `${head}${text}`);
}

/** The word of a remark that stands right behind one for a secret, or behind "is" or a colon. */
function saidSecrets(at: Span): readonly string[] {
  const text = textOf(at);
  const end = endOfSecretWord(text);
  if (end === undefined) return [];
  const said = /^[\s=:]*(?:(?:is|was)[\s=:]+)?(\S+)/.exec(text.slice(end, end + TO_LOOK_AT))?.[1];
  return said === undefined ? [] : textsIn(said);
}

type Mutable = { readonly secrets: Set<string>; readonly doubtful: Set<string> };

function learn(
  { path }: Command,
  words: readonly Exposure[],
  known: ReadonlySet<string>,
  { secrets, doubtful }: Mutable,
): void {
  let behindSecret = false;
  let behindAuthentication = false;
  for (const [index, word] of path.entries()) {
    const exposure = words[index];
    const isBelowAuthentication = behindAuthentication;
    behindAuthentication ||= word.text === 'authentication' || word.text === 'psk';
    if (exposure === undefined || exposure === 'shown' || exposure === 'free') continue;
    if (exposure === 'secret' || exposure === 'odd') secrets.add(word.text);
    const isSecret = exposure === 'secret' || behindSecret || isBelowAuthentication;
    behindSecret ||= exposure === 'secret';
    for (const text of new Set([word.text, ...textsIn(word.text), ...textsIn(textOf(word.at))])) {
      // Of a secret of several words only all of them are it.
      const isOwn =
        exposure === 'secret' || (behindSecret && index === path.length - 1)
          ? !/\s/.test(word.text)
          : word.quoted && exposure === 'masked' && !known.has(text);
      if ((isSecret && isOwn) || looksSecret(text)) secrets.add(text);
      else doubtful.add(text);
    }
  }
}

function piecesOf({ commands, problems, ignored }: Dump, exposures: Exposures): readonly Piece[] {
  const read = new Set(commands);
  const pieces: readonly Piece[] = [
    ...exposures.commands.flatMap(({ command, words }): readonly Piece[] =>
      read.has(command) ? [{ kind: 'command', at: command.at, command, words }] : [],
    ),
    ...problems.map(({ at, lost }): Piece => ({ kind: 'unread', at: lost ?? at })),
    ...ignored.flatMap(({ reason, at }): readonly Piece[] => {
      if (reason === 'brace') return [];
      return [{ kind: reason === 'comment' || reason === 'masked' ? reason : 'passed-over', at }];
    }),
  ];
  return pieces.toSorted((one, other) => one.at.start - other.at.start);
}

/** `mayGoOn`: what stands before may be the beginning of a secret's line that was broken in two. */
function maskedIn(
  { kind, at }: Exclude<Piece, { readonly kind: 'command' }>,
  mayGoOn: boolean,
  { known: names }: Exposures,
): Masked {
  switch (kind) {
    case 'masked':
      return { start: at.start, secrets: [], doubtful: [], endsInDoubt: false };
    case 'comment': {
      const mark = /^(?:#|\/[/*])\s*/.exec(firstCharacters(at))?.[0].length ?? 0;
      return { ...maskedFrom(at, names), start: at.start + mark };
    }
    case 'unread':
      if (mayGoOn && !startsCommand(at)) return { ...maskedFrom(at, names), start: at.start };
      return maskedFrom(at, names);
    case 'passed-over':
      return maskedFrom(at, names);
  }
}

/** A description speaks of secrets, too: what stands behind a word for one is masked. */
function behindSecretWord(at: Span): readonly Span[] {
  const end = endOfSecretWord(textOf(at).replace(/['"]$/, ''));
  return end === undefined ? [] : [span(at.file, at.start + end, at.end)];
}

function wordsThatAre(wanted: Exposure, { path }: Command, words: readonly Exposure[]): readonly Word[] {
  return path.filter(({ at }, index) => words[index] === wanted && at.end > at.start);
}

/** In braces the words of a command stand on several lines: each stretch of them by itself. */
function maskedWords({ path }: Command, exposures: readonly Exposure[]): readonly Span[] {
  const words = path.filter(
    ({ at }, index) => /^(?:secret|odd|masked)$/.test(exposures[index] ?? '') && at.end > at.start,
  );
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

const TO_LOOK_AT = 200;

function firstCharacters({ file, start, end }: Span): string {
  return file.text.slice(start, Math.min(end, start + TO_LOOK_AT));
}

/** Whether one of the first words of a text is a node of VyOS's root, so that it does not go on with a line before. */
function startsCommand(at: Span): boolean {
  const words = firstCharacters(at).split(/\s+/).slice(0, 3);
  return words.some((word) => Object.hasOwn(schemaRoot, word));
}

/** What must not be seen of several dumps that are shown together. */
export interface Guard {
  /** All places of a dump, among them those where a secret of another one stands again. */
  readonly placesIn: (dump: Dump) => readonly Span[];
  /** Whether a name or a value of the dumps holds a secret, so that `discreet` may change a text. */
  readonly isNeeded: boolean;
  /** A text that is made of what may be seen of the dumps, without the names that equal a secret. */
  readonly discreet: (text: string) => string;
  /** A reason of the user's own configuration without the secrets of the dumps. */
  readonly discreetReason: (text: string) => string;
  /** Prose of a dump without what may be a secret. */
  readonly discreetProse: (text: string) => string;
}

/** Guards what is said of these dumps. */
export function guardOf(dumps: readonly Dump[]): Guard {
  const all = dumps.map(hiddenIn);
  const secrets = new Set(all.flatMap((each) => [...each.secrets]));
  const find = finderOf(secrets);
  const hoard = [...secrets, ...all.flatMap(({ doubtful }) => [...doubtful])];
  const findInProse = eitherFinder(finderOf(hoard), partFinderOf(hoard));
  const shown = new Set(dumps.flatMap((dump) => [...exposuresOf(dump).said]));
  // Of a text that is made of names and values none can be a secret unless one of them is: most have nothing to look for.
  const named = [...shown].filter((text) => find(text).length > 0);
  const findNamed = named.length === 0 ? () => [] : find;
  return {
    placesIn: (dump) => {
      const { places, prose } = hiddenIn(dump);
      const { file } = dump;
      const again = (at: Span, finder: Finder) =>
        finder(textOf(at)).map(({ start, end }) => span(file, at.start + start, at.start + end));
      return [
        ...places,
        ...again(span(file, 0, file.text.length), find),
        ...prose.flatMap((at) => [...again(at, findInProse), ...behindSecretWord(at)]),
      ];
    },
    isNeeded: named.length > 0,
    discreet: (text) => masked(text, findNamed),
    discreetReason: (text) => masked(text, find),
    discreetProse: (text) => {
      const plain = masked(text, findInProse);
      const end = endOfSecretWord(plain);
      return end === undefined ? plain : `${plain.slice(0, end)}${mask}`;
    },
  };
}

function masked(text: string, find: Finder): string {
  return find(text).reduceRight(
    (shown, { start, end }) => `${shown.slice(0, start)}${mask}${shown.slice(end)}`,
    text,
  );
}
