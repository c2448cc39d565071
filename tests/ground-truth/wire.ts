/** Whether two charons exchange the messages that a ladder forecasts, by what each logs of those it sends and reads. */
import { formatMessage, type Ladder, type Message } from '../../src/ike/message.ts';
import type { Role } from '../../src/ike/outcome.ts';
import type { Clock, Span } from '../../src/ike/timeline.ts';
import type { Logs } from './diagnose.ts';

/** One line that is not as it was forecast; undefined where there is none at all. */
export interface WrongMessage {
  readonly role: Role;
  readonly forecast: string | undefined;
  readonly seen: string | undefined;
}

/** What the ladder leaves out: it depends on more than the two configurations. */
const leftOut = /^(?:V|NAT-OA|N\((?:MOBIKE_SUP|ADD_[46]_ADDR|NO_ADD_ADDR)\))$/;

interface Line {
  readonly direction: 'generating' | 'parsed';
  readonly exchange: string;
  readonly type: string;
  readonly id: number;
  readonly payloads: readonly string[];
}

function parseLine(line: string): readonly Line[] {
  const match = /\[ENC\] (generating|parsed) (\w+) (request|response) (\d+) \[ (.*)\]$/.exec(line);
  if (!match) return [];
  const [, direction, exchange = '', type = '', id, list = ''] = match;
  const all = list.split(' ').filter(Boolean);
  // A fragment comes beside the message that it is of.
  if (all.some((name) => /^(?:EF|FRAG)\(/.test(name))) return [];
  const payloads = all.filter((name) => !leftOut.test(name));
  return [
    {
      direction: direction === 'parsed' ? 'parsed' : 'generating',
      exchange,
      type,
      id: Number(id),
      payloads: all.length > 0 && payloads.length === 0 ? ['left out'] : payloads,
    },
  ];
}

/**
 * What an end logs of a sequence, without the exchanges of MOBIKE: their requests hold nothing that is compared, and
 * their responses nothing at all.
 */
function linesOf(log: readonly string[]): readonly Line[] {
  const lines = log.flatMap(parseLine);
  const noise = lines.filter(({ payloads, type }) => type === 'request' && payloads[0] === 'left out');
  const opposite = { generating: 'parsed', parsed: 'generating' } as const;
  const isNoise = (line: Line) =>
    noise.some(
      (asked) =>
        asked === line ||
        (line.type === 'response' &&
          line.exchange === asked.exchange &&
          line.id === asked.id &&
          line.direction === opposite[asked.direction]),
    );
  return lines.filter((line) => !isNoise(line));
}

function textOf({ direction, exchange, type, id, payloads }: Line): string {
  const random = exchange === 'QUICK_MODE' || exchange === 'INFORMATIONAL_V1';
  return `${direction} ${exchange} ${type}${random ? '' : ` ${id}`} [ ${payloads.map((name) => `${name} `).join('')}]`;
}

/** A message as its sender and its receiver write it; what cannot be read is not written, what nobody hears neither. */
function forecastOf(messages: readonly Message[], role: Role): readonly string[] {
  // A responder that refuses the first message knows nothing of it when it comes again.
  const [, refusal, ...others] = messages;
  const isForgotten =
    role === 'responder' &&
    others.length === 0 &&
    refusal?.fate === 'unanswered' &&
    refusal.payloads.some((payload) => payload.kind === 'notify' && !payload.status);
  return (isForgotten ? [...messages, ...messages] : messages).flatMap((message) => {
    const text = formatMessage(message);
    if (message.from !== role) return message.fate === 'read' ? [`parsed ${text}`] : [];
    // A message that is sent again is not made again; a complaint is, each time.
    const answers = message.fate === 'unreadable' && message.exchange === 'INFORMATIONAL_V1';
    return answers ? [`generating ${text}`, `generating ${text}`] : [`generating ${text}`];
  });
}

export interface WireOptions {
  /** Message ids may count from a higher one, as the IKE_SA has had exchanges that are not compared. */
  readonly later?: boolean;
}

/** The first line of each end that is not as forecast. */
export function wrongMessages(
  { messages }: Pick<Ladder, 'messages'>,
  logs: Logs,
  options: WireOptions = {},
): readonly WrongMessage[] {
  const expected = options.later ? shifted(messages, logs) : messages;
  return (['initiator', 'responder'] as const).flatMap((role) => {
    const forecast = forecastOf(expected, role);
    const seen = linesOf(logs[role]).map(textOf);
    const length = Math.max(forecast.length, seen.length);
    const at = Array.from({ length }, (_, index) => index).find((index) => forecast[index] !== seen[index]);
    return at === undefined ? [] : [{ role, forecast: forecast[at], seen: seen[at] }];
  });
}

/** The messages with the ids that follow the one of the first that was seen. */
function shifted(messages: readonly Message[], logs: Logs): readonly Message[] {
  const first = messages.find(({ id }) => id !== null);
  const seen = linesOf(logs.initiator).find(
    ({ type, direction }) => type === 'request' && direction === 'generating',
  );
  if (!first || first.id === null || !seen || seen.id < first.id) return messages;
  const by = seen.id - first.id;
  return messages.map((message) => (message.id === null ? message : { ...message, id: message.id + by }));
}

/** What an end logs of the contents that it reads, and what the other end is forecast to have sent. */
interface Content {
  readonly line: RegExp;
  /** The whole line's captured text, as it must be of one of the messages. */
  readonly sent: (message: Message) => readonly string[];
}

function listOf(message: Message, name: string): readonly string[] {
  return message.payloads.flatMap((payload) => {
    if (payload.name !== name) return [];
    if (payload.kind === 'selectors') return payload.selectors ? [payload.selectors.join(' ')] : [];
    if (payload.kind === 'proposals') return [payload.proposals.join(', ')];
    return payload.kind === 'identity' ? [payload.identity] : [];
  });
}

const contents: readonly Content[] = [
  { line: /\[CFG\] received proposals: (.*)$/, sent: (message) => listOf(message, 'SA') },
  {
    line: /\[IKE\] authentication of '(.*)' with pre-shared key successful$/,
    sent: (message) => [...listOf(message, 'IDi'), ...listOf(message, 'IDr')],
  },
  {
    line: /\[CFG\] looking for a child config for (.*)$/,
    sent: (message) => {
      const version1 = message.exchange === 'QUICK_MODE';
      const [initiators, responders] = version1
        ? listOf(message, 'ID')
        : [...listOf(message, 'TSi'), ...listOf(message, 'TSr')];
      return initiators === undefined ? [] : [`${responders} === ${initiators}`];
    },
  },
];

/** What an end read of the other's payloads that was not forecast to be in them. */
export function wrongContents({ messages }: Pick<Ladder, 'messages'>, logs: Logs): readonly WrongMessage[] {
  return (['initiator', 'responder'] as const).flatMap((role) => {
    const received = messages.filter(({ from }) => from !== role);
    return contents.flatMap(({ line, sent }) => {
      const forecast = received.flatMap(sent);
      const stray = logs[role].find((text) => {
        const [, seen] = line.exec(text) ?? [];
        return seen !== undefined && !forecast.includes(seen.replaceAll(/\b(?:IKE|ESP):/g, '').trim());
      });
      return stray === undefined ? [] : [{ role, forecast: forecast.join(' or '), seen: stray }];
    });
  });
}

/** What both ends log of the timers of a new IKE_SA that is not within the forecast. */
export function wrongTimers(clocks: Readonly<Record<Role, Clock>>, logs: Logs): readonly WrongMessage[] {
  return (['initiator', 'responder'] as const).flatMap((role) => {
    const { soft, hard } = clocks[role];
    const check = (span: Span | null, pattern: RegExp): readonly WrongMessage[] => {
      const line = logs[role].find((text) => pattern.test(text));
      const seconds = Number(pattern.exec(line ?? '')?.[1]);
      if (span ? span.from <= seconds && seconds <= span.to : line === undefined) return [];
      return [{ role, forecast: span ? `${span.from} to ${span.to} s` : undefined, seen: line }];
    };
    return [
      ...check(soft, /scheduling rekeying in (\d+)s$/),
      ...check(hard, /maximum IKE_SA lifetime (\d+)s$/),
    ];
  });
}
