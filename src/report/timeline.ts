import type { Clock, RekeyFate, Timeline, TimelineEnd } from '../lint/course.ts';
import type { Side } from '../lint/report.ts';
import type { Names } from './ladder.ts';
import { cells, cutTo, type Paper, padded, wrapped } from './paper.ts';

const sides: readonly Side[] = ['a', 'b'];

/** Cells that the table has for a name. */
const widestName = 16;

/** The timers of one IKE_SA and one CHILD_SA as a table, then what comes of each in a sentence. */
export function timelineTable(
  timelines: readonly Timeline[],
  ikeVersion: 1 | 2,
  names: Names,
  on: Paper,
): readonly string[] {
  const rows = timelines.flatMap(({ sa, clocks }) =>
    sides.map((side, index) => [
      index === 0 ? sa : '',
      cutTo(names[side], widestName, on),
      ...cellsOf(clocks[side]),
    ]),
  );
  const table = [['', '', 'rekeys after', 'expires after'], ...rows];
  const widths = [0, 1, 2].map((column) => Math.max(...table.map((row) => cells(row[column] ?? ''))));
  const lines = table.map((row) =>
    `  ${row.map((cell, column) => padded(cell, widths[column] ?? 0)).join('  ')}`.trimEnd(),
  );
  return [
    ...lines.map((line, index) => (index === 0 ? on.ink.dim(line) : line)),
    '',
    ...timelines.flatMap((each) => verdict(each, ikeVersion, names, on)),
  ];
}

function cellsOf({ soft, hard }: Clock): readonly [string, string] {
  return [spanText(soft), spanText(hard)];
}

function spanText(span: { readonly from: number; readonly to: number } | null): string {
  if (!span) return 'never';
  return span.from === span.to ? clock(span.to) : `${clock(span.from)} to ${clock(span.to)}`;
}

/** `1:02:03`. */
function clock(seconds: number): string {
  const part = (number: number) => String(number).padStart(2, '0');
  return `${Math.floor(seconds / 3600)}:${part(Math.floor(seconds / 60) % 60)}:${part(seconds % 60)}`;
}

function verdict(each: Timeline, ikeVersion: 1 | 2, names: Names, on: Paper): readonly string[] {
  const { ink } = on;
  const pen = {
    renewed: ink.green,
    saved: ink.yellow,
    stops: ink.red,
    'may-stop': ink.red,
    'for-ever': ink.green,
    unknown: ink.yellow,
  }[each.end.kind];
  const head = `${each.sa}: `;
  return wrapped(head + verdictText(each, each.end, ikeVersion, names), Math.min(on.width, 100) - 4).map(
    (line, index) => (index === 0 ? `  ${pen(line)}` : `    ${pen(line)}`),
  );
}

function verdictText(
  { sa, clocks, fates, first }: Timeline,
  end: TimelineEnd,
  ikeVersion: 1 | 2,
  names: Names,
): string {
  const goes = sa === 'IKE_SA' ? 'its CHILD_SAs go on' : 'traffic goes on';
  const stops = sa === 'IKE_SA' ? 'it ends with its CHILD_SAs, and traffic stops,' : 'traffic stops';
  const what = sa === 'IKE_SA' && ikeVersion === 1 ? 'reauthentication' : 'rekey';
  const failure = (side: Side) => `${names[side]}'s ${what} ${fateText(fates[side])}`;
  const failures = (those: readonly Side[]) => {
    const [one, other] = those;
    if (!one) return [];
    const alike = other && fateText(fates[one]) === fateText(fates[other]);
    const whole = alike ? [`a ${what} of either side ${fateText(fates[one])}`] : those.map(failure);
    return whole.map((text) => text + again(sa, ikeVersion));
  };
  switch (end.kind) {
    case 'renewed':
      return `${comesFirst(first, names)}; the ${what} works, and ${goes}`;
    case 'saved':
      return `${failure(end.failing)}${again(sa, ikeVersion)}; ${names[end.by]}'s works, ${spanText(end.when)} after the start and before anything expires, so ${goes}`;
    case 'stops': {
      const expires = `${stops} after ${spanText(end.when)}, when it expires on ${list(end.by, names)}`;
      const started = sides.filter((side) => clocks[side].soft);
      if (started.length === 0) return `neither side rekeys; ${expires}`;
      const failing = started.filter((side) => fates[side].kind === 'failed');
      const late = started.filter((side) => fates[side].kind === 'established');
      const why = [
        ...failures(failing),
        ...late.map((side) => `${names[side]}'s ${what} would work, but comes too late`),
      ];
      return `${why.join('; ')}; ${expires}`;
    }
    case 'may-stop':
      return (
        `chance decides: ${names[end.saver]}'s ${what} works, and comes ${spanText(clocks[end.saver].soft)} after the ` +
        `start; it expires on ${list(end.by, names)} after ${spanText(end.when)}, and then ${stops.replace(/,$/, '')}`
      );
    case 'for-ever':
      return 'no timer is set on either side: it stands until somebody ends it';
    case 'unknown':
      return `how the ${what} goes cannot be told`;
  }
}

/** An IKEv2 end tries its rekey again after RETRY_INTERVAL less a random part (child_rekey.c, schedule_delayed_rekey). */
function again(sa: Timeline['sa'], ikeVersion: 1 | 2): string {
  return sa === 'CHILD_SA' && ikeVersion === 2 ? ', again and again every 6 to 15 s' : '';
}

function comesFirst(first: Timeline['first'], names: Names): string {
  if (first === 'either') return 'either side may come first';
  return first === 'neither' ? 'neither side rekeys' : `${names[first]} comes first`;
}

function fateText(fate: RekeyFate): string {
  switch (fate.kind) {
    case 'established':
      return 'works';
    case 'failed':
      return fate.notify === null ? 'fails' : `fails with ${fate.notify}`;
    case 'unknown':
      return 'cannot be told';
  }
}

function list(those: readonly Side[], names: Names): string {
  return those.map((side) => names[side]).join(' or ');
}
