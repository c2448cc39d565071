import type { Problem } from '../lint/finding.ts';
import type { SiteRule } from '../lint/rule.ts';
import type { LoadedSite } from '../strongswan/load-site.ts';
import { natRules } from '../vyos/nat.ts';
import { natCourse, protectedTraffic } from '../vyos/source-nat.ts';
import { locate, locateNode } from './location.ts';
import { isNonEmpty } from './occurrence.ts';
import { describePackets, widen } from './source-nat-catches-tunnel.ts';
import { vyos, vyosManual } from './sources.ts';

function* check(loaded: LoadedSite, site: number): Iterable<Problem> {
  for (const family of [4, 6] as const) {
    const rules = natRules(loaded.site, 'source', family);
    // Where the dump holds rules that translate, source-nat-catches-tunnel knows whether one catches the rest.
    if (rules.some(({ exclude }) => !exclude)) continue;
    for (const pair of protectedTraffic(loaded)) {
      if (pair.family !== family) continue;
      const { excluding, rest } = natCourse(rules, pair.traffic, pair.outbound);
      const [left, ...others] = rest;
      if (!left || !isNonEmpty(excluding)) continue;
      const numbers = excluding.map(({ number }) => number).join(' and ');
      const more = others.length > 0 ? ` and ${others.length} more` : '';
      yield {
        message: `Exclude rule ${numbers} leaves out a part of a tunnel: ${describePackets(left, pair)}${more}`,
        consequence:
          'The dump has no source NAT rule that would change these packets. Once there is one, the tunnel works for some hosts and not for others.',
        locations: [
          locateNode(site, excluding[0], 'excludes only a part'),
          ...excluding.slice(1).map((rule) => locateNode(site, rule, 'excludes only a part')),
          locate(site, pair.local),
          locate(site, pair.remote),
        ],
        fix: excluding.length === 1 ? widen(site, excluding[0], pair) : [],
      };
    }
  }
}

const excluding = (remote: string) =>
  [
    `set nat source rule 10 destination address '${remote}'`,
    'set nat source rule 10 exclude',
    "set nat source rule 10 outbound-interface name 'eth0'",
    "set nat source rule 10 source address '10.1.0.0/24'",
  ].join('\n');

export const natExcludeIncomplete: SiteRule = {
  id: 'nat-exclude-incomplete',
  scope: 'site',
  summary: 'A rule excludes only a part of a tunnel from source NAT.',
  severity: 'warning',
  notify: null,
  why:
    'An exclude rule keeps the packets of a tunnel from being translated before IPsec takes them. Where it is narrower than ' +
    'the prefixes of the tunnel, the rest goes on to the masquerade rule. This is said of a dump that holds no such rule; ' +
    'where it does, source-nat-catches-tunnel says what is caught.',
  mend: 'Give the exclude rule the prefixes of the tunnel.',
  sources: [vyosManual, vyos('data/templates/firewall/nftables-nat.j2')],
  bad: { a: excluding('10.2.0.0/25') },
  good: { a: excluding('10.2.0.0/24') },
  check,
};
