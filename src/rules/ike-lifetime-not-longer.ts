import type { Problem } from '../lint/finding.ts';
import type { SiteRule } from '../lint/rule.ts';
import type { LoadedSite } from '../strongswan/load-site.ts';
import { locate } from './location.ts';
import { rfc, vyosManual } from './sources.ts';

function* check({ sources }: LoadedSite, index: number): Iterable<Problem> {
  const seen = new Set<string>();
  for (const { ikeGroup, children } of sources) {
    for (const { espGroup } of children) {
      const key = JSON.stringify([ikeGroup?.name, espGroup.name]);
      if (!ikeGroup || seen.has(key)) continue;
      seen.add(key);
      const [ike, esp] = [ikeGroup.lifetime, espGroup.lifetime];
      if (ike.value === 0 || ike.value > esp.value) continue;
      yield {
        message: `The IKE lifetime (${ike.value} s) is not longer than the ESP lifetime (${esp.value} s)`,
        consequence:
          'The IKE_SA is rekeyed as often as the CHILD_SAs under it, or more often. It works, and the rekeys can collide.',
        locations: [locate(index, ike, `${ike.value} s`), locate(index, esp, `${esp.value} s`)],
      };
    }
  }
}

export const ikeLifetimeNotLonger: SiteRule = {
  id: 'ike-lifetime-not-longer',
  scope: 'site',
  summary: 'An IKE group lives no longer than the ESP group that is used with it.',
  severity: 'warning',
  notify: null,
  why:
    'The IKE_SA is the roof over its CHILD_SAs, and its rekey is the costlier one. It should outlive them several times: ' +
    'VyOS has 28800 s and 3600 s.',
  mend: 'Raise the IKE lifetime, or lower the ESP lifetime.',
  sources: [rfc(7296, '2.8'), vyosManual],
  bad: {
    a: "set vpn ipsec ike-group IKE-B lifetime '1800'",
    b: "set vpn ipsec ike-group IKE-A lifetime '1800'",
  },
  good: {
    a: "set vpn ipsec ike-group IKE-B lifetime '7200'",
    b: "set vpn ipsec ike-group IKE-A lifetime '7200'",
  },
  check,
};
