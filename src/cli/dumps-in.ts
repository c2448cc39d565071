import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { constants, gunzipSync } from 'node:zlib';
import { readDump } from '../../grammar/index.ts';
import { sourceFile } from '../source/index.ts';
import { TOP_LEVEL_WORDS } from '../source/top-level-nodes.ts';
import { isFolder, statusOf } from './file-status.ts';
import { explainError, isPacked, textOf } from './read-input.ts';

/** The files that were named, each folder among them replaced by the dumps in it; or why not, a sentence each. */
export type NamedFiles =
  | { readonly kind: 'files'; readonly files: readonly string[] }
  | { readonly kind: 'unclear'; readonly messages: readonly string[] };

/** What VyOS, and those who keep its dumps, call them: such a file is read, whatever it holds. */
const ofDumps = /\.(?:conf|boot|cfg|vyos)(?:\.gz)?$/i;

/** What may be a dump, and is if it holds one. */
const ofTexts = /^[^.]+(?:\.gz)?$|\.(?:txt|set|config|cmds?)(?:\.gz)?$/i;

/** Hidden files, and what `fix --write` and editors keep. */
const passedOver = /^\.|\.orig(?:\.\d+)?$|\.bak$|~$/i;

/** Looks into the folders themselves, not into those below: what is kept there is another network, or another day's. */
export function dumpsIn(files: readonly string[], cwd: string): NamedFiles {
  const messages: string[] = [];
  const named = new Set(files.map((file) => resolve(cwd, file)));
  const all = files.flatMap((file): readonly string[] => {
    if (!isFolder(resolve(cwd, file))) return [file];
    try {
      const { dumps, folders } = contentsOf(file, cwd);
      if (dumps.length === 0) messages.push(noDumps(file, folders));
      return dumps.filter((dump) => !named.has(resolve(cwd, dump)));
    } catch (error) {
      messages.push(`${file}: ${explainError(error)}`);
      return [];
    }
  });
  return messages.length > 0 ? { kind: 'unclear', messages } : { kind: 'files', files: [...new Set(all)] };
}

function contentsOf(
  folder: string,
  cwd: string,
): { readonly dumps: readonly string[]; readonly folders: readonly string[] } {
  const names = readdirSync(resolve(cwd, folder))
    .filter((name) => !passedOver.test(name))
    .toSorted();
  const paths = names.map((name) => join(folder, name));
  return {
    dumps: paths.filter((path) => isDump(path, cwd)),
    folders: paths.filter((path) => isFolder(resolve(cwd, path))),
  };
}

function noDumps(folder: string, [one]: readonly string[]): string {
  const below = one === undefined ? '' : `, or a folder in it, such as ${one}`;
  return `${folder}: no dump stands in this folder; name the dumps, as in "vyos-ipsec-lint siteA.conf siteB.conf"${below}`;
}

function isDump(path: string, cwd: string): boolean {
  const full = resolve(cwd, path);
  if (statusOf(full)?.isFile() !== true) return false;
  return ofDumps.test(path) || (ofTexts.test(path.slice(path.lastIndexOf('/') + 1)) && holdsDump(full));
}

const LOOKED_AT = 64 * 1024;

/** Whether the beginning of a file is more of a dump than of anything else. */
function holdsDump(path: string): boolean {
  try {
    const text = textOf(beginningOf(path));
    // The last line may be cut.
    const { commands, problems } = readDump(
      sourceFile(path, text.slice(0, text.lastIndexOf('\n') + 1) || text),
    );
    const ofVyos = commands.filter(({ path: [top] }) => TOP_LEVEL_WORDS.includes(top?.text ?? ''));
    return ofVyos.length > problems.length;
  } catch {
    return false;
  }
}

function beginningOf(path: string): Buffer {
  const descriptor = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(LOOKED_AT);
    const start = bytes.subarray(0, readSync(descriptor, bytes));
    const rest = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 64 * LOOKED_AT };
    return isPacked(start) ? gunzipSync(start, rest) : start;
  } finally {
    closeSync(descriptor);
  }
}
