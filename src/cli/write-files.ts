import { appendFileSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { explainError } from './read-input.ts';

/** A text and the file that it is to be. */
export interface Written {
  readonly file: string;
  readonly text: string;
}

/**
 * Writes each file whole or not at all, so that whoever reads it meanwhile sees the old one or the new one. Gives one
 * sentence for each that could not be written.
 */
export async function writeWhole(files: readonly Written[], cwd: string): Promise<readonly string[]> {
  const results = await Promise.all(
    files.map(async ({ file, text }) => {
      const path = resolve(cwd, file);
      try {
        // A device or a pipe (/dev/stdout) cannot be put in the place of another file.
        if (isSpecial(path)) await writeFile(path, text);
        else await writeFileAtomic(path, text);
        return [];
      } catch (error) {
        return [`${file}: cannot be written: ${whyNot(error)}`];
      }
    }),
  );
  return results.flat();
}

/** Adds to a file, as GitHub wants it for $GITHUB_STEP_SUMMARY, or says why it could not. */
export function append({ file, text }: Written): readonly string[] {
  try {
    appendFileSync(file, text);
    return [];
  } catch (error) {
    return [`${file}: cannot be written: ${whyNot(error)}`];
  }
}

function isSpecial(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats !== undefined && !stats.isFile() && !stats.isDirectory();
}

function whyNot(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOENT' ? 'its folder is not there' : explainError(error);
}
