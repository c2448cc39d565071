import type { Location, Problem } from '../lint/finding.ts';
import type { SiteRule } from '../lint/rule.ts';
import type { LoadedSite } from '../strongswan/load-site.ts';
import { defaultOf, isAtLeast } from '../vyos/schema/index.ts';
import { placeOfNode } from '../vyos/setting.ts';
import { type ConfigNode, child, lastValue, pathOf } from '../vyos/tree.ts';
import { activeSources, ikeGroupsInUse } from './groups-in-use.ts';
import { locate } from './location.ts';
import { rfc, vyos } from './sources.ts';

function* check(loaded: LoadedSite, index: number): Iterable<Problem> {
  const { site } = loaded;
  for (const { group } of ikeGroupsInUse(loaded)) {
    const timeout = group.deadPeerDetection?.timeout;
    if (timeout?.origin.kind !== 'set' || group.keyExchange.value !== 'ikev2') continue;
    // Who writes what is the default anyway expects nothing of it.
    if (`${timeout.value}` === defaultOf(timeout.path, site.release)) continue;
    yield {
      message: `The dead-peer-detection timeout of the IKE group "${group.name}" has no effect in IKEv2`,
      short: 'dead-peer-detection timeout without effect in IKEv2',
      consequence:
        'IKEv2 gives a silent peer up when its retransmissions run out, after 165 seconds with the usual settings, whatever this says.',
      locations: [locate(index, timeout)],
    };
  }
  // VyOS 1.2 and 1.3 do write it.
  if (!isAtLeast(site.release, '1.4')) return;
  const groups = ikeGroupsInUse(loaded).map(({ group }) => group.path);
  const peers = activeSources(loaded).map(({ peer }) => peer.path);
  for (const path of [...groups, ...peers]) {
    const node = child(site.tree, ...path, 'ikev2-reauth');
    const value = lastValue(node)?.value;
    if (!node || value === 'no' || value === 'inherit') continue;
    yield {
      message: 'The setting ikev2-reauth has no effect before the releases of late 2025',
      consequence:
        'VyOS 1.4 and 1.5 take the setting and do not hand it to strongSwan (T7555): the IKE_SA is rekeyed, and the peer does not authenticate anew.',
      locations: [placeOf(index, node)],
    };
  }
}

function placeOf(site: number, node: ConfigNode): Location {
  const value = lastValue(node);
  return {
    site,
    at: value?.at ?? placeOfNode(node),
    path: pathOf(node),
    value: value?.value ?? null,
    origin: 'set',
    label: 'not handed to strongSwan',
  };
}

export const settingIgnored: SiteRule = {
  id: 'setting-ignored',
  scope: 'site',
  summary: 'A setting that VyOS takes and that changes nothing.',
  severity: 'info',
  notify: null,
  why:
    'The timeout of dead-peer-detection is for IKEv1: IKEv2 has no timer of its own, a probe is retransmitted like any ' +
    'request. And VyOS did not hand ikev2-reauth to strongSwan until late in 2025.',
  mend: 'Leave it out, or know that it does nothing.',
  sources: [
    rfc(7296, '2.4'),
    vyos('data/templates/ipsec/swanctl/peer.j2'),
    { title: 'VyOS: T7555, ikev2-reauth is not applied', url: 'https://vyos.dev/T7555' },
  ],
  bad: { b: "set vpn ipsec ike-group IKE-A dead-peer-detection timeout '60'" },
  good: { b: "set vpn ipsec ike-group IKE-A dead-peer-detection timeout '120'" },
  check,
};
