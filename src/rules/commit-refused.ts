import type { Fix } from '../lint/finding.ts';
import type { NetworkProblem, NetworkRule } from '../lint/rule.ts';
import type { End, Link, Network } from '../pairing/link.ts';
import type { Refusal } from '../vyos/refusals.ts';
import { isCertain } from '../vyos/release.ts';
import type { Site } from '../vyos/site.ts';
import { locateRefusal } from './location.ts';
import { mendRefusal } from './mend-refused.ts';
import { vyos } from './sources.ts';

function* check({ sites, links }: Network): Iterable<NetworkProblem> {
  for (const [index, loaded] of sites.entries()) {
    const told = new Set<string>();
    for (const refusal of loaded.refusals) {
      const key = JSON.stringify([refusal.log, refusal.path]);
      if (isUndefinedGroup(refusal) || isToldAsValue(loaded.site, refusal) || told.has(key)) continue;
      told.add(key);
      yield {
        link: null,
        message: `VyOS refuses the commit: ${refusal.log}`,
        consequence:
          'Nothing of vpn ipsec is committed: no peer of this router is there, or what was there before stays. ' +
          'Its links are judged as if this were fixed.',
        locations: [locateRefusal(index, refusal)],
        fix: fixFor(links, index, refusal),
        unloads: true,
      };
    }
  }
}

/** Those of the first link of the site that the refusal is about. */
function fixFor(links: readonly Link[], site: number, refusal: Refusal): readonly Fix[] {
  const ends = links.flatMap(({ a, b }) => [[a, b] as const, [b, a] as const]);
  const found = ends.find(
    ([end]) => end.site === site && (refusal.peer === undefined || end.source.peer.name === refusal.peer),
  );
  return found ? mendRefusal(...found, refusal) : [];
}

/** Whether the refusals of a site are told of the site, and not of each of its links. */
export function isToldOfSite({ loaded: { site, refusals } }: Pick<End, 'loaded'>): boolean {
  return refusals.some((refusal) => isUndefinedGroup(refusal) || !isToldAsValue(site, refusal));
}

/** The value that is wrong by itself is told by the rule for it: invalid-value, or other-release. */
function isToldAsValue({ schemaProblems, releaseReason }: Site, { kind, value, at }: Refusal): boolean {
  if (kind !== 'peer-name' && value === null) return false;
  return schemaProblems.some(
    ({ kind, at: { start } }) =>
      (kind === 'invalid-value' || (kind === 'wrong-release' && isCertain(releaseReason))) &&
      start >= at.start &&
      start < at.end,
  );
}

/** Told by undefined-group, which knows the name that was meant. */
function isUndefinedGroup({ kind, peer }: Refusal): boolean {
  return peer !== undefined && (kind === 'ike-group-undefined' || kind === 'esp-group-undefined');
}

export const commitRefused: NetworkRule = {
  id: 'commit-refused',
  scope: 'network',
  summary: 'VyOS refuses to commit vpn ipsec as it stands.',
  severity: 'error',
  notify: null,
  why:
    'VyOS checks vpn ipsec as a whole when it is committed: a peer without an IKE group, an authentication mode, a local ' +
    'address or a tunnel, a psk without an id or a secret, prefixes in transport mode, a certificate that is not in pki. ' +
    'It stops at the first fault; here are all of them, in its own words. What is refused are not only the lines at ' +
    'fault: no peer of the router is changed or made. The links of the router are judged as if that were repaired, and what is found is told as hidden behind it. A name of a peer with dots or colons, as VyOS 1.2 and 1.3 have it, ' +
    'is one only where the release is certain: by --vyos-version, or by the footer of the saved configuration.',
  mend: 'Give what the message says is missing, or take away what may not stand together.',
  sources: [
    vyos('src/conf_mode/vpn_ipsec.py'),
    {
      title: 'VyOS 1.2 and 1.3: vyatta-cfg-vpn scripts/vpn-config.pl',
      url: 'https://github.com/vyos/vyatta-cfg-vpn/blob/equuleus/scripts/vpn-config.pl',
    },
  ],
  bad: { b: 'delete vpn ipsec site-to-site peer SITE-A ike-group' },
  good: {},
  check,
};
