import { parseAddress } from '../ike/address.ts';
import { type Proposal, parseProposal } from '../ike/proposal.ts';
import type { Leaf } from '../ike/swanctl-conf.ts';
import type { Fix } from '../lint/finding.ts';
import type { End, LoneEnd } from '../pairing/link.ts';
import { isAnyAddress } from '../vyos/addresses.ts';
import { type Command, deleteCommand, setCommand } from '../vyos/command.ts';
import { nodeOf, settingNamed } from '../vyos/conf-origin.ts';
import type { Refusal } from '../vyos/refusals.ts';
import type { Tunnel } from '../vyos/site.ts';
import { mendOf } from './mend.ts';
import { mirroredTunnel } from './mirrored-tunnel.ts';
import { identitiesOfKey, spellingOf } from './presented-identity.ts';
import { childrenOf } from './tunnels.ts';

/** Ways to mend one thing that is wrong: each a list of commands. Empty where no command mends it. */
type Ways = readonly (readonly Command[])[];

/** What lets charon load a peer that it discards. None where it is a person's to mend. `facing`: where it is known. */
export function mendDiscarded(end: LoneEnd, facing?: LoneEnd): readonly Fix[] {
  const { site, source, loaded } = end;
  const { peer } = source;
  if (peer.disabled) return mendOf(site, [deleteCommand([...peer.path, 'disable'])]);
  // No command puts another secret or id in the place of one.
  if (loaded.refusals.length + loaded.faults.length > 0) return [];
  return discarded(end, facing).flatMap((commands) => mendOf(site, commands));
}

/** The ways to mend what VyOS refuses. None where it is a person's to mend. */
export function mendRefusal(end: End, facing: End, refusal: Refusal): readonly Fix[] {
  return waysFor(end, facing, refusal).flatMap((commands) => mendOf(end.site, commands));
}

function waysFor(end: End, facing: End, refusal: Refusal): Ways {
  const { peer, children } = end.source;
  const { loaded } = end;
  const { kind, tunnel } = refusal;
  switch (kind) {
    case 'local-address-missing':
    case 'transport-without-address':
      return giveLocalAddress(end, facing);
    case 'authentication-missing': {
      const theirs = facing.source.peer.authentication.mode?.value;
      const secret = (theirs ?? 'pre-shared-secret') === 'pre-shared-secret' && loaded.site.psks.length > 0;
      return secret && refusal.peer !== undefined
        ? [[setCommand([...peer.path, 'authentication', 'mode'], 'pre-shared-secret')]]
        : [];
    }
    case 'ike-group-missing':
      return theOnly(loaded.site.ikeGroups, [...refusal.path, 'ike-group']);
    case 'esp-group-missing':
      return theOnly(loaded.site.espGroups, [
        ...(refusal.peer === undefined ? refusal.path : peer.path),
        refusal.peer === undefined ? 'esp-group' : 'default-esp-group',
      ]);
    case 'transport-with-prefixes': {
      if (!tunnel) return [];
      const group = loaded.site.espGroups.get((tunnel.espGroup ?? peer.defaultEspGroup)?.value ?? '');
      const facingUses = facing.source.children.some(({ espGroup }) => espGroup.mode.value === 'transport');
      const toTunnel: Ways = group ? [[setCommand(group.mode.path, 'tunnel')]] : [];
      const toTransport: Ways = [prefixesOf(tunnel)];
      return facingUses ? [...toTransport, ...toTunnel] : [...toTunnel, ...toTransport];
    }
    case 'child-missing':
      return children.length === 0 ? mirrorAll(end, facing) : [];
    case 'psk-incomplete':
      return giveIds(end, facing, refusal.path);
    case 'prf-missing': {
      const own = end.source.ikeGroup?.proposals.some(({ hash }) => hash.path === refusal.path);
      return own
        ? discarded(end, facing)
        : [[setCommand([...refusal.path.slice(0, -1), 'prf'], 'prfsha256')]];
    }
    default:
      return [];
  }
}

/** Names the group where there is but one. */
function theOnly(groups: ReadonlyMap<string, unknown>, path: readonly string[]): Ways {
  const [group, ...more] = groups.keys();
  return group !== undefined && more.length === 0 ? [[setCommand(path, group)]] : [];
}

function prefixesOf({ path, localPrefixes, remotePrefixes }: Tunnel): readonly Command[] {
  return [
    ...(localPrefixes.length > 0 ? [deleteCommand([...path, 'local', 'prefix'])] : []),
    ...(remotePrefixes.length > 0 ? [deleteCommand([...path, 'remote', 'prefix'])] : []),
  ];
}

/** The address that the facing end calls. */
function giveLocalAddress({ source: { peer } }: End, facing: End): Ways {
  const [address, ...others] = facing.source.peer.remoteAddresses;
  if (
    !address ||
    others.length > 0 ||
    parseAddress(address.value) === undefined ||
    isAnyAddress(address.value)
  )
    return [];
  return [[setCommand([...peer.path, 'local-address'], address.value)]];
}

function mirrorAll({ source: { peer } }: End, facing: End): Ways {
  const { tunnels } = facing.source.peer;
  const active = tunnels.filter(({ disabled }) => !disabled);
  if (active.length === 0) return [];
  return [active.flatMap((tunnel) => mirroredTunnel([...peer.path, 'tunnel', tunnel.id], tunnel))];
}

/** A psk without ids is for nobody, and VyOS commits nothing: give it the names of this peer's ends. */
function giveIds(end: End, facing: End, path: readonly string[]): Ways {
  const psk = end.loaded.site.psks.find((other) => other.path.join(' ') === path.join(' '));
  if (!psk?.secret || psk.ids.length > 0) return [];
  const { own, peer } = identitiesOfKey(end, facing);
  const ids = [own?.text, peer?.text].flatMap((text) => text ?? []);
  const spelled = ids.flatMap((id) => spellingOf(id, [end, facing]) ?? []);
  const commands = [...new Set(spelled)].map((id) => setCommand([...path, 'id'], id));
  return commands.length > 0 ? [commands] : [];
}

/** What makes of the proposals that strongSwan cannot read some that it can: of each the first change that does. */
function discarded(end: LoneEnd, facing: LoneEnd | undefined): Ways {
  const espOf = (of: LoneEnd) => childrenOf(of).map(({ esp_proposals }) => esp_proposals);
  // Children of one ESP group have the same proposals, each under a leaf of its own.
  const groups = new Map(espOf(end).map((leaves) => [leaves[0] && nodeOf(leaves[0]).path.join(' '), leaves]));
  const lists = [
    ['IKE', end.section?.proposals ?? [], facing?.section?.proposals ?? []] as const,
    ...[...groups.values()].map((leaves) => ['ESP', leaves, facing ? espOf(facing).flat() : []] as const),
  ];
  const commands = lists.flatMap(([protocol, leaves, models]) => changes(protocol, leaves, models));
  if (commands.length === 0) return [];
  const withoutThem = lists.flatMap(([protocol, leaves]) => removals(protocol, leaves));
  return withoutThem.every((list) => list.length > 0) ? [commands, withoutThem.flat()] : [commands];
}

function isRead(protocol: Proposal['protocol'], { value, implied }: Pick<Leaf<string>, 'value' | 'implied'>) {
  return implied === true || parseProposal(protocol, value).ok;
}

/** Deletes the proposals that are not read, as a list; an empty one where none would be left. */
function removals(protocol: Proposal['protocol'], leaves: readonly Leaf<string>[]): Ways {
  const bad = leaves.filter((leaf) => !isRead(protocol, leaf));
  if (bad.length === 0) return [];
  return [bad.length < leaves.length ? bad.map((leaf) => deleteCommand(nodeOf(leaf).path)) : []];
}

/** The values of the facing end come first, then what is good everywhere. */
function changes(
  protocol: Proposal['protocol'],
  leaves: readonly Leaf<string>[],
  models: readonly Leaf<string>[],
): readonly Command[] {
  const values = (name: string, fallback: string) => [
    ...models.flatMap((model) => settingNamed(model, name)?.value ?? []).map(String),
    fallback,
  ];
  const [ciphers, hashes] = [values('encryption', 'aes256'), values('hash', 'sha256')];
  return leaves
    .filter((leaf) => !isRead(protocol, leaf))
    .flatMap((leaf) => {
      const [encryption, hash] = [settingNamed(leaf, 'encryption'), settingNamed(leaf, 'hash')];
      const [ownCipher = '', ownHash = '', ...rest] = leaf.value.split('-');
      const wishes = [
        ...hashes.map((value) => [ownCipher, value] as const),
        ...ciphers.map((value) => [value, ownHash] as const),
        ...ciphers.flatMap((cipher) => hashes.map((value) => [cipher, value] as const)),
      ];
      const found = wishes.find((wish) => isRead(protocol, { value: [...wish, ...rest].join('-') }));
      if (!found || !encryption || !hash) return [];
      return [
        ...(found[0] === ownCipher ? [] : [setCommand(encryption.path, found[0])]),
        ...(found[1] === ownHash ? [] : [setCommand(hash.path, found[1])]),
      ];
    });
}
