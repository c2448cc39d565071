import type { Problem } from '../lint/finding.ts';
import type { SiteRule } from '../lint/rule.ts';
import type { SchemaProblem } from '../vyos/check-schema.ts';
import type { LoadedSite } from '../vyos/connections.ts';
import { vyos } from './sources.ts';

function* check({ site }: LoadedSite, index: number): Iterable<Problem> {
  for (const problem of site.schemaProblems) {
    const text = describe(problem);
    if (!text) continue;
    const { at, path } = problem;
    yield {
      message: text.message,
      consequence: `VyOS refuses this command, so it has no effect: what was set before is in force, or the default. ${text.expected}`,
      locations: [{ site: index, at, path, value: text.value, origin: 'set', label: text.expected }],
    };
  }
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
