/**
 * A client for charon's vici socket. Protocol: strongSwan src/libcharon/plugins/vici/README.md (transport,
 * packet and message encoding). There is no kept client for it on npm.
 */
import { type Socket, connect as socketTo } from 'node:net';

/** A message: values, lists of values and sections of the same. */
export interface ViciMessage {
  readonly [key: string]: ViciValue;
}
export type ViciValue = string | readonly string[] | ViciMessage;

/** One client of one daemon. A command is sent when the one before is answered. */
export interface ViciClient {
  /** Sends a command and gives its answer. */
  readonly command: (name: string, message?: ViciMessage) => Promise<ViciMessage>;
  /** Sends a command that answers by a stream of events, and gives those. */
  readonly stream: (name: string, event: string, message?: ViciMessage) => Promise<readonly ViciMessage[]>;
  readonly close: () => void;
}

const packet = {
  request: 0,
  response: 1,
  unknownCommand: 2,
  register: 3,
  unregister: 4,
  confirm: 5,
  unknownEvent: 6,
  event: 7,
} as const;

const element = {
  sectionStart: 1,
  sectionEnd: 2,
  keyValue: 3,
  listStart: 4,
  listItem: 5,
  listEnd: 6,
} as const;

export function encodeMessage(message: ViciMessage): Buffer {
  return Buffer.concat(
    Object.entries(message).flatMap(([key, value]) => {
      if (typeof value === 'string') return [tagged(element.keyValue, key), sized(value)];
      if (isList(value)) {
        return [
          tagged(element.listStart, key),
          ...value.flatMap((item) => [Buffer.from([element.listItem]), sized(item)]),
          Buffer.from([element.listEnd]),
        ];
      }
      return [tagged(element.sectionStart, key), encodeMessage(value), Buffer.from([element.sectionEnd])];
    }),
  );
}

function isList(value: ViciValue): value is readonly string[] {
  return Array.isArray(value);
}

function tagged(kind: number, name: string): Buffer {
  const bytes = Buffer.from(name);
  return Buffer.concat([Buffer.from([kind, bytes.length]), bytes]);
}

function sized(value: string): Buffer {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

export function decodeMessage(bytes: Buffer): ViciMessage {
  let at = 0;
  const short = () => {
    const length = bytes.readUInt8(at);
    at += 1 + length;
    return bytes.toString('utf8', at - length, at);
  };
  const long = () => {
    const length = bytes.readUInt16BE(at);
    at += 2 + length;
    return bytes.toString('utf8', at - length, at);
  };
  const section = (): ViciMessage => {
    const message: Record<string, ViciValue> = {};
    while (at < bytes.length) {
      const kind = bytes.readUInt8(at);
      at += 1;
      if (kind === element.sectionEnd) return message;
      const key = short();
      if (kind === element.keyValue) message[key] = long();
      else if (kind === element.sectionStart) message[freeKey(message, key)] = section();
      else if (kind === element.listStart) message[key] = list();
      else throw new Error(`vici: element ${kind} where a key is expected`);
    }
    return message;
  };
  const list = (): readonly string[] => {
    const items: string[] = [];
    while (bytes.readUInt8(at) === element.listItem) {
      at += 1;
      items.push(long());
    }
    at += 1;
    return items;
  };
  return section();
}

/** A rekeyed CHILD_SA and its successor may come in sections of one name. */
function freeKey(message: Readonly<Record<string, ViciValue>>, key: string): string {
  let free = key;
  for (let count = 2; free in message; count += 1) free = `${key}#${count}`;
  return free;
}

interface Incoming {
  readonly kind: number;
  readonly body: Buffer;
}

export async function connectVici(path: string): Promise<ViciClient> {
  const socket = await opened(path);
  let pending = Buffer.alloc(0);
  let events: ViciMessage[] = [];
  let waiting: { resolve: (answer: Incoming) => void; reject: (error: Error) => void } | undefined;
  socket.on('data', (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk]);
    while (pending.length >= 4 && pending.length >= 4 + pending.readUInt32BE(0)) {
      const body = pending.subarray(4, 4 + pending.readUInt32BE(0));
      pending = pending.subarray(4 + body.length);
      const kind = body.readUInt8(0);
      if (kind === packet.event) events.push(decodeMessage(body.subarray(2 + body.readUInt8(1))));
      else waiting?.resolve({ kind, body: body.subarray(1) });
    }
  });
  const fail = (error: Error) => waiting?.reject(error);
  socket.on('error', fail);
  socket.on('close', () => fail(new Error(`vici: ${path} was closed`)));

  const exchange = (kind: number, name: string, message?: ViciMessage): Promise<Incoming> =>
    new Promise((resolve, reject) => {
      waiting = { resolve, reject };
      const body = Buffer.concat([tagged(kind, name), message ? encodeMessage(message) : Buffer.alloc(0)]);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(body.length);
      socket.write(Buffer.concat([length, body]));
    });
  const answered = async (name: string, message: ViciMessage): Promise<ViciMessage> => {
    const answer = await exchange(packet.request, name, message);
    if (answer.kind !== packet.response) throw new Error(`vici: no command "${name}"`);
    return decodeMessage(answer.body);
  };

  let queue: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = queue.then(work, work);
    queue = turn.catch(() => undefined);
    return turn;
  };
  return {
    command: (name, message = {}) => inTurn(() => answered(name, message)),
    stream: (name, event, message = {}) =>
      inTurn(async () => {
        events = [];
        const confirmed = await exchange(packet.register, event);
        if (confirmed.kind !== packet.confirm) throw new Error(`vici: no event "${event}"`);
        await answered(name, message);
        await exchange(packet.unregister, event);
        return events;
      }),
    close: () => socket.destroy(),
  };
}

function opened(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = socketTo(path);
    socket.once('connect', () => resolve(socket));
    socket.once('error', reject);
  });
}
