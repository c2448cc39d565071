import { gunzipSync } from 'node:zlib';
import { MOST_MEGABYTES } from './read-bounded.ts';

const MOST_UNPACKED = MOST_MEGABYTES * 1024 * 1024;

/** What gzip packed; or why it cannot be had: a clause without a full stop. */
export function unpacked(bytes: Buffer): Buffer | string {
  try {
    return gunzipSync(bytes, { maxOutputLength: MOST_UNPACKED });
  } catch (error) {
    const isTooLarge = error instanceof RangeError;
    return isTooLarge
      ? `unpacks to more than ${MOST_MEGABYTES} megabytes, which is no configuration`
      : 'is packed by gzip, and damaged or not complete';
  }
}
