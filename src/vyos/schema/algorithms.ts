import type { ValueRule } from './node.ts';

/**
 * The algorithms a proposal takes since 1.3 (the first with the whole list) up to today:
 * vyos-1x include/vpn-ipsec-encryption.xml.i and vpn-ipsec-hash.xml.i (sagitta, circinus, current);
 * vyatta-cfg-vpn esp-group/node.tag/proposal (equuleus). The same lists serve IKE and ESP.
 */
const ENCRYPTION = [
  'null',
  ...['aes128', 'aes192', 'aes256'],
  ...['aes128ctr', 'aes192ctr', 'aes256ctr'],
  ...['aes128ccm64', 'aes192ccm64', 'aes256ccm64'],
  ...['aes128ccm96', 'aes192ccm96', 'aes256ccm96'],
  ...['aes128ccm128', 'aes192ccm128', 'aes256ccm128'],
  ...['aes128gcm64', 'aes192gcm64', 'aes256gcm64'],
  ...['aes128gcm96', 'aes192gcm96', 'aes256gcm96'],
  ...['aes128gcm128', 'aes192gcm128', 'aes256gcm128'],
  ...['aes128gmac', 'aes192gmac', 'aes256gmac'],
  '3des',
  ...['blowfish128', 'blowfish192', 'blowfish256'],
  ...['camellia128', 'camellia192', 'camellia256'],
  ...['camellia128ctr', 'camellia192ctr', 'camellia256ctr'],
  ...['camellia128ccm64', 'camellia192ccm64', 'camellia256ccm64'],
  ...['camellia128ccm96', 'camellia192ccm96', 'camellia256ccm96'],
  ...['camellia128ccm128', 'camellia192ccm128', 'camellia256ccm128'],
  ...['serpent128', 'serpent192', 'serpent256'],
  ...['twofish128', 'twofish192', 'twofish256'],
  'cast128',
  'chacha20poly1305',
] as const;

const HASHES = [
  ...['md5', 'md5_128', 'sha1', 'sha1_160', 'sha256', 'sha256_96', 'sha384', 'sha512'],
  ...['aesxcbc', 'aescmac', 'aes128gmac', 'aes192gmac', 'aes256gmac'],
] as const;

/** strongSwan's keywords for VyOS's numbers, which are IANA's (vyos-1x template.py, pfs_lut). */
export const dhGroupKeywords: ReadonlyMap<string, string> = new Map([
  ...Object.entries({ 1: 'modp768', 2: 'modp1024', 5: 'modp1536', 14: 'modp2048', 15: 'modp3072' }),
  ...Object.entries({ 16: 'modp4096', 17: 'modp6144', 18: 'modp8192', 19: 'ecp256', 20: 'ecp384' }),
  ...Object.entries({ 21: 'ecp521', 22: 'modp1024s160', 23: 'modp2048s224', 24: 'modp2048s256' }),
  ...Object.entries({ 25: 'ecp192', 26: 'ecp224', 27: 'ecp224bp', 28: 'ecp256bp', 29: 'ecp384bp' }),
  ...Object.entries({ 30: 'ecp512bp', 31: 'curve25519', 32: 'curve448' }),
]);

const DH_GROUPS = [...dhGroupKeywords.keys()];
/** Without 1 and 27 to 32: vyatta-cfg-vpn crux. */
const DH_GROUPS_1_2 = DH_GROUPS.filter((group) => group !== '1' && Number(group) <= 26);

/** strongSwan's and other vendors' spellings of what VyOS calls otherwise. Normalised as in nearest.ts. */
const ENCRYPTION_ALIASES: Readonly<Record<string, string>> = {
  ...{ aes: 'aes128', rijndael: 'aes128', des3: '3des', tripledes: '3des', chacha20: 'chacha20poly1305' },
  ...{ aes128gcm: 'aes128gcm128', aes192gcm: 'aes192gcm128', aes256gcm: 'aes256gcm128' },
  ...{ aesgcm128: 'aes128gcm128', aesgcm192: 'aes192gcm128', aesgcm256: 'aes256gcm128' },
  ...{ aes128gcm16: 'aes128gcm128', aes192gcm16: 'aes192gcm128', aes256gcm16: 'aes256gcm128' },
  ...{ aes128gcm12: 'aes128gcm96', aes192gcm12: 'aes192gcm96', aes256gcm12: 'aes256gcm96' },
  ...{ aes128gcm8: 'aes128gcm64', aes192gcm8: 'aes192gcm64', aes256gcm8: 'aes256gcm64' },
  ...{ aes128cbc: 'aes128', aes192cbc: 'aes192', aes256cbc: 'aes256' },
};

const HASH_ALIASES: Readonly<Record<string, string>> = {
  ...{ sha: 'sha1', sha2: 'sha256', sha2256: 'sha256', sha2384: 'sha384', sha2512: 'sha512' },
};

function oneOf(of: readonly string[], aliases: Readonly<Record<string, string>>): readonly ValueRule[] {
  return [{ kind: 'enum', of, aliases }];
}

/** People who know strongSwan's names of the groups, or other vendors', write them. */
function dhAliases(prefix: string): Readonly<Record<string, string>> {
  const names = [...dhGroupKeywords].flatMap(([group, keyword]) =>
    [keyword, group, `dh${group}`, `group${group}`, `dhgroup${group}`].map((name) => [
      name,
      `${prefix}${group}`,
    ]),
  );
  return { ...Object.fromEntries(names), x25519: `${prefix}31`, x448: `${prefix}32` };
}

export const encryption = oneOf(ENCRYPTION, ENCRYPTION_ALIASES);
/** vyatta-cfg-vpn crux. */
export const encryption12 = oneOf(
  ['aes128', 'aes256', 'aes128gcm128', 'aes256gcm128', '3des', 'chacha20poly1305'],
  ENCRYPTION_ALIASES,
);
export const hash = oneOf(HASHES, HASH_ALIASES);
/** vyatta-cfg-vpn crux. */
export const hash12 = oneOf(['md5', 'sha1', 'sha256', 'sha384', 'sha512'], HASH_ALIASES);
export const prf = oneOf(
  ['prfmd5', 'prfsha1', 'prfaesxcbc', 'prfaescmac', 'prfsha256', 'prfsha384', 'prfsha512'],
  {},
);
export const dhGroup = oneOf(DH_GROUPS, dhAliases(''));
export const dhGroup12 = oneOf(DH_GROUPS_1_2, dhAliases(''));
export const pfs = oneOf(
  ['enable', ...DH_GROUPS.map((group) => `dh-group${group}`), 'disable'],
  dhAliases('dh-group'),
);
export const pfs12 = oneOf(
  ['enable', 'disable', ...DH_GROUPS_1_2.map((group) => `dh-group${group}`)],
  dhAliases('dh-group'),
);
