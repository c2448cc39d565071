import type { Problem } from '../lint/finding.ts';
import type { SiteRule } from '../lint/rule.ts';
import type { LoadedSite } from '../strongswan/load-site.ts';
import type { Refusal } from '../vyos/refusals.ts';
import { isCertain } from '../vyos/release.ts';
import { locateRefusal } from './location.ts';
import { vyos } from './sources.ts';

function* check({ site, refusals }: LoadedSite, index: number): Iterable<Problem> {
  // The value that is wrong by itself is told by the rule for it: invalid-value, or other-release.
  const invalid = site.schemaProblems
    .filter(
      ({ kind }) => kind === 'invalid-value' || (kind === 'wrong-release' && isCertain(site.releaseReason)),
    )
    .map(({ at }) => at.start);
  const isToldAsValue = ({ kind, value, at }: Refusal) =>
    (kind === 'peer-name' || value !== null) && invalid.some((start) => start >= at.start && start < at.end);
  const told = new Set<string>();
  for (const refusal of refusals) {
    const key = JSON.stringify([refusal.log, refusal.path]);
    if (isUndefinedGroup(refusal) || isToldAsValue(refusal) || told.has(key)) continue;
    told.add(key);
    yield {
      message: `VyOS refuses the commit: ${refusal.log}`,
      consequence:
        'Nothing of vpn ipsec is committed: no peer of this router is there, or what was there before stays.',
      locations: [locateRefusal(index, refusal)],
    };
  }
}

/** Told by undefined-group, which knows the name that was meant. */
function isUndefinedGroup({ kind, peer }: Refusal): boolean {
  return peer !== undefined && (kind === 'ike-group-undefined' || kind === 'esp-group-undefined');
}

export const commitRefused: SiteRule = {
  id: 'commit-refused',
  scope: 'site',
  summary: 'VyOS refuses to commit vpn ipsec as it stands.',
  severity: 'error',
  notify: null,
  why:
    'VyOS checks vpn ipsec as a whole when it is committed: a peer without an IKE group, an authentication mode, a local ' +
    'address or a tunnel, a psk without an id or a secret, prefixes in transport mode, a certificate that is not in pki. ' +
    'It stops at the first fault; here are all of them, in its own words. What is refused are not only the lines at ' +
    'fault: no peer of the router is changed or made. A name of a peer with dots or colons, as VyOS 1.2 and 1.3 have it, ' +
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
