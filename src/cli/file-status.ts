import { type Stats, statSync } from 'node:fs';

/** What the system knows of a file; undefined for one that is not there, or cannot be looked at, as a link to itself. */
export function statusOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

export function isFolder(path: string): boolean {
  return statusOf(path)?.isDirectory() === true;
}
