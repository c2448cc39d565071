import type { Leaf } from '../ike/swanctl-conf.ts';
import type { Location } from '../lint/finding.ts';
import type { LoneEnd } from '../pairing/link.ts';
import type { Span } from '../source/index.ts';
import { isNode, settingOfOrigin } from '../vyos/conf-origin.ts';
import type { Refusal } from '../vyos/refusals.ts';
import type { Origin, Setting } from '../vyos/setting.ts';

/** `group 14`; `not set: default 2`; or how the value follows from what stands there. */
export function describeOrigin(origin: Origin, text: string): string {
  switch (origin.kind) {
    case 'set':
      return text;
    case 'default':
      return `not set: default ${origin.release ? `of VyOS ${origin.release}: ` : ''}${text}`;
    case 'derived':
      return origin.how;
  }
}

/** The place of a setting, with its value as the label or with more than that. */
export function locate(site: number, setting: Setting<unknown>, label?: string): Location {
  return {
    site,
    at: setting.origin.at,
    path: setting.path,
    value: setting.text,
    origin: setting.origin.kind,
    label: label ?? describeOrigin(setting.origin, setting.text ?? ''),
  };
}

/** The place of a leaf of what strongSwan is given. */
export function locateLeaf(site: number, { origin }: Leaf<unknown>, label?: string): Location {
  return locate(site, settingOfOrigin(origin), label);
}

/** The place of the setting that a leaf comes from; where none is set, the node that lacks it, labelled `absent`. */
export function locateSet(
  { site, origin }: Pick<LoneEnd, 'site' | 'origin'>,
  leaf: Leaf<unknown> | undefined,
  absent: string,
): Location {
  const setting = settingOfOrigin(leaf?.origin ?? origin);
  return locate(site, setting, isNode(setting) ? absent : undefined);
}

/** The path of the peer of an end, or of what stands below it. */
export function peerPath(
  { origin }: Pick<LoneEnd, 'origin'>,
  ...below: readonly string[]
): readonly string[] {
  return [...settingOfOrigin(origin).path, ...below];
}

/** The place of the peer of an end. */
export function locatePeer({ site, origin }: Pick<LoneEnd, 'site' | 'origin'>, label: string): Location {
  return locate(site, settingOfOrigin(origin), label);
}

/** The place of a node: a peer, a tunnel, a group. */
export function locateNode(
  site: number,
  node: { readonly at: Span; readonly path: readonly string[] },
  label: string,
): Location {
  return { site, at: node.at, path: node.path, value: null, origin: 'set', label };
}

/** The place of what VyOS refuses. */
export function locateRefusal(site: number, { at, path, value, label }: Refusal): Location {
  return { site, at, path, value, origin: 'set', label };
}
