import type { Report } from '../index.ts';

/** Why nothing could be judged, one sentence for each reason. One site alone is judged by itself. */
export function obstaclesOf(report: Report): readonly string[] {
  if (report.sites.length === 1) return report.sites.flatMap(obstaclesAlone);
  const without = report.sites.flatMap(({ file, ipsec, commands }) => {
    if (commands === 0) return [`${file.name}: not one command of VyOS was found in it`];
    return ipsec
      ? []
      : [
          `${file.name}: there is no "vpn ipsec site-to-site peer" in it, so there is no tunnel to judge; DMVPN profiles and remote access are not judged`,
        ];
  });
  if (without.length > 0 || report.links.length > 0) return without;
  const files = report.sites.map(({ file }) => file.name).join(' and ');
  const peers = report.unpaired.map(
    ({ site, peer, why }) => `${report.sites[site]?.file.name}: peer ${peer}: ${why}`,
  );
  return [`no peers of ${files} face each other, so there is no tunnel to judge`, ...peers];
}

function obstaclesAlone({ file, vpn, commands }: Report['sites'][number]): readonly string[] {
  if (commands === 0) return [`${file.name}: not one command of VyOS was found in it`];
  return vpn ? [] : [`${file.name}: there is no "vpn ipsec" in it, so there is nothing to judge`];
}
