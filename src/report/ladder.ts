import type { ChalkInstance } from 'chalk';
import type { Loss, Message, Payload, Sequence } from '../lint/course.ts';
import type { Failure, Side } from '../lint/report.ts';
import { cellWidth } from './cell-width.ts';
import { lossBy, reasonText } from './forecast.ts';
import { cells, cutTo, type Paper, wrapped } from './paper.ts';

/** What the two ends are called, as `LinkEnds` has it. */
export type Names = Readonly<Record<Side, string>>;

/** Wider than this an arrow is hard to follow. */
const widest = 100;

/** A payload with more values than this is shown in part. */
const mostValues = 8;

/** A sequence of messages as arrows between two columns, A on the left. */
export function ladder(sequence: Sequence, names: Names, on: Paper): readonly string[] {
  if (sequence.messages.length === 0) return [];
  const rails = railsOf(on);
  return [
    rails.head(names),
    ...sequence.messages.flatMap((message) => messageLines(message, sequence.initiator, rails, on)),
  ];
}

const otherSide: Readonly<Record<Side, Side>> = { a: 'b', b: 'a' };

function senderOf({ from }: Message, initiator: Side): Side {
  return from === 'initiator' ? initiator : otherSide[initiator];
}

interface Rails {
  /** Cells for text between them. */
  readonly room: number;
  readonly head: (names: Names) => string;
  readonly text: (plain: string, inked: string) => string;
  readonly arrow: (label: string, to: 'left' | 'right', arrives: boolean, ink: ChalkInstance) => string;
}

function railsOf(on: Paper): Rails {
  const between = Math.min(on.width, widest) - 4;
  const bar = on.ink.dim(on.sign.bar);
  return {
    room: between - 2,
    head: ({ a, b }) => {
      const half = Math.floor((between - 4) / 2) - 2;
      const [left, right] = [cutTo(a, half, on), cutTo(b, half, on)];
      const gap = ' '.repeat(Math.max(1, between + 2 - cellWidth(left) - cellWidth(right)));
      return `  ${on.ink.bold(left)}${gap}${on.ink.bold(right)}`;
    },
    text: (plain, inked) =>
      `  ${bar} ${inked}${' '.repeat(Math.max(0, between - 2 - cellWidth(plain)))} ${bar}`,
    arrow: (label, to, arrives, ink) => {
      const tip = arrives ? on.sign[to] : on.sign.bad;
      const rest = Math.max(2, between - cellWidth(label) - cellWidth(tip) - 4);
      const shaft = on.sign.line.repeat(rest);
      const [short, gap] = [on.sign.line.repeat(2), ' '];
      return to === 'right'
        ? `  ${bar}${ink(`${short}${gap}${label}${gap}${shaft}${tip}`)}${bar}`
        : `  ${bar}${ink(`${tip}${shaft}${gap}${label}${gap}${short}`)}${bar}`;
    },
  };
}

function messageLines(message: Message, initiator: Side, rails: Rails, on: Paper): readonly string[] {
  const { exchange, type, id, payloads, refused, fate, sent } = message;
  const notify = payloads.find((payload) => payload.kind === 'notify' && !payload.status);
  const ink = refused ? on.ink.red : notify ? penOf(notify, on) : on.ink.bold;
  const label = `${exchange} ${type}${id === null ? '' : ` ${id}`}${sent > 1 ? `, sent ${sent} times` : ''}`;
  const to = senderOf(message, initiator) === 'a' ? 'right' : 'left';
  return [
    rails.text('', ''),
    rails.arrow(label, to, fate === 'read' || fate === 'ignored', ink),
    ...payloadList(payloads, rails, on),
    ...contents(payloads, rails, on),
  ];
}

/** As charon lists them; what refuses stands out, and what only tells of an ability does not. */
function payloadList(payloads: readonly Payload[], rails: Rails, on: Paper): readonly string[] {
  const pens = new Map(payloads.map((payload) => [payload.name, penOf(payload, on)]));
  if (payloads.length === 0) return [rails.text('no payload', on.ink.dim('no payload'))];
  const lines = wrapped(payloads.map(({ name }) => name).join(' '), rails.room);
  return lines.map((line) =>
    rails.text(
      line,
      line
        .split(' ')
        .map((word) => (pens.get(word) ?? on.ink.dim)(word))
        .join(' '),
    ),
  );
}

function penOf(payload: Payload, { ink }: Paper): ChalkInstance {
  if (payload.kind !== 'notify') return ink.reset;
  if (payload.status) return ink.dim;
  // The responder only wants another group, and the initiator tries again.
  return payload.group === undefined ? ink.red.bold : ink.yellow.bold;
}

function contents(payloads: readonly Payload[], rails: Rails, on: Paper): readonly string[] {
  const shown = payloads.flatMap((payload) => {
    const values = valuesOf(payload);
    return values.length === 0 ? [] : [{ name: payload.name, values }];
  });
  const nameWidth = Math.max(0, ...shown.map(({ name }) => name.length));
  return shown.flatMap(({ name, values }) => {
    const lines = partOf(values).flatMap((value) => brokenValue(value, rails.room - nameWidth - 4));
    return lines.map((line, index) => {
      const label = (index === 0 ? name : '').padEnd(nameWidth);
      return rails.text(`  ${label}  ${line}`, `  ${on.ink.dim(label)}  ${line}`);
    });
  });
}

function partOf(values: readonly string[]): readonly string[] {
  if (values.length <= mostValues) return values;
  return [...values.slice(0, mostValues - 1), `and ${values.length - mostValues + 1} more`];
}

function valuesOf(payload: Payload): readonly string[] {
  switch (payload.kind) {
    case 'proposals':
      return payload.proposals;
    case 'key-exchange':
      return [payload.group];
    case 'identity':
      return [payload.identity];
    case 'selectors':
      return payload.selectors ?? ['not in the dump'];
    case 'notify':
      if (payload.status) return [];
      return [payload.group === undefined ? payload.notify : `${payload.notify}, wants ${payload.group}`];
    case 'plain':
      return [];
  }
}

/** At blanks, then behind slashes, then wherever there is no more room. */
function brokenValue(value: string, room: number): readonly string[] {
  const pieces = wrapped(value, room).flatMap((line) =>
    cellWidth(line) <= room ? [line] : line.split(/(?<=\/)/),
  );
  const lines: string[] = [];
  for (const piece of pieces.flatMap((part) => chopped(part, room))) {
    const last = lines.at(-1);
    if (last?.endsWith('/') && cellWidth(last + piece) <= room) lines[lines.length - 1] = last + piece;
    else lines.push(piece);
  }
  return lines;
}

function chopped(text: string, room: number): readonly string[] {
  const parts = [''];
  for (const character of text) {
    const last = parts.at(-1) ?? '';
    if (cellWidth(last + character) > Math.max(1, room)) parts.push(character);
    else parts[parts.length - 1] = last + character;
  }
  return parts;
}

/** How a sequence ends, in one sentence; `done` is what there is to say when it comes to its end. */
export function endLines(sequence: Sequence, done: string, names: Names, on: Paper): readonly string[] {
  const { end, explainedBy } = sequence;
  const rules = rulesText(explainedBy);
  switch (end.kind) {
    case 'established':
      return signed(on.sign.good, done, on.ink.green, on);
    case 'failed':
      return signed(on.sign.bad, `${stopText(sequence, end.failure, names)}${rules}`, on.ink.red, on);
    case 'unknown':
      return signed('?', `How it goes on cannot be told: ${end.why}`, on.ink.yellow, on);
    case 'not-asked-for':
      return signed(
        on.sign.bad,
        `${names[sequence.initiator]} asks for nothing: a CHILD_SA that differs in its name alone stands already`,
        on.ink.red,
        on,
      );
  }
}

/** What loses the tunnel as soon as it is up. */
export function lossLines({ by, explainedBy }: Loss, names: Names, on: Paper): readonly string[] {
  const text = `It is lost at once: ${lossBy(names[by])}${rulesText(explainedBy)}`;
  return signed(on.sign.bad, text, on.ink.red, on);
}

function rulesText(rules: readonly string[]): string {
  return rules.length > 0 ? ` [${rules.join(', ')}]` : '';
}

function signed(sign: string, text: string, ink: ChalkInstance, on: Paper): readonly string[] {
  const indent = 2 + cells(sign) + 1;
  return wrapped(text, Math.min(on.width, widest) - indent).map((line, index) =>
    index === 0 ? `  ${ink(`${sign} ${line}`)}` : ' '.repeat(indent) + ink(line),
  );
}

function stopText({ initiator, messages }: Sequence, failure: Failure, names: Names): string {
  const { notify, detectedBy } = failure;
  const caller = names[initiator];
  const called = names[otherSide[initiator]];
  const why = reasonText(failure);
  const silent = messages.find(({ fate }) => fate === 'unanswered' || fate === 'unreadable');
  if (silent?.fate === 'unanswered') {
    const again = silent.from === 'initiator' ? 'it' : 'its request';
    return `Stops here: ${why}. ${caller} sends ${again} ${silent.sent} times and gives up after ${silent.givenUpAfter} seconds`;
  }
  if (silent) {
    return `Stops here: ${called} cannot decrypt it: ${why}. ${caller} gives up after ${silent.givenUpAfter} seconds, and cannot decrypt the complaint either`;
  }
  if (messages.length === 0) return `${caller} sends nothing: ${why}`;
  if (detectedBy === null) {
    return `Never ends: ${called} announces one more proof each time, and the proof never fits (${why})`;
  }
  const who = detectedBy === 'initiator' ? caller : called;
  const refused = messages.some((message) => message.refused);
  if (!refused) return `Stops here: ${who} sends nothing more: ${why}`;
  return notify === null
    ? `Stops here: ${who} refuses it and sends no error notify: ${why}`
    : `Stops here: ${who} refuses it with ${notify}: ${why}`;
}
