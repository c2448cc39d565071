import type { Fix, Problem } from '../lint/finding.ts';
import type { SiteRule } from '../lint/rule.ts';
import type { Span } from '../source/index.ts';
import type { LoadedSite } from '../strongswan/load-site.ts';
import type { SchemaProblem } from '../vyos/check-schema.ts';
import { setCommand } from '../vyos/command.ts';
import { isSecretPath } from '../vyos/schema/index.ts';
import type { Site } from '../vyos/site.ts';
import { mendOf } from './mend.ts';
import { isOfOtherRelease } from './other-release.ts';
import { vyos } from './sources.ts';

function* check({ site }: LoadedSite, index: number): Iterable<Problem> {
  for (const problem of site.schemaProblems) {
    const text = isOfOtherRelease(problem) ? undefined : describe(problem);
    if (!text) continue;
    const { at, path } = problem;
    yield {
      message: text.message,
      consequence: `${isName(problem) ? refusedName : refusedValue} ${text.expected}`,
      locations: [{ site: index, at, path, value: text.value, origin: 'set', label: 'refused' }],
      fix: mend(index, problem, refusedBy(site, problem)),
    };
  }
}

const refusedValue =
  'VyOS refuses this command, so it has no effect: what was set before is in force, or the default.';
const refusedName = 'VyOS takes no such name: it refuses the commands that hold it, or the commit.';

function isName(problem: SchemaProblem): boolean {
  return problem.kind === 'invalid-value' && problem.subject === 'name';
}

/** The value that was meant. A name that was meant would have to be set with all that is below it. */
function mend(site: number, problem: SchemaProblem, replaces: readonly Span[]): readonly Fix[] {
  if (isName(problem) || !('didYouMean' in problem) || problem.kind === 'unknown-node') return [];
  if (problem.didYouMean === undefined || isSecretPath(problem.path)) return [];
  return mendOf(site, [setCommand(problem.path, problem.didYouMean)], replaces);
}

/** The commands that hold what VyOS refuses: in braces, all of a block that has it in its heading. */
function refusedBy({ dump }: Site, { at }: SchemaProblem): readonly Span[] {
  return dump.commands
    .filter(({ path }) => path.some((word) => word.at.start <= at.start && at.start < word.at.end))
    .map((command) => command.at);
}

interface Text {
  readonly message: string;
  /** A sentence with its full stop. */
  readonly expected: string;
  readonly value: string | null;
}

function describe(problem: SchemaProblem): Text | undefined {
  const node = problem.path.slice(-1).join('');
  switch (problem.kind) {
    case 'invalid-value': {
      const shown = problem.value === null ? 'the value' : `"${problem.value}"`;
      const what =
        problem.subject === 'name' ? `Invalid name ${shown}` : `Invalid value ${shown} for ${node}`;
      return { message: what, expected: expectation(problem), value: problem.value };
    }
    case 'missing-value':
      return { message: `No value for ${node}`, expected: expectation(problem), value: null };
    case 'unexpected-value':
      return {
        message: `${node} takes no value`,
        expected: 'Expected: nothing after the node.',
        value: problem.value,
      };
    case 'extra-words':
      return { message: `Words after the value of ${node}`, expected: expectation(problem), value: null };
    default:
      return undefined;
  }
}

function expectation({
  expected,
  didYouMean,
}: {
  readonly expected: string;
  readonly didYouMean?: string;
}): string {
  const meant = didYouMean === undefined ? '' : ` Did you mean "${didYouMean}"?`;
  return `Expected: ${expected}.${meant}`;
}

export const invalidValue: SiteRule = {
  id: 'invalid-value',
  scope: 'site',
  summary: 'A value below vpn ipsec that VyOS does not take.',
  severity: 'error',
  notify: null,
  why:
    'VyOS checks each value when it is set, and refuses one that is out of range, of the wrong kind or not in its list. ' +
    'The command then has no effect, and the router runs with what was there before.',
  mend: 'Give the node a value that VyOS takes; the message says which.',
  sources: [vyos('interface-definitions/vpn_ipsec.xml.in')],
  bad: { b: "set vpn ipsec esp-group ESP-A lifetime '12h'" },
  good: { b: "set vpn ipsec esp-group ESP-A lifetime '3600'" },
  check,
};
