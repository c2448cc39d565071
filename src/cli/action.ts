import { randomUUID } from 'node:crypto';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { type Report, tool } from '../index.ts';
import { inert } from '../report/inert.ts';
import { type CommandProperties, workflowCommand } from '../report/workflow-command.ts';
import { type InputName, type Inputs, inputsOf, readActionInputs } from './action-inputs.ts';
import { exitCodes } from './exit-codes.ts';
import { runLint } from './lint-command.ts';
import { explainError } from './read-input.ts';
import type { Surroundings } from './surroundings.ts';
import { append } from './write-files.ts';

/** All that the action may know of the process it is in. */
export interface ActionSurroundings
  extends Pick<Surroundings, 'env' | 'cwd' | 'today' | 'lost' | 'out' | 'err'> {
  /** Makes a folder the one to which file names are relative. Throws where it cannot. */
  readonly enter: (folder: string) => void;
}

/** Every output of action.yml, and what it is; empty where nothing could be judged. */
export const outputs = {
  errors: ({ report }) => text(report?.summary.errors),
  warnings: ({ report }) => text(report?.summary.warnings),
  infos: ({ report }) => text(report?.summary.infos),
  suppressed: ({ report }) => text(report?.summary.suppressed),
  links: ({ report }) => text(report?.summary.links),
  'unpaired-peers': ({ report }) => text(report?.summary.unpairedPeers),
  sarif: ({ report, sarif = '' }) => (report === undefined ? '' : sarif),
  'exit-code': ({ exitCode }) => text(exitCode),
} as const satisfies Readonly<Record<string, (outcome: ActionOutcome) => string>>;

interface ActionOutcome {
  readonly exitCode: number;
  readonly report?: Report;
  /** The path of the SARIF file as other steps know it. */
  readonly sarif?: string | undefined;
}

/** Variables besides the inputs that are of concern, the runner's own and those for colours. */
const passedOn = ['GITHUB_WORKSPACE', 'GITHUB_STEP_SUMMARY', 'NO_COLOR', 'FORCE_COLOR'] as const;

/** Runs the action, which is the command with inputs for options, and gives its exit code. */
export async function runAction(surroundings: ActionSurroundings): Promise<number> {
  const { env, out } = surroundings;
  const outcome = await outcomeOf(inputsOf(env), surroundings);
  const { exitCode } = outcome;
  if (!env.GITHUB_OUTPUT) return exitCode;
  const entries = Object.entries(outputs).map(([name, read]) => outputEntry(name, read(outcome)));
  const messages = append({ file: env.GITHUB_OUTPUT, text: entries.join('') });
  for (const message of messages) out(errorLine({}, inert(message)));
  return messages.length > 0 ? exitCodes.failed : exitCode;
}

async function outcomeOf(inputs: Inputs, surroundings: ActionSurroundings): Promise<ActionOutcome> {
  const { env, cwd, enter, out } = surroundings;
  const wrongInput = (input: InputName, message: string) =>
    out(errorLine({ title: `${tool.name}: input ${input}` }, `${input}: ${inert(message)}`));
  const workspace = env.GITHUB_WORKSPACE || cwd;
  const folder = resolve(workspace, inputs('working-directory'));
  try {
    enter(folder);
  } catch (error) {
    wrongInput('working-directory', `${inputs('working-directory')}: ${whyNoFolder(error)}`);
    return { exitCode: exitCodes.failed };
  }
  const read = readActionInputs(inputs, { workspace, folder });
  if (read.kind === 'wrong') {
    for (const { input, message } of read.mistakes) wrongInput(input, message);
    return { exitCode: exitCodes.failed };
  }
  const { command, sarif } = read;
  const chosen = Object.fromEntries(passedOn.map((name) => [name, env[name]]));
  const run = await runLint(
    // The switch of GitHub's "Enable debug logging".
    { ...command, verbose: env.RUNNER_DEBUG === '1' && !command.quiet },
    {
      ...surroundings,
      argv: [],
      // The runner's log shows colours, though it is no terminal.
      env: { ...chosen, GITHUB_WORKSPACE: workspace, FORCE_COLOR: env.FORCE_COLOR ?? '1' },
      cwd: folder,
      terminal: false,
      errTerminal: false,
      columns: undefined,
      fail: (message) => out(failureLine(message, { workspace, folder })),
    },
  );
  return { ...run, sarif: sarif === undefined ? undefined : pathForSteps(sarif, workspace, folder) };
}

function whyNoFolder(error: unknown): string {
  const why = explainError(error);
  return why === 'no such file' ? 'no such folder' : why;
}

/** Why nothing could be judged; where that begins with a place (`file:line:column: `), it is annotated there. */
function failureLine(
  message: string,
  { workspace, folder }: { readonly workspace: string; readonly folder: string },
): string {
  const [, file, line, column, rest] = /^(.+?):(\d+):(?:(\d+):)? (.*)$/s.exec(message) ?? [];
  if (file === undefined || line === undefined || rest === undefined) return errorLine({}, message);
  const place = { file: pathForSteps(file, workspace, folder), line };
  return errorLine({ ...place, ...(column === undefined ? {} : { col: column }) }, message);
}

function errorLine(properties: CommandProperties, message: string): string {
  return `${workflowCommand('error', { title: tool.name, ...properties }, message)}\n`;
}

/** A path below the root of the repository, where later steps run; one that leads out of it is absolute. */
function pathForSteps(file: string, workspace: string, folder: string): string {
  const path = resolve(folder, file);
  const below = relative(workspace, path);
  const isOutside = below.startsWith(`..${sep}`) || isAbsolute(below);
  return (isOutside ? path : below).split(sep).join('/');
}

/** An entry of `$GITHUB_OUTPUT`. Nobody can guess where it ends, so no value can begin another one. */
function outputEntry(name: string, value: string): string {
  const delimiter = `ghadelimiter_${randomUUID()}`;
  return `${name}<<${delimiter}\n${value}\n${delimiter}\n`;
}

function text(value: number | undefined): string {
  return value === undefined ? '' : String(value);
}
