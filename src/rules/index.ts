import type { Rule } from '../lint/rule.ts';
import { aggressiveModeRefused } from './aggressive-mode-refused.ts';
import { aggressiveModeUsed } from './aggressive-mode-used.ts';
import { authenticationModeMismatch } from './authentication-mode-mismatch.ts';
import { bothSidesRestart } from './both-sides-restart.ts';
import { childlessMismatch } from './childless-mismatch.ts';
import { commitRefused } from './commit-refused.ts';
import { connectionNotLoaded } from './connection-not-loaded.ts';
import { destinationNatTakesIke } from './destination-nat-takes-ike.ts';
import { dpdMissing } from './dpd-missing.ts';
import { dpdNeverRestarts } from './dpd-never-restarts.ts';
import { dumpIncomplete } from './dump-incomplete.ts';
import { duplicatePolicy } from './duplicate-policy.ts';
import { espEncryptionMismatch } from './esp-encryption-mismatch.ts';
import { espHashMismatch } from './esp-hash-mismatch.ts';
import { espLifetimeMismatch } from './esp-lifetime-mismatch.ts';
import { espModeMismatch } from './esp-mode-mismatch.ts';
import { firewallDropsEsp } from './firewall-drops-esp.ts';
import { firewallDropsIke } from './firewall-drops-ike.ts';
import { firewallDropsNatT } from './firewall-drops-nat-t.ts';
import { firewallDropsTunnelTraffic } from './firewall-drops-tunnel-traffic.ts';
import { firewallUndecided } from './firewall-undecided.ts';
import { ikeDhGroupMismatch } from './ike-dh-group-mismatch.ts';
import { ikeEncryptionMismatch } from './ike-encryption-mismatch.ts';
import { ikeHashMismatch } from './ike-hash-mismatch.ts';
import { ikeLifetimeMismatch } from './ike-lifetime-mismatch.ts';
import { ikeLifetimeNotLonger } from './ike-lifetime-not-longer.ts';
import { ikeModeMismatch } from './ike-mode-mismatch.ts';
import { ikePrfMismatch } from './ike-prf-mismatch.ts';
import { ikeVersionMismatch } from './ike-version-mismatch.ts';
import { ikev1ProposalLost } from './ikev1-proposal-lost.ts';
import { ikev1Used } from './ikev1-used.ts';
import { invalidValue } from './invalid-value.ts';
import { ipsecInterfaceUnfit } from './ipsec-interface-unfit.ts';
import { lineEndsLost } from './line-ends-lost.ts';
import { linkStateUnexpected } from './link-state-unexpected.ts';
import { localAddressForeign } from './local-address-foreign.ts';
import { localPrefixUnreachable } from './local-prefix-unreachable.ts';
import { natAssumed } from './nat-assumed.ts';
import { natExcludeIncomplete } from './nat-exclude-incomplete.ts';
import { natSideWaits } from './nat-side-waits.ts';
import { noEffect } from './no-effect.ts';
import { noRouteToPeer } from './no-route-to-peer.ts';
import { nobodyInitiates } from './nobody-initiates.ts';
import { notJudged } from './not-judged.ts';
import { otherRelease } from './other-release.ts';
import { passthroughSwallowsTunnel } from './passthrough-swallows-tunnel.ts';
import { peerAddressAny } from './peer-address-any.ts';
import { peerAddressMismatch } from './peer-address-mismatch.ts';
import { peerIdMismatch } from './peer-id-mismatch.ts';
import { peerRoutedIntoTunnel } from './peer-routed-into-tunnel.ts';
import { pfsMismatch } from './pfs-mismatch.ts';
import { ppkMismatch } from './ppk-mismatch.ts';
import { ppkNotUsed } from './ppk-not-used.ts';
import { privateUseAlgorithm } from './private-use-algorithm.ts';
import { pskMismatch } from './psk-mismatch.ts';
import { pskMissing } from './psk-missing.ts';
import { pskNotFound } from './psk-not-found.ts';
import { pskShared } from './psk-shared.ts';
import { pskWeak } from './psk-weak.ts';
import { remoteIdAny } from './remote-id-any.ts';
import { respondNotPassive } from './respond-not-passive.ts';
import { routeAutoinstallAny } from './route-autoinstall-any.ts';
import { settingIgnored } from './setting-ignored.ts';
import { sourceNatCatchesTunnel } from './source-nat-catches-tunnel.ts';
import { suppressionInvalid } from './suppression-invalid.ts';
import { suppressionUnused } from './suppression-unused.ts';
import { syntaxError } from './syntax-error.ts';
import { trafficSelectorsDisjoint } from './traffic-selectors-disjoint.ts';
import { trafficSelectorsNarrowed } from './traffic-selectors-narrowed.ts';
import { trafficSelectorsNotSwapped } from './traffic-selectors-not-swapped.ts';
import { tunnelProtocolLost } from './tunnel-protocol-lost.ts';
import { tunnelWithoutCounterpart } from './tunnel-without-counterpart.ts';
import { undefinedGroup } from './undefined-group.ts';
import { unknownNode } from './unknown-node.ts';
import { valueMasked } from './value-masked.ts';
import { vtiAddressMismatch } from './vti-address-mismatch.ts';
import { vtiBesideTunnel } from './vti-beside-tunnel.ts';
import { vtiDpdTrap } from './vti-dpd-trap.ts';
import { vtiMobike } from './vti-mobike.ts';
import { vtiMtuUnset } from './vti-mtu-unset.ts';
import { vtiWithoutAddress } from './vti-without-address.ts';
import { vtiWithoutRoute } from './vti-without-route.ts';
import { weakAlgorithm } from './weak-algorithm.ts';

/** Every rule, in the order in which the exchanges would trip over what it finds. The only list. */
export const rules: readonly Rule[] = [
  syntaxError,
  lineEndsLost,
  unknownNode,
  invalidValue,
  otherRelease,
  noEffect,
  valueMasked,
  undefinedGroup,
  dumpIncomplete,
  commitRefused,
  pskNotFound,
  ipsecInterfaceUnfit,
  localAddressForeign,
  ikeLifetimeNotLonger,
  dpdMissing,
  weakAlgorithm,
  aggressiveModeUsed,
  pskWeak,
  pskShared,
  remoteIdAny,
  settingIgnored,
  connectionNotLoaded,
  linkStateUnexpected,
  peerAddressMismatch,
  peerAddressAny,
  destinationNatTakesIke,
  firewallDropsIke,
  natAssumed,
  nobodyInitiates,
  natSideWaits,
  dpdNeverRestarts,
  bothSidesRestart,
  respondNotPassive,
  ikev1Used,
  ikeVersionMismatch,
  ikeEncryptionMismatch,
  ikeHashMismatch,
  ikePrfMismatch,
  ikeDhGroupMismatch,
  ikev1ProposalLost,
  privateUseAlgorithm,
  firewallDropsNatT,
  ikeModeMismatch,
  aggressiveModeRefused,
  peerIdMismatch,
  authenticationModeMismatch,
  pskMissing,
  pskMismatch,
  ppkMismatch,
  ppkNotUsed,
  childlessMismatch,
  trafficSelectorsDisjoint,
  trafficSelectorsNotSwapped,
  tunnelWithoutCounterpart,
  tunnelProtocolLost,
  trafficSelectorsNarrowed,
  espModeMismatch,
  espEncryptionMismatch,
  espHashMismatch,
  pfsMismatch,
  firewallDropsEsp,
  ikeLifetimeMismatch,
  espLifetimeMismatch,
  firewallDropsTunnelTraffic,
  noRouteToPeer,
  peerRoutedIntoTunnel,
  passthroughSwallowsTunnel,
  sourceNatCatchesTunnel,
  natExcludeIncomplete,
  duplicatePolicy,
  vtiBesideTunnel,
  vtiWithoutAddress,
  vtiAddressMismatch,
  vtiWithoutRoute,
  localPrefixUnreachable,
  routeAutoinstallAny,
  vtiDpdTrap,
  vtiMobike,
  vtiMtuUnset,
  notJudged,
  firewallUndecided,
  suppressionInvalid,
  suppressionUnused,
];
