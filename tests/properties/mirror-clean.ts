/** Mirror-clean (docs/architecture.md): a site against its mirror has no error. */
import { deepStrictEqual } from 'node:assert';
import fc from 'fast-check';
import { hasWildcards, parseIdentity } from '../../src/ike/identity.ts';
import { arbitrarySite, mirror, type SiteSpec } from '../arbitrary/site.ts';
import { judge, siteOf } from './judge.ts';

/** What VyOS or strongSwan refuses, or IKEv1 cannot do, although both sides agree. */
const refusedAnyway: ReadonlySet<string> = new Set([
  'invalid-value',
  'aggressive-mode-refused',
  'connection-not-loaded',
  'ikev1-proposal-lost',
  'private-use-algorithm',
]);

function severalGroups({ peers: [{ tunnels }] }: SiteSpec): boolean {
  return tunnels.length > 1 && tunnels.some(({ espGroup }) => espGroup !== undefined);
}

function wildcardIds({ peers: [{ localId, remoteId }] }: SiteSpec): boolean {
  return [localId, remoteId].some((id) => id !== undefined && hasWildcards(parseIdentity(id)));
}

/** VyOS refuses a hash of which no PRF can be made, where none is named. */
function prfMissing({ peers: [{ ikeGroup }] }: SiteSpec): boolean {
  return ikeGroup.proposals.some(
    ({ hash, prf }) => prf === undefined && /^(?:aes\d+gmac|sha256_96)$/.test(hash),
  );
}

/** Throws with the smallest site for which it does not hold. */
export function checkMirrors(numRuns: number, seed: number): void {
  fc.assert(
    fc.property(arbitrarySite, (site) => {
      const { report } = judge(siteOf('a', site), siteOf('b', mirror(site)));
      const ikev1 = site.peers[0].ikeGroup.keyExchange === 'ikev1';
      const errors = report.findings.filter(
        ({ severity, ruleId }) =>
          severity === 'error' &&
          !refusedAnyway.has(ruleId) &&
          // Of tunnels with the same selectors the responder takes the first, whatever its ESP group.
          !(/^(?:esp|pfs)-/.test(ruleId) && severalGroups(site)) &&
          !(ruleId === 'commit-refused' && prfMissing(site)) &&
          // A wildcard names nobody: who has one for its own identity presents its address.
          !(ruleId === 'peer-id-mismatch' && wildcardIds(site)) &&
          // IKEv1 carries only the first pair of prefixes.
          !(ikev1 && ruleId === 'traffic-selectors-narrowed'),
      );
      deepStrictEqual(
        errors.map(({ ruleId, message }) => `${ruleId}: ${message}`),
        [],
      );
    }),
    { numRuns, seed },
  );
}
