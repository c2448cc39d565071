import type { Command, Dump, Word } from '../../grammar/command.ts';
import { span } from '../source/index.ts';
import { DEFAULT_RELEASE, lookupNearest, schemaRoot } from './schema/index.ts';

/**
 * A dump of a part of the configuration with the nodes above it: `show configuration vpn ipsec`, and `show` below
 * `edit vpn ipsec`, print what is in that block without the block. Its nodes have names of their own, so that it can
 * be told. The words that are put before them stand nowhere: their places are empty, at the end of the text.
 */
export function rooted(dump: Dump): Dump {
  if (dump.notation === 'set') return dump;
  const { file } = dump;
  const end = span(file, file.text.length, file.text.length);
  const vpn: Word = { text: 'vpn', quoted: false, at: end };
  const ipsec: Word = { text: 'ipsec', quoted: false, at: end };
  const above = new Map<string, readonly Word[]>();
  for (const name of namesBelow('vpn')) above.set(name, [vpn]);
  for (const name of namesBelow('vpn', 'ipsec')) above.set(name, [vpn, ipsec]);
  for (const name of Object.keys(schemaRoot)) above.delete(name);
  const isBelow = ({ path }: Command) => above.has(path[0]?.text ?? '');
  // A lone word of prose could be one of the names.
  const isBlock = ({ path, at }: Command) =>
    path.length > 1 && path[0] !== undefined && path[0].at.start < at.start;
  if (!dump.commands.some((command) => isBelow(command) && isBlock(command))) return dump;
  const commands = dump.commands.map((command): Command => {
    const words = above.get(command.path[0]?.text ?? '');
    return words === undefined ? command : { ...command, path: [...words, ...command.path] };
  });
  return { ...dump, commands };
}

/** Of all releases. */
function namesBelow(...path: readonly string[]): readonly string[] {
  return Object.keys(lookupNearest(path, DEFAULT_RELEASE)?.children ?? {});
}
