import type { Finding } from '../lint/finding.ts';
import type { Report } from '../lint/report.ts';
import { type FindingPlace, scopeOf } from './finding-places.ts';
import { hiddenNote, mendsOf } from './logs-and-mends.ts';
import { messageWithWire } from './wire.ts';

/** More places than that tell nobody more; the JSON and SARIF formats have all. */
const mostPlaces = 10;

/**
 * All that a finding says, as sentences without a full stop, for formats that have one text and no layout: what is
 * wrong, where else it stands, what follows, and what mends it.
 */
export function proseOf(
  finding: Finding,
  [first, ...others]: readonly FindingPlace[],
  report: Report,
): readonly string[] {
  const note = hiddenNote(finding, report);
  const places = [...(first?.location.label ? [first] : []), ...others].slice(0, mostPlaces);
  const mends = mendsOf(finding, scopeOf(finding, report), report);
  return [
    messageWithWire(finding, report),
    ...places.map(placeText),
    ...(finding.consequence === '' ? [] : [withoutStop(finding.consequence)]),
    ...(note === '' ? [] : [note]),
    ...mends.map(({ label, lines }) => `${label}: ${lines.join('; ')}`),
  ];
}

/** `branch: b.conf:7 (not set: default 2)` */
function placeText({ nameByFile, file, line, location: { label } }: FindingPlace): string {
  const place = `${nameByFile === null ? '' : `${nameByFile}: `}${file}:${line}`;
  return label === '' ? place : `${place} (${label})`;
}

export function withoutStop(sentence: string): string {
  return sentence.replace(/\.$/, '');
}
