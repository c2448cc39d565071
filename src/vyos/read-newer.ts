/**
 * Reads what the releases since 2025 add to `vpn ipsec`: post-quantum preshared keys and `childless` (vyos-1x PR 4930,
 * T8136), `unique` (PR 5475, T8952). Where the nodes stand they count: an older release refuses them before they come to
 * anything.
 */
import type { Secret } from '../ike/secret.ts';
import { among } from './leaves.ts';
import { isAtLeast, type Release } from './schema/index.ts';
import { placeOfNode, type Setting, settingAt, settingsAt } from './setting.ts';
import type { Peer, Ppk, PpkUse } from './site.ts';
import { type ConfigNode, child, lastValue, pathOf, tagNodes } from './tree.ts';

/** How a secret is read: its setting, and the `secret-type` beside it. */
type ReadSecret = (setting: Setting<string> | undefined, type?: string) => Setting<Secret> | undefined;

/** `authentication ppk` of a peer. */
export function readPpkUse(node: ConfigNode | undefined): PpkUse | undefined {
  if (!node) return undefined;
  const required = child(node, 'required');
  const at = required ? required.first.word.at : placeOfNode(node);
  return {
    at: placeOfNode(node),
    path: pathOf(node),
    id: settingAt(node, 'id'),
    required: {
      value: required !== undefined,
      text: null,
      origin: { kind: required ? 'set' : 'default', at },
      path: [...pathOf(node), 'required'],
    },
  };
}

/** `authentication ppk`. */
export function readPpks(ipsec: ConfigNode | undefined, readSecret: ReadSecret): readonly Ppk[] {
  return tagNodes(child(ipsec, 'authentication', 'ppk')).map((node) => {
    return {
      name: node.name,
      at: placeOfNode(node),
      path: pathOf(node),
      ids: settingsAt(node, 'id'),
      secret: readSecret(settingAt(node, 'secret'), lastValue(child(node, 'secret-type'))?.value),
    };
  });
}

/**
 * The peer's own `unique`, or what `disable-uniqreqids` says for all: 1.4 and the first of 1.5 read that one and write
 * nothing of it (vyos-1x PR 4637, T7562).
 */
export function readUnique(
  ipsec: ConfigNode | undefined,
  peer: ConfigNode,
  release: Release,
): Peer['unique'] {
  const own = among(['never', 'keep', 'replace'], settingAt(peer, 'unique'));
  const forAll = child(ipsec, 'disable-uniqreqids');
  if (own || !forAll || !isAtLeast(release, '1.5')) return own;
  return {
    value: 'never',
    text: null,
    origin: { kind: 'derived', at: forAll.first.word.at, how: 'disable-uniqreqids stands for unique never' },
    path: pathOf(forAll),
  };
}
