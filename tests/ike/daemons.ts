/** Daemons made by hand, in the words of swanctl.conf. */
import { type Address, parseAddress } from '../../src/ike/address.ts';
import type { AuthenticationMethod, Childless, Connection, Daemon, Mode } from '../../src/ike/connection.ts';
import { loadConnection, loadSecret } from '../../src/ike/load.ts';
import { type NegotiationRecord, negotiate } from '../../src/ike/negotiate.ts';
import type { Failure, Negotiation } from '../../src/ike/outcome.ts';
import { defaultRetransmission, type Retransmission } from '../../src/ike/retransmission.ts';
import { maskedSecret, secretFromSwanctl } from '../../src/ike/secret.ts';
import type { SharedKey } from '../../src/ike/shared-key.ts';
import type { AuthenticationSection, ChildSection, Leaf, Origin } from '../../src/ike/swanctl-conf.ts';

/** A text that stands for what the dump hides. */
export const hidden = 'xxxxxx';

export function address(text: string): Address {
  const parsed = parseAddress(text);
  if (!parsed) throw new Error(`no address: ${text}`);
  return parsed;
}

/** Of a test nobody asks where it comes from. */
export const nowhere = {} as Origin;

function leaf<T>(value: T): Leaf<T> {
  return { value, origin: nowhere, ...(value === hidden ? { masked: 'hidden' } : {}) };
}

function leaves(text: string): readonly Leaf<string>[] {
  return text === 'default' ? [] : text.split(',').map(leaf);
}

export interface ChildWords {
  readonly espProposals?: string;
  readonly localTs?: string;
  readonly remoteTs?: string;
  readonly mode?: Mode;
}

export interface ConnectionWords {
  readonly version?: 0 | 1 | 2;
  readonly aggressive?: boolean;
  readonly localAddrs?: string;
  readonly remoteAddrs?: string;
  readonly proposals?: string;
  /** Undefined: an end that has none. */
  readonly localId?: string | undefined;
  readonly remoteId?: string;
  readonly localAuth?: AuthenticationMethod;
  readonly remoteAuth?: AuthenticationMethod;
  readonly mobike?: boolean;
  readonly encap?: boolean;
  readonly children?: Readonly<Record<string, ChildWords>>;
  readonly ppkId?: string;
  readonly ppkRequired?: boolean;
  readonly childless?: Childless;
}

export interface DaemonWords {
  /** In the order in which they are loaded. */
  readonly connections: Readonly<Record<string, ConnectionWords>>;
  /** Secret, then the ids that it is for: `['s3cret', 'left', 'right']`. */
  readonly secrets: readonly (readonly [secret: string, ...ids: string[]])[];
  readonly addresses: readonly string[];
  readonly hasOtherAddresses?: true;
  readonly ppks?: DaemonWords['secrets'];
  readonly retransmission?: Retransmission;
  /** `['10.0.0.1', '203.0.113.1']`: a NAT that shows the first as the second. */
  readonly nat?: readonly [inside: string, outside: string];
  readonly inbound?: Daemon['inbound'];
  readonly outbound?: Daemon['outbound'];
}

function child(name: string, words: ChildWords): ChildSection {
  return {
    name,
    shortName: name,
    origin: nowhere,
    esp_proposals: leaves(words.espProposals ?? 'aes256-sha256-modp2048'),
    local_ts: leaves(words.localTs ?? 'dynamic'),
    remote_ts: leaves(words.remoteTs ?? 'dynamic'),
    mode: leaf(words.mode ?? 'tunnel'),
    start_action: leaf('start'),
    rekey_time: leaf(3600),
    life_time: leaf(3960),
  };
}

function authentication(id: string | undefined, auth: AuthenticationMethod = 'psk'): AuthenticationSection {
  return { origin: nowhere, ...(id === undefined ? {} : { id: leaf(id) }), auth: leaf(auth) };
}

function connection(name: string, words: ConnectionWords): Connection {
  const loaded = loadConnection({
    name,
    origin: nowhere,
    version: leaf(words.version ?? 2),
    aggressive: leaf(words.aggressive ?? false),
    vips: [],
    local_addrs: leaves(words.localAddrs ?? '%any'),
    remote_addrs: leaves(words.remoteAddrs ?? '%any'),
    proposals: leaves(words.proposals ?? 'aes256-sha256-modp2048'),
    local: authentication(words.localId, words.localAuth),
    remote: authentication(words.remoteId ?? '%any', words.remoteAuth),
    children: Object.entries(words.children ?? { net: {} }).map(([each, config]) => child(each, config)),
    rekey_time: leaf(3600),
    mobike: leaf(words.mobike ?? true),
    encap: leaf(words.encap ?? false),
    ...(words.ppkId === undefined ? {} : { ppk_id: leaf(words.ppkId) }),
    ppk_required: leaf(words.ppkRequired ?? false),
    childless: leaf(words.childless ?? 'allow'),
  });
  if ('log' in loaded) throw new Error(`${name}: ${loaded.log.join()}`);
  return loaded;
}

function sharedKey([secret, ...ids]: DaemonWords['secrets'][number], index: number): SharedKey {
  return loadSecret({
    name: `ike-${index}`,
    origin: nowhere,
    ids: ids.map(leaf),
    secret: leaf(secret === hidden ? maskedSecret : secretFromSwanctl(secret)),
  });
}

export function daemon(words: DaemonWords): Daemon {
  const [inside, outside] = words.nat ?? [];
  return {
    connections: Object.entries(words.connections).map(([name, each]) => connection(name, each)),
    rejected: [],
    sharedKeys: words.secrets.map(sharedKey),
    ppks: (words.ppks ?? []).map(sharedKey),
    retransmission: words.retransmission ?? defaultRetransmission,
    addresses: words.addresses.map(address),
    ...(words.hasOtherAddresses ? { hasOtherAddresses: true } : {}),
    inbound: words.inbound ?? (() => []),
    outbound: words.outbound ?? (() => []),
    translations: inside && outside ? [{ inside: address(inside), outside: address(outside) }] : [],
  };
}

const children = { net: { localTs: '10.1.0.0/24', remoteTs: '10.2.0.0/24' } };
const mirrored = { net: { localTs: '10.2.0.0/24', remoteTs: '10.1.0.0/24' } };

/** The left of two that agree in everything. */
export const left: DaemonWords = {
  connections: {
    right: {
      localAddrs: '203.0.113.1',
      remoteAddrs: '198.51.100.1',
      localId: 'left',
      remoteId: 'right',
      children,
    },
  },
  secrets: [['s3cret', 'left', 'right']],
  addresses: ['203.0.113.1'],
};

/** And the right. */
export const right: DaemonWords = {
  connections: {
    left: {
      localAddrs: '198.51.100.1',
      remoteAddrs: '203.0.113.1',
      localId: 'right',
      remoteId: 'left',
      children: mirrored,
    },
  },
  secrets: [['s3cret', 'left', 'right']],
  addresses: ['198.51.100.1'],
};

/** With its connection to the other changed. */
export function withConnection(base: DaemonWords, change: ConnectionWords): DaemonWords {
  return {
    ...base,
    connections: Object.fromEntries(
      Object.entries(base.connections).map(([name, words]) => [name, { ...words, ...change }]),
    ),
  };
}

/** With every child of its connection changed. */
export function withChild(base: DaemonWords, change: ChildWords): DaemonWords {
  return {
    ...base,
    connections: Object.fromEntries(
      Object.entries(base.connections).map(([name, words]) => [
        name,
        {
          ...words,
          children: Object.fromEntries(
            Object.entries(words.children ?? {}).map(([each, config]) => [each, { ...config, ...change }]),
          ),
        },
      ]),
    ),
  };
}

/** What becomes of each child of the first connection of `caller` when it calls `answerer`, whose first connection is meant. */
export function call(caller: DaemonWords, answerer: DaemonWords): readonly Negotiation[] {
  return recordsOf(caller, answerer).map(({ negotiation }) => negotiation);
}

/** The record of each. */
export function recordsOf(caller: DaemonWords, answerer: DaemonWords): readonly NegotiationRecord[] {
  const [from = ''] = Object.keys(caller.connections);
  const [to = ''] = Object.keys(answerer.connections);
  return negotiate(
    { side: 'a', daemon: daemon(caller), connection: from },
    { side: 'b', daemon: daemon(answerer), connection: to },
  );
}

/** The one child's. */
export function callOne(caller: DaemonWords, answerer: DaemonWords): Negotiation {
  const [only, ...others] = call(caller, answerer);
  if (!only || others.length > 0) throw new Error('not one child');
  return only;
}

/** A failure in one line: `IKE_AUTH: no-peer-config, AUTHENTICATION_FAILED by responder`. */
export function inWords({ exchange, reason, notify, detectedBy }: Omit<Failure, 'log'>): string {
  return `${exchange ?? 'no exchange'}: ${reason}, ${notify ?? 'no notify'} by ${detectedBy ?? 'nobody'}`;
}

/** A result in one line: as `inWords`, or `established`, or `unknown: why`. */
export function outcome({ result }: Negotiation): string {
  switch (result.outcome) {
    case 'established':
      return 'established';
    case 'unknown':
      return `unknown: ${result.why}`;
    case 'failed':
      return inWords(result);
  }
}

/** All that fails, the first first and then what it hides. */
export function failures(negotiation: Negotiation): readonly string[] {
  return [outcome(negotiation), ...negotiation.hidden.map(inWords)];
}
