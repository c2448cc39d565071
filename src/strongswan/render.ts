import { isAtLeast } from '../vyos/schema/index.ts';
import type { LoadedSite } from './load-site.ts';
import type { ConfNotation } from './notation.ts';
import { printIpsecConf, printSwanctlConf } from './print.ts';

/**
 * What strongSwan is given of a site, secrets masked; or why VyOS gives it nothing. A release writes one of the notations:
 * what 1.2 and 1.3 write can be had as swanctl.conf as well, what later ones write as nothing else.
 */
export function renderConf(
  { site, refusals, conf, ipsecConf }: LoadedSite,
  notation: ConfNotation = 'swanctl.conf',
): string {
  if (refusals.length > 0) {
    return refusals
      .map(({ log }) => `# VyOS does not commit this configuration: ${log.replaceAll(/[\r\n]+/g, ' ')}\n`)
      .join('');
  }
  if (!ipsecConf) {
    return notation === 'swanctl.conf'
      ? printSwanctlConf(conf)
      : `# VyOS ${site.release} writes no ipsec.conf, but swanctl.conf.\n`;
  }
  if (notation === 'swanctl.conf') {
    return `# VyOS ${site.release} writes ipsec.conf and ipsec.secrets. This is what they amount to in the words of swanctl.conf.\n${printSwanctlConf(conf)}`;
  }
  const doubt = isAtLeast(site.release, '1.3')
    ? ''
    : `# What VyOS ${site.release} writes is known from its source alone.\n`;
  return `${doubt}${printIpsecConf(ipsecConf)}`;
}
