import { isSwanctlName, readSwanctlValue } from '../ike/swanctl-value.ts';
import type { Span } from '../source/index.ts';
import { writesIpsecConf } from './release.ts';
import { isMasked } from './schema/index.ts';
import type { Setting } from './setting.ts';
import type { Peer, Psk, Site } from './site.ts';

/**
 * What keeps every peer of a site from being loaded. `refused`: VyOS does not commit it, in VyOS's own words.
 * `unreadable`: VyOS writes it into swanctl.conf, and swanctl then reads nothing of the file.
 */
export interface SiteFault {
  readonly kind: 'refused' | 'unreadable';
  readonly at: Span;
  readonly path: readonly string[];
  /** What VyOS or swanctl says. */
  readonly log: string;
  /** What is wrong at the place. */
  readonly what: string;
}

/**
 * vpn_ipsec.py, verify, of the psks; swanctl.conf.j2 and peer.j2, which escape nothing, of ids, secrets and the names
 * of psks.
 */
export function faultsOf(site: Site): readonly SiteFault[] {
  // Nothing of swanctl is in 1.2 and 1.3.
  if (writesIpsecConf(site.release)) return [];
  const psks = site.psks.filter(({ path }) => path.includes('psk'));
  return [
    ...psks.flatMap(incomplete),
    ...site.peers
      .filter(({ disabled }) => !disabled)
      .flatMap(idsOf)
      .flatMap(unreadableText),
    ...psks.flatMap(unreadableName),
    ...site.psks.flatMap(unreadableSecret),
  ];
}

function incomplete({ name, at, path, ids, secret }: Psk): readonly SiteFault[] {
  if (ids.length > 0 && secret) return [];
  const log = `Authentication psk "${name}" missing "id" or "secret"`;
  return [{ kind: 'refused', at, path, log, what: `this psk has no ${secret ? 'id' : 'secret'}` }];
}

function idsOf({ authentication: { localId, remoteId } }: Peer): readonly Setting<string>[] {
  return [localId ?? [], remoteId].flat();
}

const unreadable = { kind: 'unreadable', log: "invalid config file '/etc/swanctl/swanctl.conf'" } as const;
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
