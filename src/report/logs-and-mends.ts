import type { Finding } from '../lint/finding.ts';
import type { Report } from '../lint/report.ts';
import { nameIn, type Scope } from './site-name.ts';

/** Lines that are copied or searched for, and what they are. */
export interface Labelled {
  readonly label: string;
  readonly lines: readonly string[];
}

/** The log lines of both sides, with the parts they play when the first of `initiators` calls. */
export function logsOf({ log, initiators, link }: Finding, { links }: Report): readonly Labelled[] {
  const ends = link === null ? undefined : links[link];
  const caller = initiators[0];
  return (['a', 'b'] as const)
    .filter((side) => log[side].length > 0)
    .map((side) => {
      const role = side === caller ? ', initiator' : ', responder';
      return {
        label: `Log of ${ends?.[side].name ?? side.toUpperCase()}${caller === undefined ? '' : role}`,
        lines: log[side],
      };
    });
}

/** The commands that mend it, each alternative under `Fix on hq`, `or on branch`; `and on branch` where all are needed. */
export function mendsOf({ fix, fixAll }: Finding, scope: Scope, report: Report): readonly Labelled[] {
  return fix.map(({ site, commands }, index) => {
    const name = nameIn(site, scope, report) ?? report.sites[site]?.file.name ?? '';
    const place = scope.kind === 'site' && scope.site === site ? '' : ` on ${name}`;
    return { label: `${index === 0 ? 'Fix' : fixAll ? 'and' : 'or'}${place}`, lines: commands };
  });
}

/** The finding that fails earlier and hides this one; null where none does. */
export function hidingOf({ hiddenBehind }: Finding, { findings }: Report): Finding | null {
  return (hiddenBehind === null ? undefined : findings[hiddenBehind]) ?? null;
}

/** That another finding hides this one, `which` being how the reader knows it. Empty where none does. */
export function hiddenNote(
  finding: Finding,
  report: Report,
  which: (hiding: Finding) => string = ({ ruleId }) => ruleId,
): string {
  const hiding = hidingOf(finding, report);
  return hiding === null ? '' : `Shows up once ${which(hiding)} is mended, which fails earlier`;
}
