import { expect, test } from '@jest/globals';
import { loadConnection } from '../../src/ike/load.ts';
import { daemon, left, nowhere } from './daemons.ts';

const leaf = (value: number) => ({ value, origin: nowhere });

// vici_config.c: rand_time is over_time where it is not set, and at most half of the soft lifetime.
test.each([
  [{}, { rekey: 3600, hard: 3960, jitter: 360 }],
  [{ over_time: leaf(3000) }, { rekey: 3600, hard: 6600, jitter: 1800 }],
  [
    { over_time: leaf(3000), rand_time: leaf(0) },
    { rekey: 3600, hard: 6600, jitter: 0 },
  ],
  [
    { rekey_time: leaf(0), reauth_time: leaf(7200) },
    { rekey: 7200, hard: 7920, jitter: 720 },
  ],
])('the lifetime of an IKE_SA: %j', (times, expected) => {
  const [connection] = daemon(left).connections;
  if (!connection) throw new Error('none');
  const loaded = loadConnection({ ...connection.section, ...times });
  expect('log' in loaded ? loaded.log : loaded.lifetime).toMatchObject(expected);
});
