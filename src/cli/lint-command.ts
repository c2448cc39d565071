import { relative, resolve, sep } from 'node:path';
import { type Input, type LintOptions, lint, type Progress, type Report } from '../index.ts';
import { isLighter, type Severity } from '../lint/finding.ts';
import { concerning, onlyFailing } from '../lint/narrow.ts';
import type { FormatOptions } from '../report/format.ts';
import { inert } from '../report/inert.ts';
import { renderPretty } from '../report/pretty.ts';
import { lettersOfFinding } from '../report/site-name.ts';
import { type ChosenSite, chooseSites, isSameFile } from './chosen-sites.ts';
import type { LintCommand, Output } from './command-line.ts';
import type { Configuration } from './configuration.ts';
import { exitCodes } from './exit-codes.ts';
import { loadConfiguration } from './load-configuration.ts';
import { obstaclesOf } from './obstacles.ts';
import { readInputs } from './read-input.ts';
import { withToldReleases } from './read-network.ts';
import { layoutOf, type Surroundings } from './surroundings.ts';

/** What became of a run, and the files that it was made from, for whoever runs again when they change. */
export interface Run {
  readonly exitCode: number;
  readonly files: readonly string[];
  /** What was found, where the reports of it were all written. */
  readonly report?: Report;
}

/** Lints what the command line and the configuration name, and writes the reports. */
export async function runLint(asked: LintCommand, surroundings: Surroundings): Promise<Run> {
  const { cwd } = surroundings;
  const complain = complainer(surroundings);
  const loaded = await loadConfiguration(asked.config, cwd);
  const own = loaded.file === undefined ? [] : [loaded.file];
  if (loaded.kind === 'wrong') return failed(loaded.mistakes, own, complain);
  const { configuration } = loaded;
  const isOfAll = concernsAll(asked, own, cwd);
  const meant: LintCommand = isOfAll ? { ...asked, changed: false, files: [] } : asked;
  const choice = await chooseSites(meant.files, meant.changed, configuration, cwd);
  if (choice.kind === 'none') return failed(choice.messages, [...asked.files, ...own], complain);
  const command = { ...meant, files: choice.named };
  const files = [...choice.sites.map(({ file }) => file), ...asked.files, ...own];
  const overwritten = overwrites(command, configuration, files, cwd);
  if (overwritten.length > 0) return failed(overwritten, files, complain);
  const read = await readInputs(choice.sites.map(({ file }) => file));
  if (read.kind === 'unreadable') return failed(read.messages, files, complain);
  const note = noter(surroundings);
  const notes = command.quiet ? () => {} : note;
  for (const message of read.notes) notes(message);

  const baseline = await baselineOf(command, configuration);
  if (typeof baseline === 'string') return failed([baseline], files, complain);
  const named = read.inputs.map((input, index): Input => ({ ...choice.sites[index], ...input }));
  const told = await withToldReleases(named, command.releases, cwd);
  if (told.kind === 'unclear') return failed(told.messages, files, complain);
  const { inputs } = told;
  const report = lint(inputs, {
    ...settingsOf(configuration, surroundings.today),
    baseline: baseline?.known ?? new Set(),
    ...(surroundings.errTerminal && !command.quiet ? { onProgress: progressLine(surroundings.err) } : {}),
  });
  if (command.verbose) for (const line of particulars(report, configuration)) note(line);
  for (const message of notesOf(report, configuration, command, surroundings.today)) notes(message);
  for (const message of unknownPeers(report, choice.sites)) notes(message);
  if (baseline?.update) {
    // A run that judged nothing knows nothing: what was known before stays.
    const obstacles = obstaclesOf(report);
    if (obstacles.length > 0) return failed(obstacles, files, complain);
    return { exitCode: await baseline.update(report, cwd, complain), files };
  }
  if (baseline) for (const message of baseline.notes(report)) notes(message);
  const conclusion = await conclude(report, command, configuration, choice.sites, surroundings);
  return { ...conclusion, files: baseline ? [...files, baseline.file] : files };
}

/** What a run would write over a file that it reads: a dump may be the only copy. */
function overwrites(
  { outputs, baseline, updateBaseline }: LintCommand,
  configuration: Configuration | undefined,
  files: readonly string[],
  cwd: string,
): readonly string[] {
  const known = baseline ?? configuration?.baseline;
  const reports = outputs.flatMap(({ file }) => file ?? []);
  const written = updateBaseline ? [...reports, ...(known === undefined ? [] : [known])] : reports;
  const read = updateBaseline || known === undefined ? files : [...files, known];
  return written
    .filter((file) => read.some((other) => isSameFile(file, other, cwd)))
    .map((file) => `${file}: is read by this run and would be written over; name another file`);
}

/** A configuration that changed may change what is to be said of every link. */
function concernsAll({ changed, files }: LintCommand, own: readonly string[], cwd: string): boolean {
  return (
    changed !== false &&
    own.some((configuration) => files.some((file) => isSameFile(file, configuration, cwd)))
  );
}

type Complain = (message: string) => void;

/** Says what is wrong, inert: it may hold a piece of a dump or a file's name. */
export function complainer({ fail }: Pick<Surroundings, 'fail'>): Complain {
  return (message) => fail(inert(message));
}

/** Says what is worth knowing and fails nothing. */
function noter({ err }: Surroundings): Complain {
  return (message) => err(`vyos-ipsec-lint: ${inert(message)}\n`);
}

function failed(messages: readonly string[], files: readonly string[], complain: Complain): Run {
  for (const message of messages) complain(message);
  return { exitCode: exitCodes.failed, files };
}

/** Fewer dumps or links than this are done before anybody could read how far they are. */
const manyEnough = 50;

/** Shows how far a long run is, on one line of the terminal that is gone when it is done. */
function progressLine(err: Surroundings['err']): (progress: Progress) => void {
  return ({ stage, done, total }) => {
    if (total < manyEnough) return;
    const what = stage === 'reading' ? `reading dump ${done}` : `judging link ${done}`;
    err(done === total ? '\r\u001b[K' : `\r\u001b[K${what} of ${total}`);
  };
}

interface Baseline {
  readonly file: string;
  readonly known: ReadonlySet<string>;
  readonly notes: (report: Report) => readonly string[];
  /** Writes the baseline anew and gives the exit code; absent where it is only to be read. */
  readonly update?: (report: Report, cwd: string, complain: Complain) => Promise<number>;
}

async function baselineOf(
  { baseline, updateBaseline }: LintCommand,
  configuration: Configuration | undefined,
): Promise<Baseline | string | undefined> {
  const file = baseline ?? configuration?.baseline;
  if (file === undefined) {
    return updateBaseline
      ? '--update-baseline needs --baseline FILE, or a baseline in the configuration'
      : undefined;
  }
  const { readBaseline, staleNotes, writeBaseline } = await import('./baseline.ts');
  if (updateBaseline) {
    return {
      file,
      known: new Set(),
      notes: () => [],
      update: (report, cwd, complain) => writeBaseline(file, report, cwd, complain),
    };
  }
  const known = readBaseline(file);
  return typeof known === 'string'
    ? known
    : { file, known, notes: (report) => staleNotes(file, known, report) };
}

/** Writes the reports. */
async function conclude(
  whole: Report,
  command: LintCommand,
  configuration: Configuration | undefined,
  sites: readonly ChosenSite[],
  surroundings: Surroundings,
): Promise<Omit<Run, 'files'>> {
  const { cwd } = surroundings;
  const complain = complainer(surroundings);
  const note = noter(surroundings);
  const failOn = command.failOn ?? configuration?.failOn ?? 'error';
  const isChange = command.changed !== false;
  const changed = (file: string) => isChange && command.files.some((each) => isSameFile(each, file, cwd));
  const told = isChange ? concerning(whole, changed) : whole;
  if (isChange && !command.quiet) {
    const strangers = command.files.filter((file) => !sites.some((site) => isSameFile(site.file, file, cwd)));
    for (const file of strangers)
      note(`${file}: is no site of ${configuration?.file}; nothing is said of it`);
  }
  const report = command.quiet ? onlyFailing(told, failOn) : told;
  const obstacles = obstaclesOf(whole);
  // A dump that holds no tunnel has nothing to report but what could not be read of it.
  const silent = obstacles.length > 0 && report.findings.length === 0;
  const messages = silent ? [] : await writeReports(report, { ...command, failOn }, changed, surroundings);
  for (const message of [...messages, ...obstacles]) complain(message);
  if (silent || messages.length > 0) return { exitCode: exitCodes.failed };
  return { exitCode: exitCodeOf(told, obstacles, failOn), report: told };
}

function exitCodeOf({ findings }: Report, obstacles: readonly string[], failOn: Severity): number {
  if (obstacles.length > 0 || findings.some(({ ruleId }) => ruleId === 'syntax-error')) {
    return exitCodes.failed;
  }
  return findings.some(({ severity }) => !isLighter(severity, failOn)) ? exitCodes.found : exitCodes.clean;
}

/** Writes each report to its file, or prints it; gives one sentence for each that could not be written. */
async function writeReports(
  report: Report,
  { outputs, color, quiet, verbose, failOn }: LintCommand & { readonly failOn: Severity },
  changed: (file: string) => boolean,
  surroundings: Surroundings,
): Promise<readonly string[]> {
  const { cwd, env, out } = surroundings;
  const options: FormatOptions = {
    ...layoutOf(color, surroundings),
    hyperlinks: await wantsHyperlinks(surroundings),
    pathOf: (file) => pathInRepository(file, surroundings),
    changed,
    verbose,
    quiet,
    failOn,
  };
  const nothingToSay = quiet && report.findings.length === 0;
  const written = await Promise.all(
    outputs.map(async (output) => ({ ...output, text: await textOf(report, output, options) })),
  );
  for (const { file, format, text } of written) {
    if (file === undefined && !(nothingToSay && isForPeople(format))) out(text);
  }
  const files = written.flatMap(({ file, text }) => (file === undefined ? [] : [{ file, text }]));
  const summary = outputs.some(({ format }) => format === 'github') ? env.GITHUB_STEP_SUMMARY : undefined;
  if (files.length === 0 && !summary) return [];
  const { append, writeWhole } = await import('./write-files.ts');
  const messages = await writeWhole(files, cwd);
  if (!summary || nothingToSay) return messages;
  const { renderStepSummary } = await import('./formats.ts');
  return [...messages, ...append({ file: summary, text: renderStepSummary(report, options) })];
}

async function textOf(report: Report, { format, file }: Output, options: FormatOptions): Promise<string> {
  // A file is no terminal.
  const layout = file === undefined ? options : { ...options, color: false, hyperlinks: false };
  if (format === 'pretty') return renderPretty(report, layout);
  const { formats } = await import('./formats.ts');
  return formats[format](report, layout);
}

/** Whether a text without findings is no text at all, and not a document that says so. */
function isForPeople(format: Output['format']): boolean {
  return ['pretty', 'concise', 'github', 'markdown'].includes(format);
}

/** Whether standard output is a terminal that makes links. */
export async function wantsHyperlinks({ terminal }: Surroundings): Promise<boolean> {
  if (!terminal) return false;
  const { terminalHasHyperlinks } = await import('./hyperlinks.ts');
  return terminalHasHyperlinks();
}

/** Where a file stands below the root of the repository: the folder that a CI names, or else the one we are in. */
function pathInRepository(file: string, { cwd, env }: Surroundings): string {
  const root = env.GITHUB_WORKSPACE ?? env.CI_PROJECT_DIR ?? cwd;
  const path = relative(root, resolve(cwd, file));
  return path.split(sep).join('/');
}

/** Entries of the configuration that are no longer of use. */
function notesOf(
  report: Report,
  configuration: Configuration | undefined,
  { files }: LintCommand,
  today: string,
): readonly string[] {
  const used = new Set(report.suppressed.map(({ suppression }) => suppression.ignore));
  return (configuration?.ignores ?? []).flatMap((ignore) => {
    const { at, rule, expires } = ignore;
    if (isPast(expires, today))
      return [`${at}: the ignore of ${rule} expired on ${expires}; its findings count again`];
    // Where only some of the sites are judged, an ignore may be about the others.
    return used.has(ignore) || files.length > 0
      ? []
      : [`${at}: the ignore of ${rule} hides nothing; remove it`];
  });
}

/** Peers that the configuration speaks of and no dump of their sites has. */
function unknownPeers({ links, unpaired }: Report, sites: readonly ChosenSite[]): readonly string[] {
  const known = new Set(
    [...links.flatMap(({ a, b }) => [a, b]), ...unpaired].map(({ site, peer }) =>
      JSON.stringify([site, peer]),
    ),
  );
  const names = new Set(sites.flatMap(({ peers = [] }) => peers.map(({ name }) => name)));
  return [...names].flatMap((name) => {
    const about = sites.flatMap(({ peers = [] }, site) =>
      peers.some((each) => each.name === name) ? [site] : [],
    );
    if (about.some((site) => known.has(JSON.stringify([site, name])))) return [];
    const files = about.map((site) => sites[site]?.file).join(', ');
    return [`peer "${name}" of the configuration is not in ${files}; name a peer as its dump does`];
  });
}

/** What a configuration says of what is expected and of what is to be seen, but for the baseline. */
export function settingsOf(
  configuration: Configuration | undefined,
  today: string,
): Required<Pick<LintOptions, 'severities' | 'expectations' | 'ignores'>> {
  const { severities = {}, expectations = [], ignores = [] } = configuration ?? {};
  return { severities, expectations, ignores: ignores.filter(({ expires }) => !isPast(expires, today)) };
}

function isPast(expires: string | undefined, today: string): boolean {
  return expires !== undefined && expires < today;
}

/** What `--verbose` tells: what was read, who faces whom, and what is not shown. */
function particulars(report: Report, configuration: Configuration | undefined): readonly string[] {
  const { sites, links, unpaired, suppressed, rules } = report;
  return [
    configuration === undefined ? 'no configuration' : `configuration: ${configuration.file}`,
    ...sites.map(
      ({ file, name, vyos, vyosReason, commands }) =>
        `${file.name}: site ${name}, read as ${vyosReason ?? `VyOS ${vyos}`}, ${commands} commands`,
    ),
    ...links.map(
      ({ a, b }) => `peer ${a.peer} of ${sites[a.site]?.name} faces peer ${b.peer} of ${sites[b.site]?.name}`,
    ),
    ...unpaired.map(({ site, peer, why }) => `peer ${peer} of ${sites[site]?.name} faces nobody: ${why}`),
    ...suppressed.map(({ finding, suppression }) => {
      const reason = suppression.reason === null ? '' : `: ${suppression.reason}`;
      return `not shown, by a ${suppression.by}${reason}: ${finding.ruleId}: ${finding.message}${lettersOfFinding(finding, report)}`;
    }),
    `${rules.length} rules`,
  ];
}
