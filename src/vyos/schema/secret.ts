import { isWithin } from './nearest.ts';
import { formsOf, nearestForm, type SchemaChildren, type SchemaNode } from './node.ts';
import { DEFAULT_RELEASE } from './root.ts';
import { steps } from './walk.ts';

/**
 * Whether what stands at (or below) a path must never be shown. Where the schema knows the nodes it decides;
 * everywhere else a name that sounds like a secret is one, user-given names included: rather too much hidden than
 * too little. The path may end before or behind the value.
 */
export function isSecretPath(path: readonly string[]): boolean {
  return knownSecret(path) !== undefined;
}

/** The index of the first name of a path below which all is secret. */
function knownSecret(path: readonly string[]): number | undefined {
  const { end, leaf, schema } = walk(path);
  if (leaf) return schema?.secret === true ? end : undefined;
  const found = path.findIndex((_, index) => index >= end && soundsSecret(path, index));
  return found < 0 ? undefined : found;
}

/** How far the schema knows a path: the index of the first word that it does not know, or of the leaf. */
interface Walk {
  readonly end: number;
  readonly leaf: boolean;
  /** The leaf, or what is above the word that is not known. */
  readonly schema: SchemaNode | undefined;
}

function walk(path: readonly string[]): Walk {
  let end = 0;
  let schema: SchemaNode | undefined;
  for (const { node, isUsersName } of steps(path, (children, name) =>
    nearestForm(children, name, DEFAULT_RELEASE),
  )) {
    schema = node;
    if (!isUsersName && (node.secret === true || node.kind === 'leaf' || node.kind === 'valueless'))
      return { end, leaf: true, schema };
    end += 1;
  }
  return { end, leaf: false, schema };
}

/** A word of a command, as far as it tells a node's name from a value. */
export interface PathWord {
  readonly text: string;
  readonly quoted: boolean;
}

/**
 * The index of the first word of a command that may be (part of) a secret, with all behind it. Where the schema knows
 * every node it is the value of a secret one. From a node that it does not know on, a slip of the pen may stand for a
 * secret's node, and what stands in the place of a node may be a secret whose node was left out.
 */
export function firstSecretWord(words: readonly PathWord[]): number | undefined {
  const path = words.map(({ text }) => text);
  const known = knownSecret(path);
  const { end, leaf, schema } = walk(path);
  const word = words[end];
  if (leaf || word === undefined) return known === undefined ? undefined : known + 1;
  if (holdsSecret(schema) && !isSlipOfNode(word, schema)) return end;
  // The name of a tag node counts, too: in `psk secret X` the name was left out.
  const near = path.findIndex((text, index) => index >= end - 1 && resemblesSecretName(text));
  const below = path.findIndex((text, index) => index < end && isAuthentication(text));
  const inDoubt = below >= 0 && !isSlipOfLeaf(word, schema) ? [end + 1] : [];
  const found = [...(known === undefined ? [] : [known + 1]), ...(near < 0 ? [] : [near + 1]), ...inDoubt];
  return found.length === 0 ? undefined : Math.min(...found);
}

/** Whether a secret stands directly below a node, in any release. */
export function holdsSecret(schema: SchemaNode | undefined): boolean {
  return Object.keys(schema?.children ?? {}).some((name) =>
    formsOf(schema?.children, name).some((form) => form.secret === true),
  );
}

/** Whether a word is so much like the name of a node below `schema` that it is no secret: letters only, no quotes. */
export function isSlipOfNode({ text, quoted }: PathWord, schema: SchemaNode | undefined): boolean {
  return !quoted && /^[a-z_-]+$/i.test(text) && slips(text, schema).length > 0;
}

/** The node below `children` that a word was probably meant for: a slip, its beginning, or the punctuation of another vendor. */
export function meantNode(
  { text, quoted }: PathWord,
  children: SchemaChildren | undefined,
): string | undefined {
  if (quoted || text.length < 3 || text.length > 40 || !/^[a-z_-]+$/i.test(text)) return undefined;
  const names = Object.keys(children ?? {});
  const plain = text.toLowerCase().replaceAll('_', '-');
  return (
    names.find((name) => name === plain || name.replaceAll('-', '') === plain.replaceAll('-', '')) ??
    names.find((name) => isNear(text, name)) ??
    names.find((name) => name.startsWith(plain))
  );
}

function isSlipOfLeaf(word: PathWord, schema: SchemaNode | undefined): boolean {
  if (word.quoted) return false;
  const names = slips(word.text, schema);
  return names.length > 0 && !names.some((name) => formsOf(schema?.children, name).some(isNoPlainLeaf));
}

function isNoPlainLeaf({ kind, secret }: SchemaNode): boolean {
  return kind !== 'leaf' || secret === true;
}

function slips(text: string, schema: SchemaNode | undefined): readonly string[] {
  return Object.keys(schema?.children ?? {}).filter((name) => isNear(text, name));
}

function isNear(text: string, name: string): boolean {
  const most = name.length <= 3 ? 1 : 2;
  if (Math.abs(text.length - name.length) > most) return false;
  return isWithin(text.toLowerCase(), name, most);
}

const SECRET_NODES = ['secret', 'pre-shared-secret', 'passphrase', 'password', 'private-key', 'psk'];

/** Whether a word is, or is a slip or two away from, the name of a node whose value is secret; `psk` is one. */
export function resemblesSecretName(text: string): boolean {
  if (text.length > 64) return true;
  return soundsSecret([text], 0) || SECRET_NODES.some((name) => isNear(text, name));
}

/** Whether a word is, or was meant to be, `authentication`, below which secrets stand. */
export function isAuthentication(text: string): boolean {
  return isNear(text, 'authentication');
}

const SECRET_NAME =
  /(?:^|[-_])(?:secret\w*|password\w*|passwd|passphrase|psk|keys?|token|cak|ckn|credentials?|cisco-authentication)$/i;
const SECRET_PART = /pre-?shared|private-?key|pass(?:word|phrase)/i;
const PUBLIC_NAME = /public-?keys?$/i;

function soundsSecret(path: readonly string[], index: number): boolean {
  const name = path[index] ?? '';
  if (PUBLIC_NAME.test(name) || (name === 'key' && path[index - 1] === 'public')) return false;
  if (name === 'community') return path.includes('snmp');
  return SECRET_NAME.test(name) || SECRET_PART.test(name);
}
