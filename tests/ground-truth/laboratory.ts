/**
 * Two real charons in two network namespaces of this machine, joined by one link. Made after the project's recipe
 * (two-peers.sh): the kernel needs no ESP, as charon runs its own over a TUN device (plugin kernel-libipsec). The
 * firewall marks keep IKE itself out of a tunnel that takes all traffic.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type Address, parseAddress } from '../../src/ike/address.ts';
import type { Side } from '../../src/ike/outcome.ts';
import { type Sender, startSender } from './sender.ts';
import { connectVici, type ViciClient } from './vici.ts';

const run = promisify(execFile);

export const sides: readonly Side[] = ['a', 'b'];

/** The addresses that a router of the laboratory has on the link, with prefix lengths. */
export const linkAddresses: Readonly<Record<Side, readonly string[]>> = {
  a: ['203.0.113.1/24', '203.0.113.2/24', '2001:db8:a::1/64', '2001:db8:a::2/64'],
  b: ['198.51.100.1/24', '198.51.100.2/24', '2001:db8:b::1/64', '2001:db8:b::2/64'],
};

/** One router: its daemon, and a process in its namespace that sends packets. */
export interface Router {
  readonly side: Side;
  readonly vici: ViciClient;
  readonly sender: Sender;
  /** Loads a swanctl.conf in place of all that was loaded; gives what swanctl said. */
  readonly load: (configuration: string) => Promise<string>;
  /** Gives the router addresses of networks behind it, and takes away those it had. */
  readonly setHosts: (addresses: readonly string[]) => Promise<void>;
  /** Puts a firewall before it, as `nft -f` takes it, in place of the one it had; every flow is new to it. */
  readonly setFirewall: (ruleset: string) => Promise<void>;
  /** All that it has: those of its networks, then those on the link. */
  readonly addresses: () => readonly Address[];
  /** A place in the log, for `logSince`. */
  readonly logMark: () => number;
  readonly logSince: (mark: number) => readonly string[];
}

export interface Laboratory {
  readonly routers: Readonly<Record<Side, Router>>;
  readonly close: () => Promise<void>;
}

const plugins =
  'random nonce aes sha1 sha2 md5 pem pkcs1 pkcs8 x509 pubkey revocation constraints openssl gcrypt gmp curve25519 ' +
  'chapoly xcbc cmac hmac kdf ctr ccm gcm drbg kernel-libipsec kernel-netlink socket-default vici updown counters';

function daemonConfiguration(directory: string): string {
  return `charon {
  load = ${plugins}
  install_routes = no
  retransmit_timeout = 0.4
  retransmit_tries = 1
  retransmit_base = 1.0
  plugins {
    vici { socket = unix://${directory}/charon.vici }
    kernel-libipsec { allow_peer_ts = yes }
    kernel-netlink { fwmark = !0x42 }
    socket-default { fwmark = 0x42 }
  }
  filelog { log { path = ${directory}/charon.log
    default = 1
    ike = 2
    cfg = 2
    flush_line = yes } }
}
`;
}

/**
 * Makes the namespaces and runs the daemons until its input ends, as it does with the process that started it,
 * whatever becomes of that one; then takes everything away. The second IPv6
 * address is never chosen as a source by itself. Without /etc/services ports are logged as numbers.
 */
const keeperScript = `
for side in a b; do ip netns add $TAG-$side && ip -n $TAG-$side link set lo up; done
ip link add v$NUMBER-a netns $TAG-a type veth peer name v$NUMBER-b netns $TAG-b
assign() { ip -n $TAG-$1 address add $2 dev v$NUMBER-$1 $3 preferred_lft $4; }
for address in $ADDRESSES_A; do case $address in
  *:*::2/*) assign a $address nodad 0 ;; *:*) assign a $address nodad forever ;; *) assign a $address '' forever ;;
esac; done
for address in $ADDRESSES_B; do case $address in
  *:*::2/*) assign b $address nodad 0 ;; *:*) assign b $address nodad forever ;; *) assign b $address '' forever ;;
esac; done
for side in a b; do
  ip -n $TAG-$side link set v$NUMBER-$side up
  ip -n $TAG-$side route add default dev v$NUMBER-$side
  ip -n $TAG-$side -6 route add default dev v$NUMBER-$side
done
pids=
for side in a b; do
  STRONGSWAN_CONF=$DIRECTORY/$side/strongswan.conf ip netns exec $TAG-$side unshare -m sh -c \\
    'mount -t tmpfs tmpfs /run; mount --bind /dev/null /etc/services; exec $CHARON' </dev/null >/dev/null 2>&1 &
  pids="$pids $!"
done
echo started
cat >/dev/null
kill $pids 2>/dev/null
( sleep 3; kill -9 $pids 2>/dev/null ) & guard=$!
wait $pids
kill $guard 2>/dev/null
for side in a b; do ip netns del $TAG-$side; done
rm -rf $DIRECTORY
`;

export const charonPath = '/usr/lib/ipsec/charon';

/** Starts both daemons, under names that no other laboratory has. */
export async function startLaboratory(): Promise<Laboratory> {
  const number = randomBytes(3).toString('hex');
  const tag = `ipsec-lab-${number}`;
  const directory = mkdtempSync(join(tmpdir(), `${tag}-`));
  for (const side of sides) {
    mkdirSync(join(directory, side));
    writeFileSync(join(directory, side, 'strongswan.conf'), daemonConfiguration(join(directory, side)));
  }
  const keeper = spawn('sh', ['-c', keeperScript], {
    env: {
      ...process.env,
      TAG: tag,
      NUMBER: number,
      DIRECTORY: directory,
      CHARON: charonPath,
      ADDRESSES_A: linkAddresses.a.join(' '),
      ADDRESSES_B: linkAddresses.b.join(' '),
    },
    // Its own process group: an interrupt from the terminal must not end it before it has cleaned up.
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => keeper.once('exit', () => resolve()));
  const close = () => {
    keeper.stdin.end();
    return ended;
  };
  try {
    await started(keeper);
    const opened = sides.map((side) => openRouter(side, `${tag}-${side}`, join(directory, side)));
    const [a, b] = await Promise.all(opened);
    if (!a || !b) throw new Error('a laboratory has two routers');
    return {
      routers: { a, b },
      close: async () => {
        for (const { vici, sender } of [a, b]) {
          vici.close();
          sender.close();
        }
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function started(keeper: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    keeper.stdout?.once('data', () => resolve());
    keeper.once('error', reject);
    keeper.once('exit', () => reject(new Error('the network namespaces could not be made')));
  });
}

async function openRouter(side: Side, namespace: string, directory: string): Promise<Router> {
  const socket = join(directory, 'charon.vici');
  const log = join(directory, 'charon.log');
  // Ten seconds.
  for (let tries = 0; !existsSync(socket); tries += 1) {
    if (tries === 500) throw new Error(`charon did not start in ${namespace}`);
    await sleep(20);
  }
  const vici = await connectVici(socket);
  let hosts: readonly string[] = [];
  let wall = '';
  return {
    side,
    vici,
    sender: startSender(namespace),
    load: async (configuration) => {
      const file = join(directory, 'swanctl.conf');
      writeFileSync(file, configuration);
      const connections = await vici.command('get-conns');
      const names = Array.isArray(connections.conns) ? connections.conns : [];
      for (const name of names) await vici.command('unload-conn', { name });
      const environment = { ...process.env, STRONGSWAN_CONF: join(directory, 'strongswan.conf') };
      const swanctl = ['--load-all', '--clear', '--file', file, '--uri', `unix://${socket}`];
      const said = await run('swanctl', swanctl, { env: environment }).catch(
        (error: { stdout?: string; stderr?: string }) => error,
      );
      return `${said.stdout ?? ''}${said.stderr ?? ''}`.replaceAll(file, '/etc/swanctl/swanctl.conf');
    },
    setHosts: async (addresses) => {
      const wanted = [...new Set(addresses)];
      const line = (verb: 'add' | 'del', host: string) =>
        `address ${verb} ${host}/${host.includes(':') ? 128 : 32} dev lo`;
      const commands = [
        ...hosts.filter((host) => !wanted.includes(host)).map((host) => line('del', host)),
        ...wanted.filter((host) => !hosts.includes(host)).map((host) => line('add', host)),
      ];
      hosts = wanted;
      if (commands.length === 0) return;
      const ip = run('ip', ['-n', namespace, '-force', '-batch', '-']);
      ip.child.stdin?.end(`${commands.join('\n')}\n`);
      await ip;
    },
    setFirewall: async (ruleset) => {
      if (ruleset === '' && wall === '') return;
      wall = ruleset;
      const nft = run('ip', ['netns', 'exec', namespace, 'nft', '-f', '-']);
      nft.child.stdin?.end(`flush ruleset\n${ruleset}`);
      await nft;
      await run('ip', ['netns', 'exec', namespace, 'conntrack', '-F']);
    },
    addresses: () =>
      [...hosts, ...linkAddresses[side].map((address) => address.split('/')[0] ?? '')].flatMap(
        (address) => parseAddress(address) ?? [],
      ),
    logMark: () => (existsSync(log) ? statSync(log).size : 0),
    logSince: (mark) => readFrom(log, mark).split('\n').filter(Boolean),
  };
}

function readFrom(path: string, offset: number): string {
  const size = statSync(path).size;
  const bytes = Buffer.alloc(Math.max(0, size - offset));
  const file = openSync(path, 'r');
  try {
    readSync(file, bytes, 0, bytes.length, offset);
  } finally {
    closeSync(file);
  }
  return bytes.toString('utf8');
}
