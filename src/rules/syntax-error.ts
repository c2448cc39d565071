import type { Location, Problem } from '../lint/finding.ts';
import type { SiteRule } from '../lint/rule.ts';
import { textOf } from '../source/index.ts';
import type { LoadedSite } from '../strongswan/load-site.ts';
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
  const label = labels[first.kind] ?? 'cannot be read';
  const more = others.length === 0 ? '' : `, and ${others.length} more lines like this`;
  const fate = lossOf(first, alike.length);
  yield {
    message: `${message}${more}`,
    consequence: `${fate}${sentence}`,
    locations: [
      place(site, first, label),
      ...others.slice(0, MOST_ALIKE - 1).map((one) => place(site, one, label)),
    ],
  };
}

const labels: Partial<Record<Unread['kind'], string>> = {
  'missing-brace': 'a brace is missing',
  'extra-brace': 'a brace too much',
  'too-deep': 'too deep',
  'other-notation': 'begins here',
};

function lossOf({ kind, at, lost, meant }: Unread, count: number): string {
  if (meant !== undefined) {
    const [what, them] = count === 1 ? ['This command is', 'it'] : ['These lines are', 'them'];
    return `${what} read by what is left without that damage. VyOS itself refuses ${them}.`;
  }
  switch (kind) {
    case 'missing-brace':
      return 'All was read, as far as the indentation tells what belongs where.';
    case 'extra-brace':
      return lost === undefined
        ? 'The brace was passed over: what stands around it may belong elsewhere.'
        : 'Nothing in this block is read; all else is.';
    case 'too-deep':
      return 'Nothing in this block is read; all else is.';
    case 'other-notation':
    case 'not-text':
      return 'Nothing of this file is read.';
    default:
      if (count > 1) return 'These lines are not read; all others are.';
      return /[\r\n]/.test(textOf(lost ?? at))
        ? 'Nothing in this block is read; all else is.'
        : 'This command is not read; all others are.';
  }
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
    message: `Among "set" commands, ${count} lines are in the notation of "show configuration"`,
    consequence:
      'These lines are not read; all others are. Either notation is read, but only one in a file: paste the output of ' +
      '"show configuration commands", or of "show configuration", alone.',
    locations: [place(site, first, 'the braces are of "show configuration"')],
  };
}

export const syntaxError: SiteRule = {
  id: 'syntax-error',
  scope: 'site',
  summary: 'A line or a brace that VyOS would not have printed.',
  severity: 'error',
  notify: null,
  why:
    'A line that cannot be read is a setting that is not judged: a typographic quote, a lost first letter, a quote that ' +
    'is not closed, a brace that is missing. The rest of the dump is read all the same, and the exit code is 2.',
  mend: 'Correct the line, or make the dump anew with "show configuration commands" or "show configuration".',
  sources: [vyos('op-mode-definitions/show-configuration.xml.in')],
  bad: { b: "et vpn ipsec ike-group IKE-A lifetime '28800'" },
  good: { b: '# a remark' },
  check,
};
