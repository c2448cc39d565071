/** What is offered is what strongSwan's parser keeps of a proposal: proposal.c, check_proposal. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatProposal, parseProposal } from '../../src/ike/proposal.ts';
import { transformOf } from '../../src/ike/transform.ts';
import { offeredLeaves } from '../../src/strongswan/offered.ts';
import { espProposals, ikeProposals } from '../../src/strongswan/proposals.ts';
import { encryption, hash, prf } from '../../src/vyos/schema/algorithms.ts';
import type { ValueRule } from '../../src/vyos/schema/node.ts';
import type { Setting } from '../../src/vyos/setting.ts';
import type { EspProposal, IkeProposal } from '../../src/vyos/site.ts';

const at = { file: { name: 'a.conf', text: '', lineStarts: [0] }, start: 0, end: 0 };
function leaf<T extends string | undefined>(name: string, value: T): Setting<T> {
  return { value, text: value ?? null, origin: { kind: 'set', at }, path: [name] };
}
function esp(cipher: string, integrity: string): EspProposal {
  return { id: '1', at, path: [], encryption: leaf('encryption', cipher), hash: leaf('hash', integrity) };
}
function ike(cipher: string, integrity: string, dhGroup: string, prfName?: string): IkeProposal {
  return { ...esp(cipher, integrity), dhGroup: leaf('dh-group', dhGroup), prf: leaf('prf', prfName) };
}
const names = (proposal: IkeProposal | EspProposal) =>
  offeredLeaves(proposal).map(({ setting: { path } }) => path.join());

test.each([
  [esp('aes256', 'sha1'), ['encryption', 'hash']],
  [esp('aes256gcm128', 'sha1'), ['encryption']],
  [esp('aes256gmac', 'sha1'), ['encryption']],
  [esp('chacha20poly1305', 'md5'), ['encryption']],
  // Its PRF follows from the hash, or does not.
  [ike('aes256gcm128', 'sha1', '14'), ['encryption', 'hash', 'dh-group']],
  [ike('aes256gcm128', 'sha1', '14', 'prfsha256'), ['encryption', 'prf', 'dh-group']],
  [ike('aes256gcm128', 'sha1', '14', 'prfsha1'), ['encryption', 'prf', 'dh-group']],
  [ike('aes256gmac', 'md5', '14', 'prfsha256'), ['encryption', 'prf', 'dh-group']],
  [ike('aes256', 'sha1', '14', 'prfsha256'), ['encryption', 'hash', 'prf', 'dh-group']],
  // What cannot be read as a whole: what may be offered.
  [esp('[masked]', 'sha1'), []],
  [ike('[masked]', 'sha1', '2', 'prfmd5'), ['prf', 'dh-group']],
  [ike('3des', 'sha1', '[masked]'), ['encryption', 'hash']],
])('%#', (proposal, expected) => {
  expect(names(proposal)).toEqual(expected);
});

const word = ([rule]: readonly ValueRule[]) => fc.constantFrom(...(rule?.kind === 'enum' ? rule.of : []));
const proposals = fc.oneof(
  fc.record({ cipher: word(encryption), integrity: word(hash) }).map((of) => esp(of.cipher, of.integrity)),
  fc
    .record({
      cipher: word(encryption),
      integrity: word(hash),
      prfName: fc.option(word(prf), { nil: undefined }),
    })
    .map((of) => ike(of.cipher, of.integrity, '14', of.prfName)),
);

/** The transforms that are loaded; undefined where strongSwan rejects the proposal. */
function loaded(proposal: IkeProposal | EspProposal): string | undefined {
  const node = { at: proposal.at, path: [] };
  const isIke = 'dhGroup' in proposal;
  const [text] = isIke
    ? ikeProposals({ ...node, proposals: [proposal] })
    : espProposals({ ...node, proposals: [proposal] }, { ...proposal.hash, value: undefined });
  const parsed = parseProposal(isIke ? 'IKE' : 'ESP', text?.value ?? '');
  return parsed.ok ? formatProposal(parsed.proposal) : undefined;
}

test('another hash makes another proposal exactly where the hash is offered', () => {
  fc.assert(
    fc.property(proposals, (proposal) => {
      const other: typeof proposal = {
        ...proposal,
        hash: leaf('hash', proposal.hash.value === 'sha512' ? 'sha384' : 'sha512'),
      };
      fc.pre(loaded(proposal) !== undefined && loaded(other) !== undefined);
      // A GMAC for a hash is a cipher, and one more beside the same one changes no text.
      fc.pre(transformOf(proposal.hash.value)?.type === 'INTEGRITY_ALGORITHM');
      expect(names(proposal).includes('hash')).toBe(loaded(proposal) !== loaded(other));
    }),
    { numRuns: 500 },
  );
});
