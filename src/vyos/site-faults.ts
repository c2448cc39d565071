import { isSwanctlName, readSwanctlValue } from '../ike/swanctl-value.ts';
import type { Span } from '../source/index.ts';
import { writesIpsecConf } from './release.ts';
import { isMasked } from './schema/index.ts';
import type { Setting } from './setting.ts';
import type { Peer, Psk, Site } from './site.ts';

/** What VyOS writes into swanctl.conf, and for which swanctl then reads nothing of the file: no peer is loaded. */
export interface SiteFault {
  readonly at: Span;
  readonly path: readonly string[];
  /** What swanctl says. */
  readonly log: string;
  /** What is wrong at the place. */
  readonly what: string;
}

/** swanctl.conf.j2 and peer.j2, which escape nothing, of ids, secrets and the names of psks. */
export function faultsOf(site: Site): readonly SiteFault[] {
  // Nothing of swanctl is in 1.2 and 1.3.
  if (writesIpsecConf(site.release)) return [];
  const psks = site.psks.filter(({ path }) => path.includes('psk'));
  return [
    ...site.peers
      .filter(({ disabled }) => !disabled)
      .flatMap(idsOf)
      .flatMap(unreadableText),
    ...psks.flatMap(unreadableName),
    ...site.psks.flatMap(unreadableSecret),
  ];
}

function idsOf({ authentication: { localId, remoteId } }: Peer): readonly Setting<string>[] {
  return [localId ?? [], remoteId].flat();
}

const unreadable = { log: "invalid config file '/etc/swanctl/swanctl.conf'" } as const;
const openString = 'a quote or a last backslash, which VyOS does not escape';

function unreadableText({ value, origin, path }: Setting<string>): readonly SiteFault[] {
  if (isMasked(value) || readSwanctlValue(value) !== undefined) return [];
  return [{ ...unreadable, at: origin.at, path, what: openString }];
}

function unreadableName({ name, at, path, ids }: Psk): readonly SiteFault[] {
  const what = `a psk cannot have ${/[#{}:.,="\s]/.exec(name)?.[0] === '.' ? 'a dot' : 'this'} in its name`;
  const ofName: readonly SiteFault[] = isSwanctlName(name) ? [] : [{ ...unreadable, at, path, what }];
  return [...ofName, ...ids.flatMap(unreadableText)];
}

function unreadableSecret({ secret }: Psk): readonly SiteFault[] {
  if (secret?.value.kind !== 'unreadable') return [];
  return [{ ...unreadable, at: secret.origin.at, path: secret.path, what: openString }];
}
