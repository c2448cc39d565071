import { lint, type Report, render, tool } from '../index.ts';
import type { Severity } from '../lint/finding.ts';
import { pageOf } from '../lint/lint.ts';
import { type Format, type FormatName, formatNames } from '../report/format.ts';
import { inert } from '../report/inert.ts';
import { renderPretty } from '../report/pretty.ts';
import { rules } from '../rules/index.ts';
import { type CommandLine, type Outcome, readCommandLine } from './command-line.ts';
import { readInputs } from './read-input.ts';

/** All that a run may know of the process it is in. */
export interface Surroundings {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly terminal: boolean;
  /** Columns of the terminal; undefined where there is none. */
  readonly columns: number | undefined;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** Exit codes of the command (report.md). */
export const exitCodes = { clean: 0, found: 1, failed: 2 } as const;

/** Runs the command and gives its exit code. */
export async function main(surroundings: Surroundings): Promise<number> {
  const { argv, out, err } = surroundings;
  const width = widthOf(surroundings);
  const commandLine = await readCommandLine(argv, { version: tool.version, width, formats: formatNames });
  if (commandLine.kind === 'print') {
    out(commandLine.text);
    return exitCodes.clean;
  }
  const complain = (message: string) => err(`vyos-ipsec-lint: ${inert(message)}\n`);
  if (commandLine.kind === 'usage-error') {
    complain(commandLine.message);
    const command = commandLine.command === null ? '' : ` ${commandLine.command}`;
    err(`Try "vyos-ipsec-lint${command} --help".\n`);
    return exitCodes.failed;
  }
  const other = await runOther(commandLine, surroundings);
  if (other) {
    out(other.out);
    for (const message of other.messages) complain(message);
    return other.exitCode;
  }
  if (commandLine.kind === 'render') {
    const read = readInputs([commandLine.file]);
    const messages = read.kind === 'unreadable' ? read.messages : read.notes;
    for (const message of messages) complain(message);
    if (read.kind === 'unreadable') return exitCodes.failed;
    for (const input of read.inputs) out(render(input));
    return exitCodes.clean;
  }
  if (commandLine.kind !== 'lint') return exitCodes.failed;
  const { options } = commandLine;
  if (options.files.length < 2) {
    const given = options.files.length === 0 ? 'no file was named' : 'one file is not enough';
    complain(`${given}: name the dumps of the two ends, as in "vyos-ipsec-lint siteA.conf siteB.conf"`);
    return exitCodes.failed;
  }
  const read = readInputs(options.files);
  if (read.kind === 'unreadable') {
    for (const message of read.messages) complain(message);
    return exitCodes.failed;
  }
  for (const note of read.notes) complain(note);
  const report = lint(read.inputs);
  const obstacles = obstaclesOf(report);
  // A dump that holds no tunnel has nothing to report but what could not be read of it.
  if (obstacles.length === 0 || report.findings.length > 0) {
    const print = await formatOf(options.format);
    out(
      print(report, {
        color: wantsColor(options.color, surroundings),
        width,
        unicode: wantsUnicode(surroundings),
      }),
    );
  }
  for (const obstacle of obstacles) complain(obstacle);
  if (obstacles.length > 0 || report.findings.some(({ ruleId }) => ruleId === 'syntax-error')) {
    return exitCodes.failed;
  }
  return report.findings.some(({ severity }) => isAtLeast(severity, options.failOn))
    ? exitCodes.found
    : exitCodes.clean;
}

async function formatOf(name: FormatName): Promise<Format> {
  if (name === 'pretty') return renderPretty;
  const { formats } = await import('./formats.ts');
  return formats[name];
}

/** The commands that read no dump, each loaded when it is asked for; undefined for the others. */
async function runOther(commandLine: CommandLine, surroundings: Surroundings): Promise<Outcome | undefined> {
  const done = (text: string): Outcome => ({ out: text, messages: [], exitCode: exitCodes.clean });
  switch (commandLine.kind) {
    case 'explain':
    case 'rules': {
      const { explainSubjects, listRules } = await import('./explain.ts');
      const { format, color } = commandLine;
      const book = { rules, lint, pageOf: (id: string) => pageOf(id, tool) };
      const options = {
        color: wantsColor(color, surroundings),
        width: widthOf(surroundings),
        unicode: wantsUnicode(surroundings),
      };
      return commandLine.kind === 'rules'
        ? listRules(format, book, options)
        : explainSubjects(commandLine.words, format, book, options);
    }
    case 'completion': {
      const { completionScript } = await import('./completion.ts');
      return done(completionScript(commandLine.shell));
    }
    case 'complete': {
      const { answerShell } = await import('./completion.ts');
      return done(answerShell(commandLine.words, formatNames, rules));
    }
    default:
      return undefined;
  }
}

/** Why nothing could be judged, one sentence for each reason. */
function obstaclesOf(report: Report): readonly string[] {
  const without = report.sites.flatMap(({ file, ipsec, commands }) => {
    if (commands === 0) return [`${file.name}: not one command of VyOS was found in it`];
    return ipsec
      ? []
      : [`${file.name}: there is no "vpn ipsec site-to-site peer" in it, so there is no tunnel to judge`];
  });
  if (without.length > 0 || report.links.length > 0) return without;
  const files = report.sites.map(({ file }) => file.name).join(' and ');
  const peers = report.unpaired.map(
    ({ site, peer, why }) => `${report.sites[site]?.file.name}: peer ${peer}: ${why}`,
  );
  return [`no peers of ${files} face each other, so there is no tunnel to judge`, ...peers];
}

const severityOrder: readonly Severity[] = ['info', 'warning', 'error'];

function isAtLeast(severity: Severity, least: Severity): boolean {
  return severityOrder.indexOf(severity) >= severityOrder.indexOf(least);
}

/** `--color` first, then NO_COLOR, then FORCE_COLOR, then whether there is a terminal that knows colours. */
function wantsColor(option: 'auto' | 'always' | 'never', { env, terminal }: Surroundings): boolean {
  if (option !== 'auto') return option === 'always';
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false;
  if (env.FORCE_COLOR !== undefined) return !['0', 'false'].includes(env.FORCE_COLOR);
  return terminal && env.TERM !== 'dumb';
}

/** A locale that says outright that it has no Unicode gets plain ASCII. */
function wantsUnicode({ env }: Surroundings): boolean {
  const locale = [env.LC_ALL, env.LC_CTYPE, env.LANG].find((value) => value !== undefined && value !== '');
  return locale === undefined || !/^(?:C|POSIX)$/.test(locale);
}

function widthOf({ columns, env }: Surroundings): number {
  const wanted = columns ?? Number(env.COLUMNS);
  return Number.isInteger(wanted) && wanted > 0 ? wanted : 100;
}
