import type { Location, Problem } from '../lint/finding.ts';
import type { SiteRule } from '../lint/rule.ts';
import { textOf } from '../source/index.ts';
import type { LoadedSite } from '../vyos/connections.ts';
import { vyos } from './sources.ts';

type Unread = LoadedSite['site']['dump']['problems'][number];

/** As many of the same kind are listed one by one; of more, only so many are shown. */
const MOST_ALIKE = 3;

function* check({ site }: LoadedSite, index: number): Iterable<Problem> {
  const inBraces = linesInBraces(site.dump.problems);
  const [first] = inBraces;
  if (first !== undefined) yield otherNotation(first, inBraces.length, index);
  const told = new Set(inBraces);
  for (const alike of groupsOf(site.dump.problems.filter((problem) => !told.has(problem)))) {
    if (alike.length > MOST_ALIKE) yield* unread(alike, index);
    else for (const problem of alike) yield* unread([problem], index);
  }
}

/** Those that say the same together, in the order of the first of each. */
function groupsOf(problems: readonly Unread[]): Iterable<readonly Unread[]> {
  const groups = new Map<string, Unread[]>();
  for (const problem of problems) {
    const key = `${problem.message}\n${problem.hint}\n${problem.meant !== undefined}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [problem]);
    else group.push(problem);
  }
  return groups.values();
}

function* unread(alike: readonly Unread[], site: number): Iterable<Problem> {
  const [first, ...others] = alike;
  if (first === undefined) return;
  const { message, hint } = first;
  const sentence = hint === undefined ? '' : ` ${/[.?]$/.test(hint) ? hint : `${hint}.`}`;
  const label = 'cannot be read';
  const more = others.length === 0 ? '' : `, and ${others.length} more lines like this`;
  const what = others.length === 0 ? 'This command is' : 'These lines are';
  const fate =
    first.meant === undefined
      ? `${what} not read; all others are.`
      : `${what} read by what is left without that damage. VyOS itself refuses ${others.length === 0 ? 'it' : 'them'}.`;
  yield {
    message: `${message}${more}`,
    consequence: `${fate}${sentence}`,
    locations: [
      place(site, first, label),
      ...others.slice(0, MOST_ALIKE - 1).map((one) => place(site, one, label)),
    ],
  };
}

function place(site: number, { at }: Unread, label: string): Location {
  return { site, at, path: [], value: null, origin: 'set', label };
}

/** Every line that begins with no verb, where some of them open or close a brace as no command does. */
function linesInBraces(problems: readonly Unread[]): readonly Unread[] {
  const unknown = problems.filter(({ kind }) => kind === 'unknown-command');
  const opening = unknown.find(({ at, lost }) => /\{$/.test(textOf(lost ?? at)));
  const isClosed = unknown.some(({ at, lost }) => /^\}/.test(textOf(lost ?? at)));
  if (opening === undefined || !isClosed) return [];
  return [opening, ...unknown.filter((problem) => problem !== opening)];
}

function otherNotation(first: Unread, count: number, site: number): Problem {
  return {
    message: `This is the notation of "show configuration", on ${count} lines`,
    consequence:
      'These lines are not read; all others are. Paste the output of "show configuration commands".',
    locations: [place(site, first, 'the braces are of "show configuration"')],
  };
}

export const syntaxError: SiteRule = {
  id: 'syntax-error',
  scope: 'site',
  summary: 'A line that is no command of VyOS.',
  severity: 'error',
  notify: null,
  why:
    'A line that cannot be read is a setting that is not judged: a typographic quote, a lost first letter, a quote that ' +
    'is not closed. The rest of the dump is read all the same, and the exit code is 2.',
  mend: 'Correct the line, or make the dump anew with "show configuration commands".',
  sources: [vyos('op-mode-definitions/show-configuration.xml.in')],
  bad: { b: "et vpn ipsec ike-group IKE-A lifetime '28800'" },
  good: { b: '# a remark' },
  check,
};
