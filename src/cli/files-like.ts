import { type Dirent, type PathLike, readdirSync } from 'node:fs';
import { globSync } from 'tinyglobby';

/** A network of a thousand sites has no more than some of these; a pattern that begins at the root of a disk has. */
const MOST_ENTRIES = 10_000;

/** The files that a pattern stands for, in the order of their names; or that it looks at too many to be meant. */
export type FilesLike =
  | { readonly kind: 'found'; readonly files: readonly string[] }
  | { readonly kind: 'too-many'; readonly why: string };

/** The files below a folder that are named like a pattern, relative to the folder. */
export function filesLike(pattern: string, folder: string): FilesLike {
  let entries = 0;
  // The walk goes on where a folder cannot be read, and so it would where this throws.
  const counted = (path: PathLike, options: { withFileTypes: true }): Dirent[] => {
    if (entries > MOST_ENTRIES) return [];
    const found = readdirSync(path, options);
    entries += found.length;
    return found;
  };
  const files = globSync(pattern, {
    cwd: folder,
    absolute: false,
    expandDirectories: false,
    fs: { readdirSync: counted as typeof readdirSync },
  });
  if (entries <= MOST_ENTRIES) return { kind: 'found', files: files.toSorted() };
  const why = `it looks at more than ${MOST_ENTRIES} files and folders: begin it with the folder of the dumps, as in "dumps/*.conf"`;
  return { kind: 'too-many', why };
}
