/** How strongSwan reads bytes that are written as text: in pre-shared keys and in identities. */

const colon = 0x3a;

/**
 * As chunk.c, chunk_from_hex reads it: a leading `0x` is skipped, the digits count from the right (so an odd one
 * stands alone at the head), colons may part the bytes, and what is no digit counts as 0.
 */
export function fromHex(text: Buffer): Buffer {
  const digits = text.subarray(0, 2).toString('latin1') === '0x' ? text.subarray(2) : text;
  const count = digits.filter((byte) => byte !== colon).length;
  const read = Buffer.alloc(Math.ceil(count / 2));
  const nibble = (at: number) => Number.parseInt(String.fromCharCode(digits[at] ?? 0x30), 16) || 0;
  let at = digits.length;
  for (let index = read.length - 1; index >= 0; index -= 1) {
    at -= digits[at - 1] === colon ? 2 : 1;
    const low = nibble(at);
    if (index > 0 || count % 2 === 0) at -= 1;
    read[index] = low | (index > 0 || count % 2 === 0 ? nibble(at) << 4 : 0);
  }
  return read;
}

/** As chunk.c, chunk_from_base64 reads it: in groups of four, of which an incomplete one at the end is lost. */
export function fromBase64(text: Buffer): Buffer {
  const groups = Math.floor(text.length / 4);
  const read = Buffer.alloc(groups * 3);
  let length = 0;
  for (let group = 0; group < groups; group += 1) {
    const at = (place: number) => sextet(text[group * 4 + place] ?? 0);
    const [a, b, c, d] = [at(0), at(1), at(2), at(3)];
    length += 3;
    for (let place = 0; place < 4; place += 1) if (text[group * 4 + place] === 0x3d) length -= 1;
    read.set([((a << 2) | (b >> 4)) & 255, ((b << 4) | (c >> 2)) & 255, ((c << 6) | d) & 255], group * 3);
  }
  return read.subarray(0, Math.max(0, length));
}

const sextets = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Both alphabets of base64 are taken; a character of neither counts as 255. */
function sextet(byte: number): number {
  const character = String.fromCharCode(byte);
  if (character === '+' || character === '-') return 62;
  if (character === '/' || character === '_') return 63;
  if (character === '=') return 0;
  const value = sextets.indexOf(character);
  return value < 0 ? 255 : value;
}
