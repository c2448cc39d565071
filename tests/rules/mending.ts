import { lint } from '../../src/index.ts';
import type { Finding, Fix } from '../../src/lint/finding.ts';
import type { Report } from '../../src/lint/report.ts';

export type Pair = Readonly<Record<'a' | 'b', string>>;

export function lintPair({ a, b }: Pair): Report {
  return lint([
    { file: 'a.conf', text: a },
    { file: 'b.conf', text: b },
  ]);
}

/** The only finding of a rule. */
export function only(report: Report, rule: string): Finding {
  const found = report.findings.filter(({ ruleId }) => ruleId === rule);
  if (found.length !== 1) throw new Error(`${found.length} findings of ${rule}`);
  const [finding] = found;
  if (!finding) throw new Error('unreachable');
  return finding;
}

/** The pair after the commands of a fix were typed in. */
export function apply(pair: Pair, fix: Fix | undefined): Pair {
  if (!fix) throw new Error('no fix');
  const side = fix.site === 0 ? 'a' : 'b';
  return { ...pair, [side]: `${pair[side]}\n${fix.commands.join('\n')}\n` };
}

export function errorsOf(report: Report): readonly string[] {
  return report.findings.filter(({ severity }) => severity === 'error').map(({ message }) => message);
}
