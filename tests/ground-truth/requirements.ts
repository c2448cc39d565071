/** What the laboratory needs of the machine it runs on. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { charonPath } from './laboratory.ts';

/** Debian's names. */
const packages: readonly string[] = [
  'conntrack',
  'iproute2',
  'nftables',
  'strongswan-swanctl',
  'strongswan-charon',
  'libcharon-extra-plugins',
  'libstrongswan-extra-plugins',
  'libstrongswan-standard-plugins',
];

const programs = ['ip', 'swanctl', 'unshare', 'mount', 'nft', 'conntrack'] as const;
const plugins = ['kernel-libipsec', 'vici', 'openssl', 'gcrypt', 'ctr', 'chapoly', 'curve25519'] as const;

/** What keeps the laboratory from running here, each as a sentence; empty where nothing does. */
export function missingRequirements(): readonly string[] {
  const missing: string[] = [];
  if (process.getuid?.() !== 0) missing.push('It needs root: it makes network namespaces and TUN devices.');
  const directories = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/sbin'];
  const absent = [
    ...programs.filter((name) => !directories.some((directory) => existsSync(join(directory, name)))),
    ...(existsSync(charonPath) ? [] : [charonPath]),
    ...plugins
      .filter((name) => !existsSync(`/usr/lib/ipsec/plugins/libstrongswan-${name}.so`))
      .map((name) => `strongSwan's plugin ${name}`),
  ];
  if (absent.length > 0) {
    missing.push(`Not found: ${absent.join(', ')}. On Debian: apt-get install ${packages.join(' ')}.`);
  }
  if (!existsSync('/dev/net/tun')) missing.push('The kernel has no TUN device: /dev/net/tun is not there.');
  return missing;
}
