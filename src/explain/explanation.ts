import type { Exchange } from '../ike/outcome.ts';
import type { Finding, IkeError } from '../lint/finding.ts';
import type { Report, ReportRule } from '../lint/report.ts';
import type { ExamplePatch, Rule } from '../lint/rule.ts';
import type { Expectation } from '../pairing/knowledge.ts';
import { exampleDump } from './example-dump.ts';

/** The engine: the texts of two dumps in, a report out (`lint` of src/index.ts). It is handed in, for it is large. */
export type Lint = (
  inputs: readonly { readonly file: string; readonly text: string }[],
  options?: { readonly expectations: readonly Expectation[] },
) => Report;

/** All there is to say of a rule. Every rendering is made from this and from nothing else. */
export interface Explanation {
  /** Its texts, its severity and the address of its page. */
  readonly rule: ReportRule;
  readonly scope: Rule['scope'];
  /** The error notify that it explains; null where none goes over the wire. */
  readonly ikeError: IkeError | null;
  /** Where in the exchanges its example trips; empty where nothing is exchanged. */
  readonly exchanges: readonly Exchange[];
  /** What the whole run says of the bad pair: site 0 is A, site 1 is B. */
  readonly report: Report;
  /** Of these the rule's own. */
  readonly findings: readonly [Finding, ...Finding[]];
}

/** Runs a rule on its own bad pair. Throws where that does not yield it, which is a fault of the rule. */
export function explain(rule: Rule, lint: Lint): Explanation {
  const report = lintExample(rule.bad, lint);
  const described = report.rules.find(({ id }) => id === rule.id);
  const [first, ...others] = report.findings.filter(({ ruleId }) => ruleId === rule.id);
  if (!described || !first) throw new Error(`the bad pair of ${rule.id} does not yield it`);
  const findings = [first, ...others] as const;
  return {
    rule: described,
    scope: rule.scope,
    ikeError: findings.find(({ ikeError }) => ikeError?.notify === rule.notify)?.ikeError ?? null,
    exchanges: [...new Set(findings.flatMap(({ exchange }) => exchange ?? []))],
    report,
    findings,
  };
}

/** What a run says of the example pair with commands added to it. */
export function lintExample(patch: ExamplePatch, lint: Lint): Report {
  const inputs = (['a', 'b'] as const).map((side) => ({
    file: `${side}.conf`,
    text: exampleDump(side, patch[side]),
  }));
  return lint(inputs, { expectations: patch.expectations ?? [] });
}

/** What a rule looks at, in words. */
export const scopes: Readonly<Record<Explanation['scope'], string>> = {
  link: 'two peers that face each other',
  site: 'one router by itself',
  network: 'all routers, and what is expected of their links',
  suppression: 'the suppression comments of a dump',
};

/** A and B, the two routers of the example. */
export function exampleLetter(site: number): 'A' | 'B' {
  return site === 0 ? 'A' : 'B';
}
