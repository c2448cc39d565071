import { dirname, relative, resolve } from 'node:path';
import { isDynamicPattern } from 'tinyglobby';
import {
  type Document,
  isMap,
  isNode,
  isScalar,
  LineCounter,
  parseDocument,
  visit,
  type YAMLParseError,
} from 'yaml';
import type * as z from 'zod';
import type { Expectation, Ignore, PeerKnowledge, Severity } from '../index.ts';
import { nearest } from '../vyos/schema/nearest.ts';
import type { Release } from '../vyos/schema/node.ts';
import { type ConfigurationText, configurationSchema, keysAt } from './configuration-schema.ts';
import { type FilesLike, filesLike } from './files-like.ts';
import type { ConfigurationFile } from './find-configuration.ts';

/** What the user configured: paths are relative to the folder in which the command runs. */
export interface Configuration {
  /** The file, as it is shown. */
  readonly file: string;
  readonly sites: readonly ConfiguredSite[];
  readonly expectations: readonly Expectation[];
  readonly severities: Readonly<Record<string, Severity | 'off'>>;
  readonly ignores: readonly ConfiguredIgnore[];
  readonly failOn: Severity | undefined;
  readonly baseline: string | undefined;
}

export interface ConfiguredSite {
  readonly file: string;
  readonly name: string | undefined;
  readonly release: Release | undefined;
  readonly publicAddress: string | undefined;
  readonly peers: readonly PeerKnowledge[];
}

export interface ConfiguredIgnore extends Ignore {
  /** `file:line` of the entry. */
  readonly at: string;
  /** The last day on which it holds, as `2027-03-31`. */
  readonly expires: string | undefined;
}

/** A configuration, or what is wrong with it: sentences that begin with the file, the line and the column. */
export type ReadConfiguration =
  | { readonly kind: 'read'; readonly configuration: Configuration }
  | { readonly kind: 'wrong'; readonly mistakes: readonly string[] };

interface Mistake {
  readonly path: readonly PropertyKey[];
  /** The key of the last map is meant, and not its value. */
  readonly key?: boolean;
  readonly message: string;
}

/** Reads a configuration file, expands its patterns, and holds it against its schema over the given rules. */
export function readConfigurationFile(
  { path, text, below }: ConfigurationFile,
  cwd: string,
  ruleIds: readonly string[],
): ReadConfiguration {
  const file = relative(cwd, path) || path;
  const deep = tooDeepAt(text);
  if (deep !== undefined) return { kind: 'wrong', mistakes: [`${file}:${deep}:1: ${tooDeep}`] };
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  const [syntax] = document.errors;
  if (syntax) return { kind: 'wrong', mistakes: [`${at(syntax.pos[0])}: ${syntaxMistake(syntax)}`] };
  const forged = protoKey(document);
  if (forged !== undefined) return { kind: 'wrong', mistakes: [`${at(forged)}: ${noKey('__proto__', [])}`] };
  const root = below === undefined ? [] : [below];
  const placed = ({ path: inside, key, message }: Mistake) =>
    `${at(offsetOf(document, [...root, ...inside], key === true))}: ${message}`;
  const value = jsOf(document);
  if (value.kind === 'wrong') return { kind: 'wrong', mistakes: [`${at(0)}: ${value.why}`] };
  const own = below === undefined ? (value.value ?? {}) : valueAt(value.value, root);
  if (own === undefined) return { kind: 'wrong', mistakes: [`${file}: there is no key "${below}" in it`] };
  const result = configurationSchema(ruleIds).safeParse(own);
  if (!result.success) {
    const mistakes = result.error.issues.flatMap((issue) => mistakesOf(issue, own, ruleIds));
    return { kind: 'wrong', mistakes: mistakes.map(placed) };
  }
  const folder = dirname(path);
  const sites = sitesOf(result.data, folder, cwd);
  const mistakes = [...sites.mistakes, ...namesOf(result.data, sites.names)];
  if (mistakes.length > 0) return { kind: 'wrong', mistakes: mistakes.map(placed) };
  const ignores = (result.data.ignores ?? []).map((ignore, index) => {
    const { line } = lines.linePos(offsetOf(document, [...root, 'ignores', index], false));
    return { ...ignore, expires: ignore.expires, at: `${file}:${line}` };
  });
  const { rules = {}, failOn, baseline, links = [] } = result.data;
  return {
    kind: 'read',
    configuration: {
      file,
      sites: sites.sites,
      expectations: links.map(({ between: [one, other], expect, reason }) => ({
        between: [endOf(one), endOf(other)],
        state: expect,
        reason: reason ?? null,
      })),
      severities: rules as Readonly<Record<string, Severity | 'off'>>,
      ignores,
      failOn,
      baseline: baseline === undefined ? undefined : relative(cwd, resolve(folder, baseline)),
    },
  };
}

/** The value of a document, or why it has none: an alias without an anchor, or aliases that multiply without end. */
function jsOf(
  document: Document,
): { readonly kind: 'read'; readonly value: unknown } | { readonly kind: 'wrong'; readonly why: string } {
  try {
    return { kind: 'read', value: document.toJS() };
  } catch (error) {
    // Its message names the alias, and where a dump was given by mistake that is a piece of it.
    const isAlias = error instanceof ReferenceError && !error.message.startsWith('Excessive');
    return {
      kind: 'wrong',
      why: isAlias ? 'an alias (*NAME) has no anchor (&NAME) before it' : 'there are too many aliases in it',
    };
  }
}

type End = NonNullable<ConfigurationText['links']>[number]['between'][number];

function endOf(end: End): { readonly site: string; readonly peer?: string | undefined } {
  return typeof end === 'string' ? { site: end } : end;
}

type ConfiguredPeer = NonNullable<NonNullable<ConfigurationText['sites']>[number]['peers']>[number];

function peerKnowledge({ counterpart, ...peer }: ConfiguredPeer): PeerKnowledge {
  return { ...peer, counterpart: counterpart === undefined ? undefined : endOf(counterpart) };
}

interface Sites {
  readonly sites: readonly ConfiguredSite[];
  readonly names: readonly string[];
  readonly mistakes: readonly Mistake[];
}

/** Each site with its file, a pattern's files each a site of its own. */
function sitesOf({ sites = [] }: ConfigurationText, folder: string, cwd: string): Sites {
  const found: ConfiguredSite[] = [];
  const names: string[] = [];
  const mistakes: Mistake[] = [];
  for (const [index, { file, name, release, publicAddress, peers = [] }] of sites.entries()) {
    const isPattern = isDynamicPattern(file);
    const path = ['sites', index, 'file'];
    const like: FilesLike = isPattern ? filesLike(file, folder) : { kind: 'found', files: [file] };
    if (like.kind === 'too-many') {
      mistakes.push({ path, message: `"${file}" is too wide a pattern: ${like.why}` });
      continue;
    }
    const { files } = like;
    if (files.length === 0) {
      mistakes.push({
        path,
        message: `no file is named like "${file}", as seen from the folder of this configuration`,
      });
    }
    if (isPattern && name !== undefined && files.length > 1) {
      mistakes.push({
        path: ['sites', index, 'name'],
        message: `one name for ${files.length} files; leave it out, and each site is called as its file`,
      });
    }
    for (const each of files) {
      const shown = relative(cwd, resolve(folder, each));
      const called = name ?? nameOf(each);
      if (names.includes(called)) {
        mistakes.push({
          path: name === undefined ? path : ['sites', index, 'name'],
          message: `a second site is called "${called}"; give it another name`,
        });
      }
      names.push(called);
      found.push({ file: shown, name: called, release, publicAddress, peers: peers.map(peerKnowledge) });
    }
  }
  return { sites: found, names, mistakes };
}

/** The name that a site has without being given one. */
function nameOf(file: string): string {
  const base = file.slice(file.lastIndexOf('/') + 1);
  return base.replace(/\.[^.]+$/, '') || base;
}

/** Sites that links and ignores name, and that are not there. */
function namesOf(
  { links = [], ignores = [], sites }: ConfigurationText,
  names: readonly string[],
): readonly Mistake[] {
  const unknown = (site: string, path: readonly PropertyKey[]): readonly Mistake[] => {
    if (sites === undefined || names.includes(site)) return [];
    return [{ path, message: `there is no site "${site}"${didYouMean(site, names)}` }];
  };
  const ofLinks = links.flatMap(({ between }, index) => {
    const [one, other] = between.map(endOf);
    const ends = between.flatMap((end, place) =>
      unknown(endOf(end).site, [
        'links',
        index,
        'between',
        place,
        ...(typeof end === 'string' ? [] : ['site']),
      ]),
    );
    if (one === undefined || other === undefined || one.site !== other.site) return ends;
    return [...ends, { path: ['links', index, 'between'], message: 'both ends are the same site' }];
  });
  const told = links.map(({ between }) =>
    JSON.stringify(
      between
        .map(endOf)
        .map(({ site, peer }) => [site, peer])
        .toSorted(),
    ),
  );
  const twice = told.flatMap((link, index) =>
    told.indexOf(link) < index
      ? [{ path: ['links', index, 'between'], message: 'a second entry for the same link' }]
      : [],
  );
  const ofPeers = (sites ?? []).flatMap(({ name, peers = [] }, index) =>
    peers.flatMap(({ counterpart }, place) => {
      if (counterpart === undefined) return [];
      const { site } = endOf(counterpart);
      const path = ['sites', index, 'peers', place, 'counterpart'];
      return site === name ? [{ path, message: 'is the site itself' }] : unknown(site, path);
    }),
  );
  const ofIgnores = ignores.flatMap(({ site }, index) =>
    site === undefined ? [] : unknown(site, ['ignores', index, 'site']),
  );
  return [...ofLinks, ...twice, ...ofPeers, ...ofIgnores];
}

function didYouMean(word: string, words: readonly string[]): string {
  const meant = nearest(word, words);
  return meant === undefined ? '' : `; did you mean "${meant}"?`;
}

/** A key is repeated only where a known one was meant: the file may be a dump that was given by mistake, with its secrets. */
function noKey(key: string, known: readonly string[]): string {
  if (key === '<<') return 'there are no merge keys (<<) here; write the keys out';
  return nearest(key, known) === undefined
    ? 'there is no such key here; is this a configuration of vyos-ipsec-lint?'
    : `there is no key "${key}" here${didYouMean(key, known)}`;
}

/** A word in quotes behind a blank; nothing for what looks like no word of a list. */
function shown(word: string): string {
  return /^[A-Za-z]{1,12}$|^\d{1,2}(?:\.\d{1,2})?$/.test(word) ? ` "${word}"` : '';
}

function noRule(
  rule: string,
  path: readonly PropertyKey[],
  ruleIds: readonly string[],
  key: boolean,
): Mistake {
  return {
    path,
    key,
    message: `there is no rule${nearest(rule, ruleIds) === undefined ? ' of that name' : ` "${rule}"`}${didYouMean(rule, ruleIds)}`,
  };
}

/** What the schema says, in words for whoever wrote the file. */
function mistakesOf(issue: z.core.$ZodIssue, value: unknown, ruleIds: readonly string[]): readonly Mistake[] {
  const { path } = issue;
  switch (issue.code) {
    case 'unrecognized_keys': {
      if (path[0] === 'rules') return issue.keys.map((key) => noRule(key, [...path, key], ruleIds, true));
      const known = keysAt(path, ruleIds);
      return issue.keys.map((key) => ({
        path: [...path, key],
        key: true,
        message: noKey(key, known),
      }));
    }
    case 'invalid_key':
      return [noRule(String(path.at(-1)), path, ruleIds, true)];
    case 'invalid_value': {
      const given = String(valueAt(value, path));
      const values = issue.values.map(String);
      if (path.at(-1) === 'rule') return [noRule(given, path, ruleIds, false)];
      if (typeof valueAt(value, path) === 'number') {
        return [
          {
            path,
            message: `${last(path)} is a text and not a number: write it in quotes${shown(given) && `, as${shown(given)}`}`,
          },
        ];
      }
      return [
        { path, message: `${last(path)} is one of ${values.join(', ')}, and not${shown(given) || ' this'}` },
      ];
    }
    case 'invalid_type': {
      if (valueAt(value, path) !== undefined)
        return [{ path, message: `${last(path)} must be ${kinds[issue.expected] ?? issue.expected}` }];
      return [{ path: path.slice(0, -1), message: `${last(path)} is missing` }];
    }
    case 'invalid_union':
      return [{ path, message: `${last(path)} is the name of a site, or "site" and "peer"` }];
    case 'too_small':
      return [
        {
          path,
          message: issue.origin === 'string' ? `${last(path)} is empty` : `${last(path)} needs two ends`,
        },
      ];
    case 'too_big':
      return [{ path, message: `${last(path)} has two ends and no more` }];
    case 'invalid_format':
      return [{ path, message: `${last(path)} must be a date such as 2027-03-31` }];
    default:
      return [{ path, message: `${last(path)} ${issue.message}` }];
  }
}

const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  array: 'a list',
  tuple: 'a list of two ends',
  object: 'a map of keys and values',
  record: 'a map of keys and values',
};

/** `sites[2].file`'s last word: `"file"`; what the whole is called where there is none. */
function last(path: readonly PropertyKey[]): string {
  const key = path.findLast((part) => typeof part === 'string');
  if (key === undefined) return 'the configuration';
  return typeof path.at(-1) === 'number' ? `an entry of "${key}"` : `"${String(key)}"`;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inside, key) =>
      typeof inside === 'object' && inside !== null
        ? (inside as Record<PropertyKey, unknown>)[key]
        : undefined,
    value,
  );
}

/** Where a value, or the nearest that is written above it, stands in the text. */
function offsetOf(document: Document, path: readonly PropertyKey[], key: boolean): number {
  if (key) {
    const parent = document.getIn(path.slice(0, -1), true);
    const pair = isMap(parent)
      ? parent.items.find((item) => isScalar(item.key) && item.key.value === path.at(-1))
      : undefined;
    if (isNode(pair?.key) && pair.key.range) return pair.key.range[0];
  }
  for (let length = path.length; length >= 0; length -= 1) {
    const node: unknown = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}

const tooDeep = 'brackets or lists stand too deep in each other; is this a configuration of vyos-ipsec-lint?';

/** No configuration comes near it. */
const DEEPEST = 100;

/**
 * The line, counted from 1, on which a text becomes too deep for the parser; undefined where it never does. The parser
 * calls itself for each level, and where the stack ends inside of a regular expression V8 ends the process.
 */
function tooDeepAt(text: string): number | undefined {
  let depth = 0;
  for (const [index, line] of text.split('\n').entries()) {
    if ((/^[ \t?:-]*/.exec(line)?.[0].length ?? 0) > 4 * DEEPEST) return index + 1;
    for (const bracket of line.match(/[[\]{}]/g) ?? []) {
      depth = Math.max(0, depth + (/[[{]/.test(bracket) ? 1 : -1));
      if (depth > DEEPEST) return index + 1;
    }
  }
  return undefined;
}

/**
 * What is wrong with the YAML, or the JSON, and what to do. The parser's own message is not passed on: it quotes the text,
 * which may be a dump that was given by mistake, with its secrets.
 */
function syntaxMistake({ code }: YAMLParseError): string {
  return syntaxMistakes[code] ?? 'this is not YAML: look at the indentation, the colons and the quotes here';
}

const syntaxMistakes: Readonly<Partial<Record<YAMLParseError['code'], string>>> = {
  BAD_ALIAS: 'an alias needs a name (*NAME); write a text that begins with * in quotes',
  BAD_DQ_ESCAPE: 'no such escape between double quotes: write \\\\ for a backslash, or use single quotes',
  BAD_INDENT: 'the indentation does not fit the lines above: give the entries of a list or a map the same',
  BAD_SCALAR_START: 'a text cannot begin with this character: write it in quotes',
  BLOCK_AS_IMPLICIT_KEY:
    'two colons stand on one line: write the inner map on lines of its own, or the text in quotes',
  BLOCK_IN_FLOW: 'between [ ] and { } all is written with commas, and not as lines with a dash',
  DUPLICATE_KEY: 'Map keys must be unique: put what belongs to this key under the first of its name',
  KEY_OVER_1024_CHARS: 'the key is longer than any; is this a configuration of vyos-ipsec-lint?',
  MISSING_CHAR: 'a quote, a bracket, a comma or a colon is missing here',
  MULTILINE_IMPLICIT_KEY: 'a key stands on one line: a colon or a quote is missing here',
  MULTIPLE_DOCS: 'a second document begins here: remove the line ---, for a configuration is one document',
  TAB_AS_INDENT: 'a tab stands in the indentation: YAML wants blanks',
  RESOURCE_EXHAUSTION: tooDeep,
  UNEXPECTED_TOKEN: 'this does not belong here; is this a configuration of vyos-ipsec-lint?',
};

/** Where a key `__proto__` stands, which the schema would pass over. */
function protoKey(document: Document): number | undefined {
  let offset: number | undefined;
  visit(document, {
    Pair: (_, { key }) => {
      if (!isScalar(key) || key.value !== '__proto__') return undefined;
      offset = key.range?.[0] ?? 0;
      return visit.BREAK;
    },
  });
  return offset;
}
