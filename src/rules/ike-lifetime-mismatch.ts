import type { Problem } from '../lint/finding.ts';
import type { LinkRule } from '../lint/rule.ts';
import type { End, Link, Network } from '../pairing/link.ts';
import { settingNamed } from '../vyos/conf-origin.ts';
import type { Setting } from '../vyos/setting.ts';
import { contrast } from './contrast.ts';
import { alignGroups, alsoUsed, groupUse } from './group-users.ts';
import { describeLifetime, ikeRekeyWindow } from './lifetime-text.ts';
import { locate } from './location.ts';
import { rfc, strongswan, vyos } from './sources.ts';

function* check(link: Link, network: Network): Iterable<Problem> {
  const [own, other] = [lifetimeOf(link.a), lifetimeOf(link.b)];
  if (!own || !other || own.value === other.value) return;
  const [a, b] = [groupUse(link.a, own), groupUse(link.b, other)];
  const v1 = link.negotiations.some(({ ikeVersion }) => ikeVersion === 1);
  yield {
    ...contrast(link, {
      fact: 'IKE lifetimes differ',
      what: 'IKE lifetime',
      a: `${own.value} s`,
      b: `${other.value} s`,
    }),
    consequence:
      'Nothing is refused: lifetimes are not negotiated' +
      (v1 ? ' in IKEv1 either, the responder takes what it is offered' : '') +
      `. ${link.a.name} rekeys the IKE_SA ${ikeRekeyWindow(link.a)}, ${link.b.name} ${ikeRekeyWindow(link.b)}; the shorter clock rekeys for both.${alsoUsed(a, b)}`,
    bites: [],
    locations: [
      locate(link.a.site, own, describeLifetime(own)),
      locate(link.b.site, other, describeLifetime(other)),
    ],
    fix: alignGroups(a, b, network),
  };
}

function lifetimeOf({ section }: End): Setting<unknown> | undefined {
  return section?.rekey_time && settingNamed(section.rekey_time, 'lifetime');
}

export const ikeLifetimeMismatch: LinkRule = {
  id: 'ike-lifetime-mismatch',
  scope: 'link',
  summary: 'The IKE lifetimes of the two sides differ.',
  severity: 'warning',
  notify: null,
  why:
    'Lifetimes are not negotiated in IKEv2: each end keeps its own clock, and the one that runs out first rekeys. ' +
    'VyOS hands the IKE lifetime to strongSwan as the time of the rekey, minus a random part of up to a tenth; the ' +
    'IKE_SA is closed a tenth after it. A difference fails nothing between two VyOS routers. Equipment of other makes ' +
    'may refuse or drop the tunnel.',
  mend: 'Set the same lifetime on both sides, unless one is meant to be the only one that rekeys.',
  sources: [
    rfc(7296, '2.8'),
    strongswan('src/libcharon/plugins/vici/vici_config.c'),
    vyos('data/templates/ipsec/swanctl/peer.j2'),
  ],
  bad: { b: "set vpn ipsec ike-group IKE-A lifetime '14400'" },
  good: { b: "set vpn ipsec ike-group IKE-A lifetime '28800'" },
  check,
};
