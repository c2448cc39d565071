import { lint, negotiate, render, tool } from '../index.ts';
import { pageOf } from '../lint/lint.ts';
import { formatNames } from '../report/format.ts';
import { rules } from '../rules/index.ts';
import { type CommandLine, type LintCommand, type Outcome, readCommandLine } from './command-line.ts';
import { exitCodes } from './exit-codes.ts';
import { complainer, runLint, wantsHyperlinks } from './lint-command.ts';
import { obstaclesOf } from './obstacles.ts';
import { readInputs } from './read-input.ts';
import { readNetwork, withToldReleases } from './read-network.ts';
import { layoutOf, type Surroundings, widthOf } from './surroundings.ts';

/** Runs the command and gives its exit code. */
export async function main(surroundings: Surroundings): Promise<number> {
  const { argv, out, err } = surroundings;
  const width = widthOf(surroundings);
  const commandLine = await readCommandLine(argv, { version: tool.version, width, formats: formatNames });
  if (commandLine.kind === 'print') {
    out(commandLine.text);
    return exitCodes.clean;
  }
  const complain = complainer(surroundings);
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
  if (commandLine.kind === 'fix') {
    const { runFix } = await import('./fix.ts');
    return runFix(commandLine.command, surroundings);
  }
  if (commandLine.kind === 'negotiate') {
    const { command } = commandLine;
    const read = await readNetwork(command, surroundings.cwd);
    for (const message of read.kind === 'failed' ? read.messages : read.notes) complain(message);
    if (read.kind === 'failed') return exitCodes.failed;
    const course = negotiate(read.inputs, { expectations: read.configuration?.expectations ?? [] });
    const { negotiateCommand } = await import('./negotiate.ts');
    const { format, color, initiator } = command;
    const outcome = negotiateCommand(course, { ...layoutOf(color, surroundings), format, initiator });
    out(outcome.out);
    for (const message of outcome.messages) complain(message);
    return outcome.exitCode;
  }
  if (commandLine.kind === 'render') {
    const read = await readInputs([commandLine.file]);
    const messages = read.kind === 'unreadable' ? read.messages : read.notes;
    for (const message of messages) complain(message);
    if (read.kind === 'unreadable') return exitCodes.failed;
    const told = await withToldReleases(read.inputs, commandLine.releases, surroundings.cwd);
    for (const message of told.kind === 'unclear' ? told.messages : []) complain(message);
    if (told.kind === 'unclear') return exitCodes.failed;
    const obstacles = obstaclesOf(lint(told.inputs));
    for (const obstacle of obstacles) complain(obstacle);
    if (obstacles.length > 0) return exitCodes.failed;
    for (const input of told.inputs) out(render(input, { as: commandLine.as }));
    return exitCodes.clean;
  }
  if (commandLine.kind !== 'lint') return exitCodes.failed;
  // pre-commit says so of itself: it names all files that changed and are called like a dump.
  const isHook = surroundings.env.PRE_COMMIT === '1' && commandLine.command.changed !== false;
  const command: LintCommand = isHook ? { ...commandLine.command, changed: 'listed' } : commandLine.command;
  if (!command.watch) return (await runLint(command, surroundings)).exitCode;
  const { watch } = await import('./watch.ts');
  return watch(() => runLint(command, surroundings), surroundings);
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
      const options = { ...layoutOf(color, surroundings), hyperlinks: await wantsHyperlinks(surroundings) };
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
