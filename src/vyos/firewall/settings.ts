import { type Setting, settingOf } from '../setting.ts';
import { type ConfigNode, type ConfigTree, child, lastValue, values } from '../tree.ts';

/** The value of a leaf below a node; undefined where it is not set. */
export function setting(
  from: ConfigNode | ConfigTree | undefined,
  ...names: readonly string[]
): Setting<string> | undefined {
  const leaf = child(from, ...names);
  const value = lastValue(leaf);
  return leaf && value ? settingOf(leaf, value) : undefined;
}

/** All values of a leaf below a node. */
export function settings(
  from: ConfigNode | ConfigTree | undefined,
  ...names: readonly string[]
): readonly Setting<string>[] {
  const leaf = child(from, ...names);
  return leaf ? values(leaf).map((value) => settingOf(leaf, value)) : [];
}
