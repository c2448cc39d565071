import { type Span, textOf } from '../source/index.ts';
import {
  DEFAULT_RELEASE,
  isAuthentication,
  isPlain,
  meantNode,
  nearestForm,
  resemblesSecretName,
  type SchemaChildren,
  schemaRoot,
} from './schema/index.ts';

/** What must not be seen of a stretch that was not read as a command. */
export interface Masked {
  /** The offset from which all of it is masked; its end where nothing is. */
  readonly start: number;
  /** What is surely a secret or looks like one. */
  readonly secrets: readonly string[];
  /** The other words that are masked. */
  readonly doubtful: readonly string[];
  /** Whether a secret may stand at the beginning of what follows. */
  readonly endsInDoubt: boolean;
}

/**
 * Reads a damaged line, a remark or what a terminal said as far as its words could be those of a command: verbs, the
 * nodes of the schema in their place, numbers, addresses, and words that stand in the commands of the dump. From the
 * first other word on all is masked, and from one on that sounds like a secret's node.
 */
export function maskedFrom(at: Span, known: ReadonlySet<string>): Masked {
  const text = textOf(at);
  const reading = { children: schemaRoot as SchemaChildren | undefined, isStrict: false, isSecret: false };
  let isFirst = true;
  for (const { 0: token, index } of text.matchAll(/\S+/g)) {
    const core = coreOf(token);
    const sounds = core !== '' && (resemblesSecretName(core) || isAuthentication(core));
    if (!isUnderstood(token, core, isFirst, reading, known))
      return maskedAt(at, text, index, reading.isStrict);
    if (isFirst && core !== '' && !isPrompt(token)) isFirst = false;
    if (!sounds) continue;
    const isOnTheWay = /^(?:authentication|psk|ppk|x509|rsa)$/.test(core) && core === token;
    if (isOnTheWay) {
      reading.isStrict = true;
      continue;
    }
    const end = index + token.length;
    const behind = end + (/^[^\S\r\n]*/.exec(text.slice(end, end + TO_LOOK_AT))?.[0].length ?? 0);
    return maskedAt(at, text, behind, true);
  }
  return { start: at.end, secrets: [], doubtful: [], endsInDoubt: reading.isStrict };
}

const TO_LOOK_AT = 200;

interface Reading {
  /** What may stand next in the schema; undefined where that is not known. */
  children: SchemaChildren | undefined;
  /** Below `authentication` or `psk` nothing but what stands there as it should is shown. */
  isStrict: boolean;
  /** What stands next is a secret, for a slip of its node stands before. */
  isSecret: boolean;
}

const VERBS = new Set(['set', 'delete', 'comment', 'activate', 'deactivate', 'show', 'run', 'edit', 'no']);
const SESSION = new Set([
  ...[
    'configure',
    'conf',
    'configuration',
    'commands',
    'commit',
    'commit-confirm',
    'confirm',
    'save',
    'exit',
  ],
  ...['discard', 'top', 'up', 'quit', 'compare', 'terminal', 'length', 'width', 'pager'],
]);

function isUnderstood(
  token: string,
  core: string,
  isFirst: boolean,
  reading: Reading,
  known: ReadonlySet<string>,
): boolean {
  if (core === '') return token.length <= 3 || /^(.)\1*$/.test(token);
  if (opensQuote(token)) return false;
  if (isFirst && (isPrompt(token) || VERBS.has(core) || SESSION.has(core) || isSlipOfVerb(core))) return true;
  const form = nearestForm(reading.children, core, DEFAULT_RELEASE);
  if (reading.isSecret) return false;
  if (form !== undefined) {
    reading.children = form.kind === 'tag' ? undefined : form.children;
    return true;
  }
  if (reading.isStrict) return known.has(core);
  const meant = meantNode({ text: core, quoted: token !== core }, reading.children);
  const meantForm = meant === undefined ? undefined : nearestForm(reading.children, meant, DEFAULT_RELEASE);
  reading.children = meantForm?.kind === 'tag' ? undefined : meantForm?.children;
  reading.isSecret = meantForm?.secret === true;
  return meant !== undefined || isPlain(core) || known.has(core) || VERBS.has(core) || SESSION.has(core);
}

function isPrompt(token: string): boolean {
  return /^(?:vyos|root|admin)@[\w.-]{1,64}(?::~)?[#$]$/.test(token);
}

function isSlipOfVerb(word: string): boolean {
  return (
    /^(?:et|st|se|sett|sset|ste|stet|sets|delet|elete|delte|delette|dele|coment|commet|comments)$/i.test(
      word,
    ) || /^(?:set|delete|comment)$/i.test(word)
  );
}

/** A quote that is closed further on may hold blanks, and what stands between them. */
function opensQuote(token: string): boolean {
  return /^['"`‘’“”]/.test(token) && !/.['"`‘’“”][)\]}>,;.|]*$/.test(token);
}

const EDGE =
  /^(?:&(?:#\w+|\w+);|[\\'"`‘’“”„«»()[\]{}<>*•|#:;,.!?–—-])+|(?:&(?:#\w+|\w+);|[\\'"`‘’“”„«»()[\]{}<>*•|#:;,.!?–—-])+$/g;

/** A word without the marks around it. */
function coreOf(token: string): string {
  if (token.length > LONGEST) return token;
  return token.replace(EDGE, '');
}

const LONGEST = 4096;

/** Whether a word looks like no name: letters of both cases and digits, or signs of several kinds. */
export function looksSecret(text: string): boolean {
  if (text.length < 8 || /\s/.test(text)) return false;
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^\w.@:/-]/].filter((kind) => kind.test(text)).length;
  return kinds >= 3;
}

/** What a text may be when the marks, the quotes and the entities of a web page are no part of it: word by word. */
export function textsIn(text: string): readonly string[] {
  return text
    .split(/\s+/)
    .filter((token) => token !== '')
    .flatMap((token) => [token, coreOf(token), withoutGlue(token), ...token.split(/['"`‘’“”]+/).map(coreOf)]);
}

/** Where line ends were lost, a word of the next line may stand at the end of one. */
function withoutGlue(token: string): string {
  return coreOf(token.replace(/(?<!=)=*(?:set|delete|commit|save|exit|configure|comment)$/, ''));
}

function maskedAt(at: Span, text: string, index: number, isBehindSecret: boolean): Masked {
  const secrets: string[] = [];
  const doubtful: string[] = [];
  let isFirst = true;
  for (const { 0: token } of text.slice(index).matchAll(/\S+/g)) {
    for (const each of textsIn(token)) {
      const isSecret = isFirst && isBehindSecret && (/^['"‘“]/.test(token) || /\d/.test(each));
      if (isSecret || looksSecret(each)) secrets.push(each);
      else doubtful.push(each);
    }
    isFirst = false;
  }
  const quoted = /['"‘“`]([^'"’”`\r\n]{4,}?)['"’”`]/.exec(text.slice(index))?.[1];
  if (quoted !== undefined && isBehindSecret) secrets.push(quoted);
  return { start: at.start + index, secrets, doubtful, endsInDoubt: true };
}

/** Where the first word ends behind which a secret may stand, blanks included; undefined where there is none. */
export function endOfSecretWord(text: string): number | undefined {
  for (const { 0: word, index } of text.matchAll(/[\w\u00c0-\u1fff-]+/g)) {
    if (!isAuthentication(word) && !resemblesSecretName(word)) continue;
    const end = index + word.length;
    const start = end + (/^[^\S\r\n]*/.exec(text.slice(end, end + TO_LOOK_AT))?.[0].length ?? 0);
    return start < text.length ? start : undefined;
  }
  return undefined;
}
