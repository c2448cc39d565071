import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** The largest configurations have some megabytes. */
export const MOST_MEGABYTES = 64;
const MOST_BYTES = MOST_MEGABYTES * 1024 * 1024;
const CHUNK = 1024 * 1024;

/** The file is larger than any that this tool is meant for. */
export const tooLarge = `is larger than ${MOST_MEGABYTES} megabytes, which is no configuration`;

/**
 * The bytes of a file, or of what a descriptor leads to; or why they are not read: a clause without a full stop. A file
 * without an end (/dev/zero) is left when it has given more than a configuration holds. Throws what reading throws.
 */
export function readBounded(file: string | number): Buffer | string {
  const descriptor = typeof file === 'number' ? file : openSync(file, 'r');
  try {
    const stats = fstatSync(descriptor);
    if (stats.isFile() && stats.size > MOST_BYTES) return tooLarge;
    const chunks: Buffer[] = [];
    let length = 0;
    for (;;) {
      const chunk = Buffer.allocUnsafe(stats.isFile() ? Math.max(1, stats.size - length + 1) : CHUNK);
      const count = readSync(descriptor, chunk);
      if (count === 0) return Buffer.concat(chunks, length);
      chunks.push(chunk.subarray(0, count));
      length += count;
      if (length > MOST_BYTES) return tooLarge;
    }
  } finally {
    if (typeof file === 'string') closeSync(descriptor);
  }
}
