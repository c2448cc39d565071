import type { Finding, Location } from '../../src/lint/finding.ts';
import type { Report } from '../../src/lint/report.ts';

/**
 * A report in a form in which lint(A, B) and lint(B, A) can be compared: the sides of one of them are exchanged, and
 * what has no order (findings of equal standing, places, alternatives) is sorted. Texts call a site by its name, whatever
 * side it is.
 */
export function comparable(report: Report, sides: 'as they are' | 'exchanged'): readonly unknown[] {
  const swap = sides === 'exchanged';
  const own = report.findings.map((finding) => comparableFinding(finding, swap));
  return own
    .map((finding, index) => {
      const hiding = report.findings[index]?.hiddenBehind ?? null;
      return { ...finding, hiddenBehind: hiding === null ? null : own[hiding] };
    })
    .toSorted(byText);
}

function comparableFinding(finding: Finding, swap: boolean) {
  const site = (index: number) => (swap ? 1 - index : index);
  return {
    ruleId: finding.ruleId,
    severity: finding.severity,
    ikeError: finding.ikeError,
    exchange: finding.exchange,
    link: finding.link,
    message: clauses(finding.message),
    consequence: words(finding.consequence),
    initiators: finding.initiators.map((side) => (swap ? (side === 'a' ? 'b' : 'a') : side)).toSorted(),
    locations: finding.locations
      .map((location) => comparableLocation(location, site(location.site)))
      .toSorted(byText),
    fixAll: finding.fixAll,
    fix: finding.fix.map(({ site: index, commands }) => ({ site: site(index), commands })).toSorted(byText),
    log: comparableLog(finding, swap),
  };
}

function comparableLocation({ at, path, value, origin, label }: Location, site: number) {
  const { start, end, file } = at;
  return { site, file: file.name, start, end, path, value, origin, label };
}

/**
 * The log shown is that of one negotiation. Where a finding bites whoever calls, the swapped run shows the call of the
 * other side, whose lines name other addresses, or the call of the only side that may: then only how much is logged can
 * be compared.
 */
function comparableLog({ log, initiators }: Finding, swap: boolean): unknown {
  if (initiators.length === 2) return [log.a.length, log.b.length].toSorted();
  return swap ? { a: log.b, b: log.a } : log;
}

/** All that a finding says in words, with other names for the sites called A and B. */
export function saidOf(
  { message, short, consequence, locations }: Finding,
  names: Readonly<Record<'A' | 'B', string>> = { A: 'A', B: 'B' },
): readonly string[] {
  // Not `SITE-A` or `"A"`, and not the article.
  const called = (text: string) =>
    text
      .replace(
        /(?<![\w"'-])([AB])(?![\w"'-])(?! (?:VTI|peer|link) )/g,
        (_, letter: 'A' | 'B') => names[letter],
      )
      .replace(/^(Not judged: the dump of )"([ab])"/, (_, before: string, site: string) => {
        const letter = site === 'a' ? 'A' : 'B';
        return `${before}"${names[letter] === letter ? site : names[letter]}"`;
      });
  return [message, short ?? '', consequence, ...locations.map(({ label }) => label)].map(called);
}

/**
 * The clauses of a message in an order of their own: a message names the first side before the second, so that the
 * exchanged run has them in the other order. Each clause must still be there, with its own value.
 */
function clauses(message: string): readonly string[] {
  return message
    .replace(/\bB and A\b/, 'A and B')
    .split(/: |, /)
    .toSorted();
}

/** A consequence may drop a verb in its second clause (`A rekeys after 1 s, B after 2 s`): its words must be the same. */
function words(text: string): readonly string[] {
  return text.match(/[^\s,;:]+/g)?.toSorted() ?? [];
}

function byText(one: unknown, other: unknown): number {
  const [first, second] = [JSON.stringify(one), JSON.stringify(other)];
  return first < second ? -1 : Number(first > second);
}
