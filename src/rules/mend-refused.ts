import { parseAddress } from '../ike/address.ts';
import { type Proposal, parseProposal } from '../ike/proposal.ts';
import type { Leaf } from '../ike/swanctl-conf.ts';
import type { Fix } from '../lint/finding.ts';
import type { End } from '../pairing/link.ts';
import { espProposals, ikeProposals } from '../strongswan/proposals.ts';
import { isAnyAddress } from '../vyos/addresses.ts';
import { type Command, deleteCommand, setCommand } from '../vyos/command.ts';
import type { Refusal } from '../vyos/refusals.ts';
import type { EspGroup, EspProposal, IkeProposal, Tunnel } from '../vyos/site.ts';
import { mendOf } from './mend.ts';
import { mirroredTunnel } from './mirrored-tunnel.ts';
import { identitiesOfKey, spellingOf } from './presented-identity.ts';

/** Ways to mend one thing that is wrong: each a list of commands. Empty where no command mends it. */
type Ways = readonly (readonly Command[])[];

/** What lets charon load a peer that it discards. None where it is a person's to mend. */
export function mendDiscarded(end: End, facing: End): readonly Fix[] {
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
function discarded({ source: { ikeGroup, children } }: End, facing: End): Ways {
  const ikeModels = facing.source.ikeGroup?.proposals ?? [];
  const espModels = facing.source.children.flatMap(({ espGroup }) => espGroup.proposals);
  const ikeText = (proposal: IkeProposal) =>
    ikeGroup ? textOf(ikeProposals({ ...ikeGroup, proposals: [proposal] })) : '';
  const ike = changes('IKE', ikeGroup?.proposals ?? [], ikeModels, ikeText);
  const groups = new Set(children.map(({ espGroup }) => espGroup));
  const esp = [...groups].flatMap((group) =>
    changes('ESP', group.proposals, espModels, (proposal) => espText(group, proposal)),
  );
  const commands = [...ike, ...esp];
  if (commands.length === 0) return [];
  const withoutThem = [
    ...removals(ikeGroup?.proposals ?? [], (proposal) => isRead('IKE', ikeText(proposal))),
    ...[...groups].flatMap((group) =>
      removals(group.proposals, (proposal) => isRead('ESP', espText(group, proposal))),
    ),
  ];
  return withoutThem.every((list) => list.length > 0) ? [commands, withoutThem.flat()] : [commands];
}

function espText(group: EspGroup, proposal: EspProposal): string {
  return textOf(espProposals({ ...group, proposals: [proposal] }, { ...group.pfs, value: undefined }));
}

function textOf(proposals: readonly Leaf<string>[]): string {
  return proposals.map(({ value }) => value).join();
}

function isRead(protocol: Proposal['protocol'], text: string): boolean {
  return parseProposal(protocol, text).ok;
}

/** Deletes the proposals that are not read, each group's as a list; an empty one where none would be left. */
function removals<P extends IkeProposal | EspProposal>(
  proposals: readonly P[],
  isGood: (proposal: P) => boolean,
): readonly (readonly Command[])[] {
  const bad = proposals.filter((proposal) => !isGood(proposal));
  if (bad.length === 0) return [];
  return [bad.length < proposals.length ? bad.map(({ path }) => deleteCommand(path)) : []];
}

/** The values of the facing end come first, then what is good everywhere. */
function changes<P extends IkeProposal | EspProposal>(
  protocol: Proposal['protocol'],
  proposals: readonly P[],
  models: readonly (IkeProposal | EspProposal)[],
  textOf: (proposal: P) => string,
): readonly Command[] {
  const hashes = [...models.map(({ hash }) => hash.value), 'sha256'];
  const ciphers = [...models.map(({ encryption }) => encryption.value), 'aes256'];
  return proposals
    .filter((proposal) => !isRead(protocol, textOf(proposal)))
    .flatMap((proposal) => {
      const { encryption, hash } = proposal;
      const hashOnly = hashes.map((value) => ({ hash: value, encryption: encryption.value }));
      const cipherOnly = ciphers.map((value) => ({ hash: hash.value, encryption: value }));
      const both = ciphers.flatMap((cipher) => hashes.map((value) => ({ hash: value, encryption: cipher })));
      const found = [...hashOnly, ...cipherOnly, ...both].find((values) =>
        isRead(
          protocol,
          textOf({
            ...proposal,
            encryption: { ...encryption, value: values.encryption },
            hash: { ...hash, value: values.hash },
          }),
        ),
      );
      if (!found) return [];
      return [
        ...(found.encryption === encryption.value ? [] : [setCommand(encryption.path, found.encryption)]),
        ...(found.hash === hash.value ? [] : [setCommand(hash.path, found.hash)]),
      ];
    });
}
