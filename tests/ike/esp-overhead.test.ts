import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { espOverhead, innerMtu, segmentSize } from '../../src/ike/esp-overhead.ts';
import { parseProposal } from '../../src/ike/proposal.ts';

function overheadOf(text: string, outer: { readonly family: 4 | 6; readonly udp: boolean }) {
  const parsed = parseProposal('ESP', text);
  if (!parsed.ok) throw new Error(parsed.log);
  return espOverhead(parsed.proposal, outer);
}

/** Worked out by hand from RFC 4303 section 2 and the RFCs of the ciphers. */
test.each([
  // 1500 - 20 - 8 - 16 - 16 = 1440 = 90 x 16; the docs' own example sets 1438.
  ['aes256-sha256', 4, false, 1438],
  // 12 of HMAC-SHA1-96: 1444, 90 x 16 = 1440.
  ['aes128-sha1', 4, false, 1438],
  // 8 more of UDP: 1432, 89 x 16 = 1424.
  ['aes256-sha256', 4, true, 1422],
  // 40 of IPv6: 1420, 88 x 16 = 1408.
  ['aes256-sha256', 6, false, 1406],
  // 1500 - 20 - 8 - 16 - 32 = 1424 = 89 x 16.
  ['aes256-sha512', 4, false, 1422],
  // 1500 - 20 - 8 - 8 - 16 = 1448 = 362 x 4.
  ['aes256gcm128', 4, false, 1446],
  ['aes128gcm128-sha256', 4, false, 1446],
  // An ICV of 8: 1456.
  ['aes128gcm64', 4, false, 1454],
  ['aes128ccm96', 4, false, 1450],
  ['chacha20poly1305', 4, false, 1446],
  // 1500 - 20 - 8 - 8 - 12 = 1452, 181 x 8 = 1448.
  ['3des-sha1', 4, false, 1446],
  // 1500 - 20 - 8 - 0 - 16 = 1456.
  ['null-sha256', 4, false, 1454],
  ['aes128gmac', 4, false, 1446],
  ['aes128ctr-sha256', 4, false, 1446],
] as const)('%s over IPv%d, UDP %s: packets of %d', (text, family, udp, expected) => {
  expect(innerMtu(1500, overheadOf(text, { family, udp }))).toBe(expected);
});

test('the segments of TCP', () => {
  expect([segmentSize(1438, 4), segmentSize(1438, 6)]).toEqual([1398, 1378]);
});

describe('the longest packet', () => {
  test('fits, padded, and one byte more does not', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 576, max: 9000 }),
        fc.constantFrom('aes256-sha256', 'aes128gcm128', '3des-md5', 'null-sha1'),
        fc.constantFrom<4 | 6>(4, 6),
        fc.boolean(),
        (mtu, text, family, udp) => {
          const overhead = overheadOf(text, { family, udp });
          const { outerHeader, udpHeader, espHeader, iv, icv, block } = overhead;
          const sent = (length: number) =>
            outerHeader + udpHeader + espHeader + iv + Math.ceil((length + 2) / block) * block + icv;
          const most = innerMtu(mtu, overhead);
          expect(sent(most)).toBeLessThanOrEqual(mtu);
          expect(sent(most + 1)).toBeGreaterThan(mtu);
        },
      ),
    );
  });
});
