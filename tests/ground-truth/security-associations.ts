/** charon's IKE_SAs and CHILD_SAs, as its vici command list-sas gives them. */
import type { ViciClient, ViciMessage, ViciValue } from './vici.ts';

export interface ChildSa {
  readonly name: string;
  readonly uniqueId: string;
  readonly state: string;
  readonly algorithms: ViciMessage;
  readonly localSelectors: readonly string[];
  readonly remoteSelectors: readonly string[];
  readonly packetsIn: number;
  readonly packetsOut: number;
}

export interface IkeSa {
  /** Of the connection; a responder that has not chosen one yet has none. */
  readonly name: string;
  readonly uniqueId: string;
  readonly version: 1 | 2;
  readonly state: string;
  readonly algorithms: ViciMessage;
  readonly children: readonly ChildSa[];
}

function text(message: ViciMessage, key: string): string {
  const value = message[key];
  return typeof value === 'string' ? value : '';
}

function items(message: ViciMessage, key: string): readonly string[] {
  const value = message[key];
  return Array.isArray(value) ? value : [];
}

function isSection(value: ViciValue | undefined): value is ViciMessage {
  return typeof value === 'object' && !Array.isArray(value);
}

function sections(message: ViciValue | undefined): readonly (readonly [string, ViciMessage])[] {
  if (!isSection(message)) return [];
  return Object.entries(message).flatMap(([key, value]) => (isSection(value) ? [[key, value] as const] : []));
}

export async function listSas(vici: ViciClient): Promise<readonly IkeSa[]> {
  const events = await vici.stream('list-sas', 'list-sa');
  return events.flatMap(sections).map(([name, message]) => ({
    name,
    uniqueId: text(message, 'uniqueid'),
    version: text(message, 'version') === '1' ? 1 : 2,
    state: text(message, 'state'),
    algorithms: message,
    children: sections(message['child-sas']).map(([, child]) => ({
      name: text(child, 'name'),
      uniqueId: text(child, 'uniqueid'),
      state: text(child, 'state'),
      algorithms: child,
      localSelectors: items(child, 'local-ts'),
      remoteSelectors: items(child, 'remote-ts'),
      packetsIn: Number(text(child, 'packets-in')),
      packetsOut: Number(text(child, 'packets-out')),
    })),
  }));
}

export function childSas(sas: readonly IkeSa[]): readonly ChildSa[] {
  return sas.flatMap(({ children }) => children);
}

/** Ends every IKE_SA, half-open ones too, without waiting for the peer; gives how many there were. */
export async function terminateAll(vici: ViciClient): Promise<number> {
  const sas = await listSas(vici);
  for (const { uniqueId } of sas) {
    await vici.command('terminate', { 'ike-id': uniqueId, force: 'yes', timeout: '1000' });
  }
  return sas.length;
}

function encryption(message: ViciMessage): string {
  const size = text(message, 'encr-keysize');
  return [text(message, 'encr-alg'), size].filter(Boolean).join('_');
}

/** strongSwan's spelling of a proposal, put together of its parts. */
export function ikeProposalOf({ algorithms }: IkeSa): string {
  const parts = ['integ-alg', 'prf-alg', 'dh-group'].map((key) => text(algorithms, key));
  return [encryption(algorithms), ...parts].filter(Boolean).join('/');
}

export function espProposalOf({ algorithms }: ChildSa): string {
  const parts = ['integ-alg', 'dh-group'].map((key) => text(algorithms, key));
  const numbers = text(algorithms, 'esn') === '1' ? 'EXT_SEQ' : 'NO_EXT_SEQ';
  return [encryption(algorithms), ...parts, numbers].filter(Boolean).join('/');
}
