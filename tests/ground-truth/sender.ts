/**
 * Sends packets from inside a network namespace: a process of its own, which reads one packet a line (JSON) and
 * answers each with a line when it is sent.
 */
import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';

/** A packet to send: UDP, or the SYN of a TCP connection. */
export interface Packet {
  readonly protocol: 'udp' | 'tcp';
  readonly source: string;
  readonly sourcePort: number;
  readonly destination: string;
  readonly destinationPort: number;
}

export interface Sender {
  /** `refused`: the kernel has no way for it, or the source is not its own. */
  readonly send: (packet: Packet) => Promise<'sent' | 'refused'>;
  readonly close: () => void;
}

/** The argument by which the laboratory's program knows that it is to be a sender. */
export const senderArgument = '--send-packets';

export function startSender(namespace: string): Sender {
  const program = process.argv[1] ?? '';
  const child = spawn('ip', ['netns', 'exec', namespace, process.execPath, program, senderArgument], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const waiting: ((answer: 'sent' | 'refused') => void)[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    waiting.shift()?.(line === 'sent' ? 'sent' : 'refused');
  });
  child.once('exit', () => {
    for (const resolve of waiting.splice(0)) resolve('refused');
  });
  return {
    send: (packet) =>
      new Promise((resolve) => {
        waiting.push(resolve);
        child.stdin.write(`${JSON.stringify(packet)}\n`);
      }),
    close: () => child.stdin.end(),
  };
}

/** The sender's own program: ends with its input. */
export async function runSender(): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    const packet: Packet = JSON.parse(line);
    const sent = packet.protocol === 'udp' ? sendUdp(packet) : sendSyn(packet);
    process.stdout.write(`${(await sent) ? 'sent' : 'refused'}\n`);
  }
}

function sendUdp(packet: Packet): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket({ type: packet.source.includes(':') ? 'udp6' : 'udp4', reuseAddr: true });
    const finish = (sent: boolean) => {
      socket.close();
      resolve(sent);
    };
    socket.once('error', () => finish(false));
    socket.bind({ address: packet.source, port: packet.sourcePort }, () => {
      socket.send('x', packet.destinationPort, packet.destination, (error) => finish(!error));
    });
  });
}

function sendSyn(packet: Packet): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({
      host: packet.destination,
      port: packet.destinationPort,
      localAddress: packet.source,
      localPort: packet.sourcePort,
    });
    const finish = (sent: boolean) => {
      socket.destroy();
      resolve(sent);
    };
    // The SYN is on its way at once; nobody is to answer.
    const timer = setTimeout(() => finish(true), 15);
    socket.once('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      finish(error.code === 'ECONNREFUSED');
    });
    socket.once('connect', () => finish(true));
  });
}
