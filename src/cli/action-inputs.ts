import { existsSync, statSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { isDynamicPattern } from 'tinyglobby';
import type { Severity } from '../lint/finding.ts';
import { type FormatName, formatNames } from '../report/format.ts';
import { severities } from '../report/severity-levels.ts';
import type { LintCommand, Output } from './command-line.ts';
import { filesLike } from './files-like.ts';
import { outputClash } from './output-clash.ts';

/** Every input of action.yml. */
export const inputNames = [
  'files',
  'changed',
  'config',
  'format',
  'sarif',
  'fail-on',
  'baseline',
  'quiet',
  'working-directory',
] as const;

export type InputName = (typeof inputNames)[number];

/** The text of an input without blanks around it; empty where it was not given. */
export type Inputs = (name: InputName) => string;

/** What is wrong with an input: a clause without a full stop. */
export interface InputMistake {
  readonly input: InputName;
  readonly message: string;
}

/** What the action is to do, or all that is wrong with its inputs. */
export type ReadInputs =
  | { readonly kind: 'read'; readonly command: LintCommand; readonly sarif: string | undefined }
  | { readonly kind: 'wrong'; readonly mistakes: readonly InputMistake[] };

/** Where names of files begin: those that changed at the root of the repository, as git names them, all others in the folder. */
export interface Folders {
  readonly workspace: string;
  readonly folder: string;
}

/** The inputs as the runner gives them: `INPUT_FAIL-ON`, with the blanks of a name, and no dash, made underscores. */
export function inputsOf(env: Readonly<Record<string, string | undefined>>): Inputs {
  return (name) => (env[`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`] ?? '').trim();
}

/** Turns the inputs into what the command makes of its options. Patterns are expanded, which a shell does for the command. */
export function readActionInputs(inputs: Inputs, { workspace, folder }: Folders): ReadInputs {
  const mistakes: InputMistake[] = [];
  const wrong = (input: InputName, message: string) => mistakes.push({ input, message });
  const tellSeveral = (input: InputName, from: string) => {
    if (jsonList(inputs(input)) !== undefined) return;
    for (const line of linesOf(inputs(input))) {
      if (isSeveral(line, from)) wrong(input, severalText(line));
    }
  };

  const files = expanded(listOf(inputs('files')), folder, (message) => wrong('files', message));
  const listed = listOf(inputs('changed'));
  tellSeveral('files', folder);
  tellSeveral('changed', workspace);
  // Lines that name no site are passed over, so half an array would be as good as no change.
  if (inputs('changed').startsWith('[') && jsonList(inputs('changed')) === undefined) {
    wrong('changed', 'begins like a JSON array, and is no array of names');
  }
  const isChange = inputs('changed') !== '';
  if (isChange && inputs('files') !== '') {
    wrong('changed', 'does not go together with files: it chooses among the sites of the configuration');
  }
  const sarif = inputs('sarif') || undefined;
  const outputs = outputsOf(inputs('format'), sarif, wrong);
  const failOn = inputs('fail-on');
  if (failOn !== '' && !isSeverity(failOn)) {
    wrong('fail-on', `is one of ${severities.join(', ')}, and not "${failOn}"`);
  }
  const config = inputs('config');
  if (isChange && config === 'false') wrong('changed', 'needs a configuration, and config is false');
  const quiet = inputs('quiet');
  if (!/^(?:true|false)?$/i.test(quiet)) wrong('quiet', `is true or false, and not "${quiet}"`);

  if (mistakes.length > 0) return { kind: 'wrong', mistakes };
  const command: LintCommand = {
    files: isChange ? listed.map((name) => relative(folder, resolve(workspace, name))) : files,
    outputs,
    color: 'auto',
    failOn: isSeverity(failOn) ? failOn : undefined,
    config: config === 'false' ? false : config || undefined,
    releases: [],
    changed: isChange ? 'listed' : false,
    baseline: inputs('baseline') || undefined,
    updateBaseline: false,
    quiet: quiet.toLowerCase() === 'true',
    verbose: false,
    watch: false,
  };
  return { kind: 'read', command, sarif };
}

type Wrong = (input: InputName, message: string) => void;

/** A JSON array, which can hold any name, or one a line, as GitHub's own actions have it. */
function listOf(text: string): readonly string[] {
  return jsonList(text) ?? linesOf(text);
}

function linesOf(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function jsonList(text: string): readonly string[] | undefined {
  if (!text.startsWith('[')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : undefined;
  } catch {
    // A pattern such as [ab].conf.
    return undefined;
  }
}

/** The files that names and patterns stand for, in their order, each once. `!` before one takes its files out. */
function expanded(
  lines: readonly string[],
  folder: string,
  wrong: (message: string) => void,
): readonly string[] {
  const matching = (pattern: string): readonly string[] => {
    const like = filesLike(pattern, folder);
    if (like.kind === 'found') return like.files;
    wrong(`"${pattern}" is too wide a pattern: ${like.why}`);
    return [];
  };
  const isThere = (name: string) => existsSync(resolve(folder, name));
  const isExclusion = (line: string) => line.startsWith('!') && !isThere(line);
  const excluded = new Set(
    lines
      .filter(isExclusion)
      .flatMap((line) => matching(line.slice(1)))
      .map((file) => resolve(folder, file)),
  );
  const files = new Map<string, string>();
  for (const line of lines) {
    if (isExclusion(line)) continue;
    const isPattern = !isThere(line) && isDynamicPattern(line);
    const found = isPattern ? matching(line) : [line];
    if (found.length === 0) wrong(`no file is named like "${line}"`);
    for (const file of found) {
      const path = resolve(folder, file);
      if (!excluded.has(path) && !files.has(path)) files.set(path, file);
    }
  }
  if (lines.length > 0 && files.size === 0 && excluded.size > 0) wrong('every file is taken out by a "!"');
  return [...files.values()];
}

/** Whether a line holds names with blanks between them, as some actions print them: that is no name, and would match nothing. */
function isSeveral(line: string, folder: string): boolean {
  const isFile = (name: string) =>
    statSync(resolve(folder, name), { throwIfNoEntry: false })?.isFile() === true;
  return /\s/.test(line) && !isFile(line) && line.split(/\s+/).some(isFile);
}

function severalText(line: string): string {
  return `there is no file "${line}", but there are files of its words: write one name a line, or a JSON array`;
}

/** Each line is a format, printed in the log, or `format:file`. */
function outputsOf(text: string, sarif: string | undefined, wrong: Wrong): readonly Output[] {
  const outputs: Output[] = [];
  for (const line of text === '' ? ['github'] : linesOf(text)) {
    const [, name = '', file] = /^([^:]*?)\s*(?::\s*(.*))?$/s.exec(line) ?? [];
    if (!isFormat(name)) wrong('format', `is one of ${formatNames.join(', ')}, and not "${name}"`);
    else if (file === '') wrong('format', `"${line}" names no file`);
    else outputs.push({ format: name, file });
  }
  const all: readonly Output[] =
    sarif === undefined ? outputs : [...outputs, { format: 'sarif', file: sarif }];
  const clash = outputClash(all);
  if (clash?.kind === 'mixed') {
    const [, second] = clash.formats;
    wrong(
      'format',
      `${clash.formats.join(' and ')} would be mixed in the log: give one of them a file, as in "${second}:FILE"`,
    );
  }
  if (clash?.kind === 'same-file') wrong('format', `two reports would be written to ${clash.file}`);
  return all;
}

function isFormat(name: string): name is FormatName {
  return formatNames.some((format) => format === name);
}

function isSeverity(name: string): name is Severity {
  return severities.some((severity) => severity === name);
}
