import type { Finding } from '../lint/finding.ts';
import { exampleLines } from './example-line.ts';
import { type Explanation, exampleLetter } from './explanation.ts';

/** What programs read; its shape is a contract, see docs/rules.schema.json. Ends with a line feed. */
export function explanationsToJson(explanations: readonly Explanation[]): string {
  return `${JSON.stringify(explanations.map(toJson), null, 2)}\n`;
}

function toJson(explanation: Explanation): object {
  const { rule, scope, ikeError, exchanges, findings } = explanation;
  const { id, summary, severity, why, mend, sources, page } = rule;
  return {
    id,
    summary,
    severity,
    ikeError: ikeError && { notify: ikeError.notify, code: ikeError.code },
    exchanges,
    scope,
    why,
    example: {
      lines: ([0, 1] as const).flatMap((site) =>
        exampleLines(explanation, site).map(({ number, text, meanings }) => ({
          side: side(site),
          line: number,
          text,
          meanings,
        })),
      ),
      findings: findings.map(findingToJson),
    },
    mend,
    sources: sources.map(({ title, url }) => ({ title, url })),
    page,
  };
}

function findingToJson(finding: Finding): object {
  const { severity, message, consequence, ikeError, exchange, initiators, log, fix, fixAll } = finding;
  return {
    severity,
    message,
    consequence,
    ikeError: ikeError && { notify: ikeError.notify, code: ikeError.code },
    exchange,
    initiators: initiators.toSorted(),
    log: { a: log.a, b: log.b },
    fix: fix.map(({ site, commands }) => ({ side: side(site), commands })),
    fixAll: fixAll ?? false,
  };
}

function side(site: number): 'a' | 'b' {
  return exampleLetter(site) === 'A' ? 'a' : 'b';
}
