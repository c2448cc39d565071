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

const DH_GROUPS = [1, 2, 5, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32];
/** Without 1 and 27 to 32: vyatta-cfg-vpn crux. */
const DH_GROUPS_1_2 = DH_GROUPS.filter((group) => group !== 1 && group <= 26);

/** What strongSwan calls the groups of IANA's numbers: people who know those names write them here. */
const DH_NAMES: Readonly<Record<string, number>> = {
  modp768: 1,
  modp1024: 2,
  modp1536: 5,
  modp2048: 14,
  modp3072: 15,
  modp4096: 16,
  modp6144: 17,
  modp8192: 18,
  ecp256: 19,
  ecp384: 20,
  ecp521: 21,
  modp1024s160: 22,
  modp2048s224: 23,
  modp2048s256: 24,
  ecp192: 25,
  ecp224: 26,
  ecp224bp: 27,
  ecp256bp: 28,
  ecp384bp: 29,
  ecp512bp: 30,
  curve25519: 31,
  x25519: 31,
  curve448: 32,
  x448: 32,
};

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

function dhAliases(prefix: string): Readonly<Record<string, string>> {
  const named = Object.entries(DH_NAMES).map(([name, group]) => [name, `${prefix}${group}`] as const);
  const numbered = DH_GROUPS.flatMap(
    (group) =>
      [
        [`${group}`, `${prefix}${group}`],
        [`dh${group}`, `${prefix}${group}`],
        [`group${group}`, `${prefix}${group}`],
        [`dhgroup${group}`, `${prefix}${group}`],
      ] as const,
  );
  return Object.fromEntries([...named, ...numbered]);
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
export const dhGroup = oneOf(DH_GROUPS.map(String), dhAliases(''));
export const dhGroup12 = oneOf(DH_GROUPS_1_2.map(String), dhAliases(''));
export const pfs = oneOf(
  ['enable', ...DH_GROUPS.map((group) => `dh-group${group}`), 'disable'],
  dhAliases('dh-group'),
);
export const pfs12 = oneOf(
  ['enable', 'disable', ...DH_GROUPS_1_2.map((group) => `dh-group${group}`)],
  dhAliases('dh-group'),
);
