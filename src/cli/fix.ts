import { constants, copyFileSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fix, type Input, lint, type Plan, rewrite, tool } from '../index.ts';
import { renderFixJson } from '../report/fix-json.ts';
import { renderFixSession } from '../report/fix-session.ts';
import { chooseSites } from './chosen-sites.ts';
import type { FixCommand } from './command-line.ts';
import { exitCodes } from './exit-codes.ts';
import { complainer, isPast } from './lint-command.ts';
import { loadConfiguration } from './load-configuration.ts';
import { obstaclesOf } from './obstacles.ts';
import { explainError, readInputs } from './read-input.ts';
import type { Surroundings } from './surroundings.ts';
import { writeWhole } from './write-files.ts';

/** Finds what mends the dumps, prints it and, where asked to, works it into the files. Gives the exit code. */
export async function runFix(command: FixCommand, surroundings: Surroundings): Promise<number> {
  const { cwd, out } = surroundings;
  const complain = complainer(surroundings);
  const failed = (messages: readonly string[]): number => {
    for (const message of messages) complain(message);
    return exitCodes.failed;
  };
  const loaded = await loadConfiguration(command.config, cwd);
  if (loaded.kind === 'wrong') return failed(loaded.mistakes);
  const { configuration } = loaded;
  const choice = chooseSites(command.files, false, configuration, cwd);
  if (choice.kind === 'none') return failed([choice.why]);
  const read = readInputs(choice.sites.map(({ file }) => file));
  if (read.kind === 'unreadable') return failed(read.messages);
  for (const note of read.notes) complain(note);
  const inputs = read.inputs.map((input, index): Input => ({ ...choice.sites[index], ...input }));
  const settings = {
    severities: configuration?.severities ?? {},
    expectations: configuration?.expectations ?? [],
    ignores: (configuration?.ignores ?? []).filter(({ expires }) => !isPast(expires, surroundings.today)),
  };
  const report = lint(inputs, settings);
  const obstacles = obstaclesOf(report);
  if (obstacles.length > 0) return failed(obstacles);
  const on = siteMeant(command.on, report.sites);
  if (typeof on === 'string') return failed([on]);
  const { prefer } = command;
  const failOn = command.failOn ?? (configuration?.failOn === 'warning' ? 'warning' : 'error');
  const plan = fix(inputs, { ...settings, failOn, prefer, ...(on === undefined ? {} : { sites: [on] }) });
  if (command.write) {
    const messages = await write(inputs, plan, cwd, complain);
    if (messages.length > 0) return failed(messages);
  }
  out(command.format === 'json' ? renderFixJson(plan, tool) : renderFixSession(plan));
  return plan.left.length > 0 ? exitCodes.found : exitCodes.clean;
}

/** `a`, `b`, a site's name or its file; undefined for any. A sentence where no site is meant by it. */
function siteMeant(
  on: string | undefined,
  sites: readonly { readonly name: string; readonly file: { readonly name: string } }[],
): number | undefined | string {
  if (on === undefined) return undefined;
  const letter = sites.length === 2 ? ['a', 'b'].indexOf(on.toLowerCase()) : -1;
  if (letter >= 0) return letter;
  const index = sites.findIndex(({ name, file }) => name === on || file.name === on);
  if (index >= 0) return index;
  const names = sites.map(({ name }) => name).join(', ');
  return `--on ${on}: no site of that name; there are ${sites.length === 2 ? 'a and b, or ' : ''}${names}`;
}

/** Works the plan into the files, each whole or not at all, and keeps the originals. Says why it cannot. */
async function write(
  inputs: readonly Input[],
  plan: Plan,
  cwd: string,
  complain: (message: string) => void,
): Promise<readonly string[]> {
  const changing = inputs.flatMap((input, index) => {
    const site = plan.sites[index];
    return site && site.steps.length > 0 ? [{ input, site }] : [];
  });
  const refused = changing.flatMap(({ input, site }) => {
    if (site.notation !== 'set') {
      return [
        `${input.file}: --write works on "show configuration commands" alone; paste the session instead`,
      ];
    }
    return whyNotWritten(input, cwd);
  });
  if (refused.length > 0) return refused;
  const kept: string[] = [];
  for (const { input } of changing) {
    const original = keepOriginal(resolve(cwd, input.file));
    if (original.kind === 'failed') return [`${input.file}: the original cannot be kept: ${original.why}`];
    kept.push(`${input.file}: changed; the original is kept as ${input.file}${original.suffix}`);
  }
  const files = changing.map(({ input, site }) => ({ file: input.file, text: rewrite(input, site) }));
  const messages = await writeWhole(files, cwd);
  if (messages.length === 0) for (const line of kept) complain(line);
  return messages;
}

/** A file whose every byte cannot be given back is left alone. */
function whyNotWritten({ file, text }: Input, cwd: string): readonly string[] {
  try {
    const bytes = readFileSync(resolve(cwd, file));
    if (bytes[0] === 0xff && bytes[1] === 0xfe) {
      return [`${file}: is in UTF-16; save it in UTF-8 before --write, or paste the session`];
    }
    if (bytes.toString('utf8') !== text) return [`${file}: has changed meanwhile; run again`];
    if (!Buffer.from(text, 'utf8').equals(bytes)) {
      return [`${file}: is not in UTF-8; save it in UTF-8 before --write, or paste the session`];
    }
    return [];
  } catch (error) {
    return [`${file}: ${explainError(error)}`];
  }
}

type Kept =
  | { readonly kind: 'kept'; readonly suffix: string }
  | { readonly kind: 'failed'; readonly why: string };

const mostOriginals = 1000;

/** Copies a file, with its mode, to FILE.orig, or to the first of FILE.orig.1, FILE.orig.2, … that is not there. */
function keepOriginal(file: string): Kept {
  for (let number = 0; number < mostOriginals; number += 1) {
    const suffix = number === 0 ? '.orig' : `.orig.${number}`;
    try {
      copyFileSync(file, `${file}${suffix}`, constants.COPYFILE_EXCL);
      return { kind: 'kept', suffix };
    } catch (error) {
      const exists = error instanceof Error && 'code' in error && error.code === 'EEXIST';
      if (!exists) return { kind: 'failed', why: explainError(error) };
    }
  }
  return { kind: 'failed', why: 'there are too many originals already' };
}
