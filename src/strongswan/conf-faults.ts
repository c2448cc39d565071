import type { Leaf, Origin, SharedSecretSection, SwanctlConf } from '../ike/swanctl-conf.ts';
import { isSwanctlName, readSwanctlValue } from '../ike/swanctl-value.ts';
import type { Span } from '../source/index.ts';
import { settingOfOrigin } from '../vyos/conf-origin.ts';

/** What VyOS writes into swanctl.conf, and for which swanctl then reads nothing of the file: no peer is loaded. */
export interface ConfFault {
  readonly at: Span;
  readonly path: readonly string[];
  /** What swanctl says. */
  readonly log: string;
  /** What is wrong at the place. */
  readonly what: string;
}

/** VyOS escapes nothing of ids, secrets and the names of secrets (swanctl.conf.j2, peer.j2). */
export function faultsOf({ connections, secrets }: SwanctlConf): readonly ConfFault[] {
  return [
    ...connections
      .flatMap(({ local, remote, ppk_id }) => [local.id ?? [], remote.id ?? [], ppk_id ?? []].flat())
      .flatMap(unreadableText),
    ...[...secrets.ike, ...secrets.ppk].flatMap(ofSecret),
  ];
}

function fault(origin: Origin, what: string): ConfFault {
  const { path, origin: place } = settingOfOrigin(origin);
  return { log: "invalid config file '/etc/swanctl/swanctl.conf'", at: place.at, path, what };
}

const openString = 'a quote or a last backslash, which VyOS does not escape';

function unreadableText({ value, masked, origin }: Leaf<string>): readonly ConfFault[] {
  return masked || readSwanctlValue(value) !== undefined ? [] : [fault(origin, openString)];
}

function ofSecret({ name, origin, ids, secret }: SharedSecretSection): readonly ConfFault[] {
  const character = /[#{}:.,="\s]/.exec(name)?.[0];
  const what = `a psk cannot have ${character === '.' ? 'a dot' : 'this'} in its name`;
  return [
    ...(isSwanctlName(name) ? [] : [fault(origin, what)]),
    ...ids.flatMap(unreadableText),
    ...(secret.value.kind === 'unreadable' ? [fault(secret.origin, openString)] : []),
  ];
}
