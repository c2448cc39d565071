/** The way back from a leaf of what strongSwan is given to the settings that it was written from. */
import type { Leaf, Origin } from '../ike/swanctl-conf.ts';
import type { Span } from '../source/index.ts';
import { isMasked } from './schema/index.ts';
import type { Setting } from './setting.ts';

type Settings = readonly [Setting<unknown>, ...Setting<unknown>[]];

/** An origin made of the settings that decide a leaf, the one to point at first. */
export function originOf(first: Setting<unknown>, ...others: readonly Setting<unknown>[]): Origin {
  const settings: Settings = [first, ...others];
  return settings as unknown as Origin;
}

/** All settings that a leaf was made of: of a proposal its algorithms, and the Diffie-Hellman group or `pfs`. */
export function settingsOfOrigin(origin: Origin): Settings {
  return origin as unknown as Settings;
}

/** The setting to point at: the first of `settingsOfOrigin`. */
export function settingOfOrigin(origin: Origin): Setting<unknown> {
  return settingsOfOrigin(origin)[0];
}

/** A node of the configuration as an origin has it: a section comes from a node, or a leaf from its being there. */
export function nodeSetting({
  at,
  path,
}: {
  readonly at: Span;
  readonly path: readonly string[];
}): Setting<undefined> {
  return { value: undefined, text: null, origin: { kind: 'set', at }, path };
}

/** Whether what a leaf was made of is the node of a peer, a tunnel or a group, and no value: nothing else is set. */
export function isNode({ value, text, origin }: Setting<unknown>): boolean {
  return value === undefined && text === null && origin.kind === 'set';
}

/** The node among what a leaf was made of: of a proposal its own. */
export function nodeOf({ origin }: Leaf<unknown>): Setting<unknown> {
  return settingsOfOrigin(origin).find(isNode) ?? settingOfOrigin(origin);
}

/** The setting of that name among those that a leaf was made of. */
export function settingNamed({ origin }: Leaf<unknown>, name: string): Setting<unknown> | undefined {
  return settingsOfOrigin(origin).find((setting) => !isNode(setting) && setting.path.at(-1) === name);
}

/** A leaf that is not written, with the settings that would change it. */
export function impliedLeaf<T>(
  value: T,
  first: Setting<unknown>,
  ...others: readonly Setting<unknown>[]
): Leaf<T> {
  return { value, origin: originOf(first, ...others), implied: true };
}

/** A leaf whose value is worked out from a setting, or from several. */
export function leafOf<T>(
  value: T,
  first: Setting<unknown>,
  ...others: readonly Setting<unknown>[]
): Leaf<T> {
  const leaf = { value, origin: originOf(first, ...others) };
  const masked = [first, ...others].some(
    (setting) => typeof setting.value === 'string' && isMasked(setting.value),
  );
  return masked ? { ...leaf, masked: 'hidden' } : leaf;
}
