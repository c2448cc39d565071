import type { Command, Dump, Word } from '../../grammar/command.ts';
import { textOf } from '../source/index.ts';
import { oncePer } from '../source/once.ts';
import { commandsOf } from './damaged-commands.ts';
import {
  DEFAULT_RELEASE,
  firstSecretWord,
  holdsSecret,
  isPlain,
  isSecretPath,
  meantNode,
  nearestForm,
  type SchemaChildren,
  type SchemaNode,
  schemaRoot,
} from './schema/index.ts';

/** Stands for whatever is not to be seen, whatever its length. */
export const mask = '********';

/**
 * What may be seen of a word of a command. `shown`: a word of VyOS's in its place (or a slip of it), a name where one
 * belongs, an address, a number, a value of a leaf that is no secret. `free`: prose, which may hold anything. `secret`:
 * the value of a secret leaf. `odd`: the value of another leaf that may have swallowed a secret. `masked`: all else.
 */
export type Exposure = 'shown' | 'free' | 'secret' | 'odd' | 'masked';

/** A command and what may be seen of each word of its path. */
export interface Exposed {
  readonly command: Command;
  readonly words: readonly Exposure[];
}

/** The commands of a dump, those of damaged lines included, and the words that stand in them where they belong. */
export interface Exposures {
  readonly commands: readonly Exposed[];
  readonly known: ReadonlySet<string>;
  /** Every text that a message may be made of. */
  readonly said: ReadonlySet<string>;
}

/**
 * What may be seen of each command of a dump: the one place that decides it. A dump is asked about by its reader, by its
 * report and by each format.
 */
export const exposuresOf = oncePer((dump: Dump): Exposures => {
  const commands = commandsOf(dump);
  const walked = commands.map(walk);
  const known = new Set<string>();
  const odd = new Set<string>();
  for (const [index, { words, lone }] of walked.entries()) {
    const path = commands[index]?.path ?? [];
    for (const [place, exposure] of words.entries()) {
      const text = path[place]?.text ?? '';
      if (exposure === 'shown' && place !== lone) known.add(text);
      else if (exposure === 'odd') odd.add(text);
    }
  }
  return {
    known,
    said: new Set([...known, ...odd]),
    commands: commands.map((command, index): Exposed => {
      const { words, lone } = walked[index] ?? { words: [], lone: undefined };
      const name = lone === undefined ? '' : (command.path[lone]?.text ?? '');
      if (lone === undefined || isPlain(name) || known.has(name)) return { command, words };
      return { command, words: words.with(lone, 'masked') };
    }),
  };
});

/**
 * The commands of a dump with a mask for each word that must not be seen, as its tree is made of them: what nobody may
 * see can then stand in no message. A secret stays, for it is compared; so does what VyOS sets in the parts of the
 * configuration that are not judged, and a value that strongSwan reads as it is.
 */
export function discreetCommands(dump: Dump): readonly Command[] {
  return exposuresOf(dump).commands.map(({ command, words }) => {
    if (!words.includes('masked') || isNotJudged(command)) return command;
    const path = command.path.map((word, index) =>
      index >= words.indexOf('masked') && words[index] !== 'shown' ? { ...word, text: mask } : word,
    );
    return { ...command, path };
  });
}

/** Of these it is only asked whether a node is there. */
function isNotJudged({ path: [top] }: Command): boolean {
  return ['high-availability', 'pki', 'policy', 'service', 'system', 'vrf'].includes(top?.text ?? '');
}

interface Walked {
  readonly words: readonly Exposure[];
  /** The index of a name of a tag node with nothing behind it: where a word was left out it may be a secret. */
  readonly lone?: number;
}

function walk({ verb, path }: Command): Walked {
  const end = verb === 'comment' ? path.length - 1 : path.length;
  const own = path.slice(0, end);
  const limit = firstSecretWord(own) ?? end;
  const isSecret = isSecretPath(own.slice(0, limit).map(({ text }) => text));
  const words: Exposure[] = [];
  const place: Standing = { children: schemaRoot, node: undefined, awaits: 'node' };
  for (const [index, word] of own.entries()) {
    if (index >= limit || words.at(-1) === 'masked') {
      words.push(isSecret && index === limit ? 'secret' : 'masked');
      continue;
    }
    words.push(step(place, word));
  }
  // What is taken away is named by its name alone.
  const isWholeNode =
    /^(?:delete|deactivate|activate|comment)$/.test(verb) &&
    !own.some(({ text }) => text === 'authentication');
  const isLone = end > 0 && place.awaits === 'below-name' && words.at(-1) === 'shown' && !isWholeNode;
  // What is said of a node with a secret may well hold it, or the one before.
  if (verb === 'comment')
    words.push(words.includes('masked') || firstSecretWord(path) !== undefined ? 'masked' : 'free');
  return isLone ? { words, lone: end - 1 } : { words };
}

/** How far the words of a path have led in the schema, and what the next one should be. */
interface Standing {
  children: SchemaChildren | undefined;
  node: SchemaNode | undefined;
  /** `below-name`: a node, behind the name of a tag node. `foreign`: the schema says nothing of what is here. */
  awaits: 'node' | 'name' | 'below-name' | 'value' | 'secret' | 'prose' | 'foreign';
}

function step(place: Standing, word: Word): Exposure {
  switch (place.awaits) {
    case 'name':
      place.awaits = 'below-name';
      return isName(word) ? 'shown' : 'masked';
    case 'value':
      place.awaits = 'foreign';
      return isValue(word) ? 'shown' : 'odd';
    // Behind a slip of its node: behind the node itself nothing is asked any more.
    case 'secret':
      return 'masked';
    case 'prose':
      return 'free';
    case 'foreign':
      return isPlain(word.text) ? 'shown' : 'masked';
    default:
      return enter(place, word.text) || enterMeant(place, word) || strayed(place, word);
  }
}

function enter(place: Standing, name: string): Exposure | undefined {
  const form = nearestForm(place.children, name, DEFAULT_RELEASE);
  if (form === undefined) return undefined;
  place.node = form;
  place.children = form.children;
  if (form.kind === 'tag') place.awaits = 'name';
  else if (form.kind === 'node') place.awaits = 'node';
  else if (form.kind === 'valueless') place.awaits = 'foreign';
  else if (form.secret === true) place.awaits = 'secret';
  else place.awaits = name === 'description' ? 'prose' : 'value';
  return 'shown';
}

function enterMeant(place: Standing, word: Word): Exposure | undefined {
  const meant = meantNode(word, place.children);
  return meant === undefined ? undefined : enter(place, meant);
}

function strayed(place: Standing, { text }: Word): Exposure {
  const near = holdsSecret(place.node);
  place.awaits = 'foreign';
  return isPlain(text) && !near ? 'shown' : 'masked';
}

const LONGEST = 128;

/** A name of the user's holds no blank: one that does swallowed what stands behind it. */
function isName(word: Word): boolean {
  return isWhole(word) && word.text.length <= LONGEST && !/[\s'"`\\{}]/.test(word.text);
}

/** The distinguished name of a certificate may hold blanks, and nothing else that is a value. */
function isValue(word: Word): boolean {
  if (!isWhole(word)) return false;
  if (!/[\s'"`]/.test(word.text)) return true;
  return /^"?[A-Za-z][\w.]*\s?=[^'"`]*"?$/.test(word.text) && !/secret|psk|pass|key/i.test(word.text);
}

/** Whether a word has quotes around all of it, or none. */
function isWhole({ at, text }: Word): boolean {
  const raw = textOf(at);
  if (raw === '' || raw === text) return true;
  return /^(['"]).*\1$/s.test(raw) && (raw.slice(1, -1) === text || raw.startsWith('"'));
}
