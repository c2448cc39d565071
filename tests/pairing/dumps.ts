/** Small dumps to change: what a test says of a site, in the words of VyOS. */
import { readSetDump } from '../../grammar/index.ts';
import { type Span, sourceFile, textOf } from '../../src/source/index.ts';
import { type LoadedSite, loadSite } from '../../src/strongswan/load-site.ts';
import { readSite } from '../../src/vyos/read-site.ts';
import type { Release } from '../../src/vyos/schema/index.ts';
import type { Setting } from '../../src/vyos/setting.ts';
import type { Peer, Site } from '../../src/vyos/site.ts';

export const PEER = 'vpn ipsec site-to-site peer P';

/** A peer that is complete, with one tunnel. */
export const plain = [
  'set vpn ipsec ike-group I key-exchange ikev2',
  'set vpn ipsec ike-group I proposal 1 dh-group 14',
  'set vpn ipsec ike-group I proposal 1 encryption aes256',
  'set vpn ipsec ike-group I proposal 1 hash sha256',
  'set vpn ipsec esp-group E proposal 1 encryption aes256',
  'set vpn ipsec esp-group E proposal 1 hash sha256',
  'set vpn ipsec authentication psk K id left',
  'set vpn ipsec authentication psk K id right',
  "set vpn ipsec authentication psk K secret 's3cret'",
  `set ${PEER} authentication mode pre-shared-secret`,
  `set ${PEER} authentication local-id left`,
  `set ${PEER} authentication remote-id right`,
  `set ${PEER} ike-group I`,
  `set ${PEER} default-esp-group E`,
  `set ${PEER} local-address 203.0.113.1`,
  `set ${PEER} remote-address 198.51.100.1`,
  `set ${PEER} tunnel 1 local prefix 10.1.0.0/24`,
  `set ${PEER} tunnel 1 remote prefix 10.2.0.0/24`,
] as const;

/** Without the lines that hold one of the texts. */
export function without(lines: readonly string[], ...texts: readonly string[]): readonly string[] {
  return lines.filter((line) => !texts.some((text) => line.includes(text)));
}

export function siteOf(lines: readonly string[], release?: Release): Site {
  return readSite('a', readSetDump(sourceFile('a.conf', lines.join('\n'))), release);
}

export function loadedOf(lines: readonly string[]): LoadedSite {
  return loadSite(siteOf(lines));
}

/** The one peer. */
export function peerOf(lines: readonly string[]): Peer {
  const [peer, ...others] = siteOf(lines).peers;
  if (!peer || others.length > 0) throw new Error('not one peer');
  return peer;
}

/** A setting in one line: `14 (set: 'dh-group 14')`, `sha1 (default of proposal 1)`. */
export function told(setting: Setting<unknown> | undefined): string {
  if (!setting) return 'nothing';
  const { value, origin } = setting;
  const where = textOf(origin.at);
  return origin.kind === 'default' ? `${value} (default of ${where})` : `${value} (${origin.kind}: ${where})`;
}

export function lineOf(at: Span): number {
  return at.file.text.slice(0, at.start).split('\n').length;
}
