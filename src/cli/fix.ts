import { constants, copyFileSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fix, type Input, lint, type Plan, rewrite, tool } from '../index.ts';
import { renderFixJson } from '../report/fix-json.ts';
import { renderFixSession } from '../report/fix-session.ts';
import type { FixCommand } from './command-line.ts';
import { exitCodes } from './exit-codes.ts';
import { complainer, settingsOf } from './lint-command.ts';
import { obstaclesOf } from './obstacles.ts';
import { explainError, isPacked, standardInput, utf16Of } from './read-input.ts';
import { readNetwork } from './read-network.ts';
import { siteMeant } from './site-meant.ts';
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
  if (command.write && command.files.includes(standardInput)) {
    return failed(['--write changes files, and "-" is none: leave --write out, and paste the session']);
  }
  const read = await readNetwork(command, cwd);
  if (read.kind === 'failed') return failed(read.messages);
  for (const note of read.notes) complain(note);
  const { inputs, configuration } = read;
  const baseline = await knownFindings(command.baseline ?? configuration?.baseline);
  if (typeof baseline === 'string') return failed([baseline]);
  const settings = { ...settingsOf(configuration, surroundings.today), baseline };
  const report = lint(inputs, settings);
  const obstacles = obstaclesOf(report);
  if (obstacles.length > 0) return failed(obstacles);
  const on = command.on === undefined ? undefined : siteMeant(command.on, report.sites, cwd);
  if (on?.kind === 'unclear') return failed([on.why]);
  const { prefer } = command;
  const wanted = command.failOn ?? configuration?.failOn ?? 'error';
  // Nothing lighter than a warning is mended.
  const failOn = wanted === 'info' ? 'warning' : wanted;
  const plan = fix(inputs, {
    ...settings,
    failOn,
    prefer,
    ...(on === undefined ? {} : { sites: [on.site] }),
  });
  if (command.write) {
    const messages = await write(inputs, plan, cwd, complain);
    if (messages.length > 0) return failed(messages);
  }
  out(command.format === 'json' ? renderFixJson(plan, tool) : renderFixSession(plan));
  return plan.left.length > 0 ? exitCodes.found : exitCodes.clean;
}

/** The fingerprints of the baseline, which are not mended; or why it cannot be read. */
async function knownFindings(file: string | undefined): Promise<ReadonlySet<string> | string> {
  if (file === undefined) return new Set();
  const { readBaseline } = await import('./baseline.ts');
  return readBaseline(file);
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
  const refused = changing.flatMap(({ input }) => whyNotWritten(input, cwd));
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
    if (utf16Of(bytes) !== undefined) {
      return [`${file}: is in UTF-16; save it in UTF-8 before --write, or paste the session`];
    }
    if (isPacked(bytes))
      return [`${file}: is packed by gzip; unpack it before --write, or paste the session`];
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
