import { gunzipSync } from 'node:zlib';

/** The largest configurations have some megabytes. */
const MOST_UNPACKED = 64 * 1024 * 1024;

/** What gzip packed; or why it cannot be had: a clause without a full stop. */
export function unpacked(bytes: Buffer): Buffer | string {
  try {
    return gunzipSync(bytes, { maxOutputLength: MOST_UNPACKED });
  } catch (error) {
    const isTooLarge = error instanceof RangeError;
    return isTooLarge
      ? `unpacks to more than ${MOST_UNPACKED / 1024 / 1024} megabytes, which is no configuration`
      : 'is packed by gzip, and damaged or not complete';
  }
}
