/** Sources: strongSwan 5.9.8, src/libcharon/sa/ikev2/tasks, sa/ikev1 and config; and the pairs of fixtures/observed. */
import { describe, expect, test } from '@jest/globals';
import { negotiate } from '../../src/ike/negotiate.ts';
import {
  type ChildWords,
  type ConnectionWords,
  call,
  callOne,
  type DaemonWords,
  daemon,
  failures,
  hidden,
  inWords,
  left,
  outcome,
  right,
  withChild,
  withConnection,
} from './daemons.ts';

const [leftConnection] = Object.values(left.connections);
const [rightConnection] = Object.values(right.connections);

/** Both ends with their connections and children changed in the same way. */
function both(
  change: ConnectionWords,
  child: ChildWords = {},
): { readonly left: DaemonWords; readonly right: DaemonWords } {
  return {
    left: withConnection(withChild(left, child), change),
    right: withConnection(withChild(right, child), change),
  };
}

const ikev1 = both({ version: 1 });

describe('two that agree', () => {
  test('IKEv2', () => {
    expect(callOne(left, right)).toEqual({
      initiator: 'a',
      child: 'net',
      ikeVersion: 2,
      result: {
        outcome: 'established',
        ikeProposal: 'AES_CBC_256/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_2048',
        // IKE_AUTH makes the first CHILD_SA without a key exchange of its own (child_create.c, PROPOSAL_SKIP_KE).
        espProposal: 'AES_CBC_256/HMAC_SHA2_256_128/NO_EXT_SEQ',
        trafficSelectors: { local: ['10.1.0.0/24'], remote: ['10.2.0.0/24'] },
        invalidKePayload: false,
        rekey: {
          a: { outcome: 'established', espProposal: 'AES_CBC_256/HMAC_SHA2_256_128/MODP_2048/NO_EXT_SEQ' },
          b: { outcome: 'established', espProposal: 'AES_CBC_256/HMAC_SHA2_256_128/MODP_2048/NO_EXT_SEQ' },
        },
        responder: { connection: 'left', child: 'net' },
      },
      afterwards: [],
      hidden: [],
    });
  });

  test('IKEv1: quick mode has its key exchange at once', () => {
    expect(callOne(ikev1.left, ikev1.right)).toMatchObject({
      ikeVersion: 1,
      result: { outcome: 'established', espProposal: 'AES_CBC_256/HMAC_SHA2_256_128/MODP_2048/NO_EXT_SEQ' },
    });
  });

  test('from either end', () => {
    expect(callOne(right, left).result).toMatchObject({
      trafficSelectors: { local: ['10.2.0.0/24'], remote: ['10.1.0.0/24'] },
    });
  });
});

interface Row {
  readonly what: string;
  readonly caller: DaemonWords;
  readonly answerer: DaemonWords;
  readonly expected: string;
}

const rows = (table: readonly Row[]) => table.map((row) => [row.what, row] as const);
const strangers: DaemonWords['secrets'] = [['s3cret', 'somebody']];

describe('why IKEv2 fails', () => {
  test.each(
    rows([
      {
        what: 'nobody to call (ike_sa.c, initiate)',
        caller: withConnection(left, { remoteAddrs: '%any' }),
        answerer: right,
        expected: 'no exchange: cannot-initiate, no notify by initiator',
      },
      {
        what: 'no remote address of the family of the local one (ike_sa.c, resolve_hosts)',
        caller: withConnection(left, { remoteAddrs: '2001:db8::1' }),
        answerer: right,
        expected: 'no exchange: cannot-initiate, no notify by initiator',
      },
      {
        what: 'an address that is not the other end’s',
        caller: withConnection(left, { remoteAddrs: '192.0.2.9' }),
        answerer: right,
        expected: 'IKE_SA_INIT: no-response, no notify by nobody',
      },
      {
        what: 'called from an address it does not know (backend_manager.c, get_ike_match)',
        caller: left,
        answerer: withConnection(right, { remoteAddrs: '192.0.2.9' }),
        expected: 'IKE_SA_INIT: no-ike-config, NO_PROPOSAL_CHOSEN by responder',
      },
      {
        what: 'the other version',
        caller: left,
        answerer: withConnection(right, { version: 1 }),
        expected: 'IKE_SA_INIT: no-ike-config, NO_PROPOSAL_CHOSEN by responder',
      },
      {
        what: 'no common proposal (ike_init.c, build_r)',
        caller: left,
        answerer: withConnection(right, { proposals: 'aes256-sha256-modp1024' }),
        expected: 'IKE_SA_INIT: no-ike-proposal, NO_PROPOSAL_CHOSEN by responder',
      },
      {
        what: 'no key of its own (psk_authenticator.c, build): it gives up and sends nothing',
        caller: { ...left, secrets: strangers },
        answerer: right,
        expected: 'IKE_AUTH: no-psk, no notify by initiator',
      },
      {
        what: 'an identity that the responder does not expect (ike_auth.c, load_cfg_candidates)',
        caller: withConnection(left, { localId: 'stranger' }),
        answerer: right,
        expected: 'IKE_AUTH: no-peer-config, AUTHENTICATION_FAILED by responder',
      },
      {
        what: 'a responder by another name (get_peer_match)',
        caller: withConnection(left, { remoteId: 'stranger' }),
        answerer: right,
        expected: 'IKE_AUTH: no-peer-config, AUTHENTICATION_FAILED by responder',
      },
      {
        what: 'the address where a name is expected: no identity of its own',
        caller: withConnection(left, { localId: undefined }),
        answerer: right,
        expected: 'IKE_AUTH: no-peer-config, AUTHENTICATION_FAILED by responder',
      },
      {
        what: 'a name of another type: an address in letters',
        caller: withConnection(left, { localId: '@203.0.113.1' }),
        answerer: withConnection(right, { remoteId: '203.0.113.1' }),
        expected: 'IKE_AUTH: no-peer-config, AUTHENTICATION_FAILED by responder',
      },
      {
        what: 'another key',
        caller: left,
        answerer: { ...right, secrets: [['other', 'left', 'right']] },
        expected: 'IKE_AUTH: psk-mismatch, AUTHENTICATION_FAILED by responder',
      },
      {
        what: 'no key at the other end (psk_authenticator.c, process)',
        caller: left,
        answerer: { ...right, secrets: strangers },
        expected: 'IKE_AUTH: no-psk, AUTHENTICATION_FAILED by responder',
      },
      {
        what: 'a responder that wants a certificate (auth_cfg.c, complies)',
        caller: left,
        answerer: withConnection(right, { remoteAuth: 'pubkey' }),
        expected: 'IKE_AUTH: auth-method, AUTHENTICATION_FAILED by responder',
      },
      {
        what: 'an identity that is wider than the one required: looked up, but not proven (get_peer_match, complies)',
        caller: withConnection(left, { localId: '*.example.net' }),
        answerer: withConnection(
          { ...right, secrets: [['s3cret', '%any']] },
          { remoteId: 'left.example.net' },
        ),
        expected: 'IKE_AUTH: no-peer-config, AUTHENTICATION_FAILED by responder',
      },
      {
        what: 'an IDr that is wider than the responder’s own (ike_auth.c, build_r: received IDr, but require)',
        caller: withConnection(left, { remoteId: '198.51.100.0/24' }),
        answerer: withConnection(right, { localId: '198.51.100.1' }),
        expected: 'IKE_AUTH: no-peer-config, AUTHENTICATION_FAILED by responder',
      },
      {
        what: 'a responder that shows its address where a wildcard wants a name (ike_auth.c, process_i)',
        caller: withConnection(left, { remoteId: '*.example.net' }),
        answerer: withConnection(right, { localId: undefined }),
        expected: 'IKE_AUTH: id-mismatch, AUTHENTICATION_FAILED by initiator',
      },
      {
        what: 'a responder that has another key for itself than for the initiator',
        caller: { ...left, secrets: [['one', 'left']] },
        answerer: {
          ...withConnection(right, { localId: 'right' }),
          secrets: [
            ['one', 'left'],
            ['two', 'left', 'right'],
          ],
        },
        expected: 'IKE_AUTH: psk-mismatch, AUTHENTICATION_FAILED by initiator',
      },
      {
        what: 'no child for the selectors (child_create.c, select_child_cfg)',
        caller: left,
        answerer: withChild(right, { localTs: '10.3.0.0/24' }),
        expected: 'IKE_AUTH: no-matching-ts, TS_UNACCEPTABLE by responder',
      },
      {
        what: 'no common proposal for the child (select_and_install)',
        caller: left,
        answerer: withChild(right, { espProposals: 'aes128-sha256-modp2048' }),
        expected: 'IKE_AUTH: no-child-proposal, NO_PROPOSAL_CHOSEN by responder',
      },
    ]),
  )('%s', (_, { caller, answerer, expected }) => {
    expect(outcome(callOne(caller, answerer))).toBe(expected);
  });
});

describe('why IKEv1 fails', () => {
  const v1 = (base: DaemonWords, change: ConnectionWords, child: ChildWords = {}) =>
    withConnection(withChild(base, child), { version: 1, ...change });

  test.each(
    rows([
      {
        what: 'nobody to call',
        caller: v1(left, { remoteAddrs: '%any' }),
        answerer: ikev1.right,
        expected: 'no exchange: cannot-initiate, no notify by initiator',
      },
      {
        what: 'an address that is not the other end’s',
        caller: v1(left, { remoteAddrs: '192.0.2.9' }),
        answerer: ikev1.right,
        expected: 'MAIN_MODE: no-response, no notify by nobody',
      },
      {
        what: 'the same in aggressive mode',
        caller: v1(left, { remoteAddrs: '192.0.2.9', aggressive: true }),
        answerer: ikev1.right,
        expected: 'AGGRESSIVE_MODE: no-response, no notify by nobody',
      },
      {
        what: 'the other version',
        caller: ikev1.left,
        answerer: right,
        expected: 'MAIN_MODE: no-ike-config, NO_PROPOSAL_CHOSEN by responder',
      },
      {
        what: 'no common proposal (main_mode.c, process_r)',
        caller: ikev1.left,
        answerer: v1(right, { proposals: 'aes128-sha256-modp2048' }),
        expected: 'MAIN_MODE: no-ike-proposal, NO_PROPOSAL_CHOSEN by responder',
      },
      {
        what: 'an AEAD cipher, for which phase 1 has no number, though both have it (proposal_substructure.c)',
        caller: v1(left, { proposals: 'aes256gcm128-sha256-modp2048' }),
        answerer: v1(right, { proposals: 'aes256gcm128-sha256-modp2048' }),
        expected: 'MAIN_MODE: no-ike-proposal, NO_PROPOSAL_CHOSEN by responder',
      },
      {
        what: 'a PRF of its own, which phase 1 cannot carry, though both have it',
        caller: v1(left, { proposals: 'aes256-sha256-prfsha1-modp2048' }),
        answerer: v1(right, { proposals: 'aes256-sha256-prfsha1-modp2048' }),
        expected: 'MAIN_MODE: no-ike-proposal, NO_PROPOSAL_CHOSEN by responder',
      },
      {
        what: 'a PRF that only the initiator has: it refuses what comes back (main_mode.c, process_i)',
        caller: v1(left, { proposals: 'aes256-sha256-prfsha1-modp2048' }),
        answerer: ikev1.right,
        expected: 'MAIN_MODE: no-ike-proposal, NO_PROPOSAL_CHOSEN by initiator',
      },
      {
        what: 'aggressive mode with a pre-shared key (aggressive_mode.c, process_r)',
        caller: v1(left, { aggressive: true }),
        answerer: v1(right, { aggressive: true }),
        expected: 'AGGRESSIVE_MODE: aggressive-psk-refused, AUTHENTICATION_FAILED by responder',
      },
      {
        what: 'the same where the responder is in main mode',
        caller: v1(left, { aggressive: true }),
        answerer: ikev1.right,
        expected: 'AGGRESSIVE_MODE: aggressive-psk-refused, AUTHENTICATION_FAILED by responder',
      },
      {
        what: 'main mode where the responder is in aggressive mode (phase1.c, select_config)',
        caller: ikev1.left,
        answerer: v1(right, { aggressive: true }),
        expected: 'MAIN_MODE: mode-mismatch, AUTHENTICATION_FAILED by responder',
      },
      {
        what: 'no key at the responder (main_mode.c, build_r: it is derived before the identities are known)',
        caller: ikev1.left,
        answerer: { ...ikev1.right, secrets: strangers },
        expected: 'MAIN_MODE: no-psk, INVALID_KEY_INFORMATION by responder',
      },
      {
        what: 'no key of its own (main_mode.c, process_i)',
        caller: { ...ikev1.left, secrets: strangers },
        answerer: ikev1.right,
        expected: 'MAIN_MODE: no-psk, INVALID_KEY_INFORMATION by initiator',
      },
      {
        what: 'another key: the responder cannot read what comes, and says nothing',
        caller: ikev1.left,
        answerer: { ...ikev1.right, secrets: [['other', 'left', 'right']] },
        expected: 'MAIN_MODE: psk-mismatch, no notify by responder',
      },
      {
        what: 'an identity that the responder does not expect (phase1.c, select_config)',
        caller: v1(left, { localId: 'stranger' }),
        answerer: ikev1.right,
        expected: 'MAIN_MODE: no-peer-config, AUTHENTICATION_FAILED by responder',
      },
      {
        what: 'a responder that wants a certificate (phase1.c, check_auth_method)',
        caller: ikev1.left,
        answerer: v1(right, { remoteAuth: 'pubkey' }),
        expected: 'MAIN_MODE: auth-method, AUTHENTICATION_FAILED by responder',
      },
      {
        what: 'a responder by another name: there is no IDr to ask for it by (main_mode.c, process_i)',
        caller: v1(left, { remoteId: 'stranger' }),
        answerer: ikev1.right,
        expected: 'MAIN_MODE: id-mismatch, no notify by initiator',
      },
      {
        what: 'no child for the selectors (quick_mode.c, process_r)',
        caller: ikev1.left,
        answerer: v1(right, {}, { localTs: '10.3.0.0/24' }),
        expected: 'QUICK_MODE: no-matching-ts, INVALID_ID_INFORMATION by responder',
      },
      {
        what: 'the other mode: refused as the selectors are',
        caller: v1(left, {}, { localTs: 'dynamic', remoteTs: 'dynamic', mode: 'transport' }),
        answerer: v1(right, {}, { localTs: 'dynamic', remoteTs: 'dynamic' }),
        expected: 'QUICK_MODE: no-matching-ts, INVALID_ID_INFORMATION by responder',
      },
      {
        what: 'no common proposal for the child',
        caller: ikev1.left,
        answerer: v1(right, {}, { espProposals: 'aes128-sha256-modp2048' }),
        expected: 'QUICK_MODE: no-child-proposal, NO_PROPOSAL_CHOSEN by responder',
      },
      {
        what: 'PFS at one end: it shows at once',
        caller: ikev1.left,
        answerer: v1(right, {}, { espProposals: 'aes256-sha256' }),
        expected: 'QUICK_MODE: no-child-proposal, NO_PROPOSAL_CHOSEN by responder',
      },
      {
        what: 'CMAC, which quick mode cannot carry, though both have it',
        caller: v1(left, {}, { espProposals: 'aes256-aescmac-modp2048' }),
        answerer: v1(right, {}, { espProposals: 'aes256-aescmac-modp2048' }),
        expected: 'QUICK_MODE: no-child-proposal, NO_PROPOSAL_CHOSEN by responder',
      },
    ]),
  )('%s', (_, { caller, answerer, expected }) => {
    expect(outcome(callOne(caller, answerer))).toBe(expected);
  });
});

describe('what a failure says besides', () => {
  test('the proposals of both', () => {
    const responder = withConnection(right, { proposals: '3des-md5-modp768,aes256-sha256-modp1024' });
    const { result } = callOne(left, responder);
    expect(result).toMatchObject({
      detail: {
        proposals: {
          responder: daemon(responder).connections[0]?.proposals,
        },
      },
      log: {
        initiator: ['received NO_PROPOSAL_CHOSEN notify error'],
        responder: [
          'received proposals: IKE:AES_CBC_256/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_2048',
          'configured proposals: IKE:3DES_CBC/HMAC_MD5_96/PRF_HMAC_MD5/MODP_768, IKE:AES_CBC_256/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_1024',
          'received proposals unacceptable',
        ],
      },
    });
  });

  test('the identities', () => {
    expect(callOne(withConnection(left, { localId: 'stranger' }), right).result).toMatchObject({
      detail: {
        responderConnection: 'left',
        identity: { presented: 'stranger to right', accepted: ['left'] },
      },
      log: {
        responder: [
          'looking for peer configs matching 198.51.100.1[right]...203.0.113.1[stranger]',
          'no matching peer config found',
        ],
      },
    });
  });

  test('the selectors that the responder would have allowed, in the view of the initiator', () => {
    expect(callOne(left, withChild(right, { localTs: '10.3.0.0/24' })).result).toMatchObject({
      detail: { selectors: { local: ['10.1.0.0/24'], remote: ['10.3.0.0/24'] } },
    });
  });

  test('a key stands in no line of it', () => {
    const wrong = { ...right, secrets: [['an0ther', 'left', 'right']] as const };
    expect(
      JSON.stringify([callOne(left, wrong), callOne(ikev1.left, withConnection(wrong, { version: 1 }))]),
    ).not.toMatch(/s3cret|an0ther/);
  });
});

describe('what is hidden behind a failure, in the order of the exchanges', () => {
  test('no key that would fit once the initiator is who it should be', () => {
    const caller = {
      ...withConnection(left, { localId: 'wrong' }),
      secrets: [['s3cret', 'wrong', 'left'] as const],
    };
    const answerer = { ...right, secrets: [['s3cret', 'left'] as const] };
    expect(failures(callOne(caller, answerer))).toEqual([
      'IKE_AUTH: no-peer-config, AUTHENTICATION_FAILED by responder',
    ]);
  });

  const child = (base: DaemonWords) =>
    withChild(base, { localTs: '10.9.0.0/24', espProposals: 'aes128-sha1-modp2048' });
  const otherKey: DaemonWords['secrets'] = [['other', 'left', 'right']];

  test('IKEv2: group, key, selectors', () => {
    const answerer = withConnection(
      { ...withChild(right, { localTs: '10.9.0.0/24' }), secrets: otherKey },
      { proposals: 'aes256-sha256-modp1024' },
    );
    expect(failures(callOne(left, answerer))).toEqual([
      'IKE_SA_INIT: no-ike-proposal, NO_PROPOSAL_CHOSEN by responder',
      'IKE_AUTH: psk-mismatch, AUTHENTICATION_FAILED by responder',
      'IKE_AUTH: no-matching-ts, TS_UNACCEPTABLE by responder',
    ]);
  });

  test('IKEv2: all of it', () => {
    const caller = withConnection(left, { remoteAddrs: '192.0.2.9', localId: 'stranger' });
    const answerer = withConnection(
      { ...child(right), secrets: otherKey },
      { proposals: 'aes256-sha256-modp1024', remoteAddrs: '192.0.2.8' },
    );
    expect(failures(callOne(caller, answerer))).toEqual([
      'IKE_SA_INIT: no-response, no notify by nobody',
      'IKE_SA_INIT: no-ike-proposal, NO_PROPOSAL_CHOSEN by responder',
      'IKE_AUTH: no-peer-config, AUTHENTICATION_FAILED by responder',
      'IKE_AUTH: psk-mismatch, AUTHENTICATION_FAILED by responder',
      'IKE_AUTH: no-matching-ts, TS_UNACCEPTABLE by responder',
      'IKE_AUTH: no-child-proposal, NO_PROPOSAL_CHOSEN by responder',
    ]);
  });

  test('the other version hides all else', () => {
    const answerer = withConnection({ ...child(right), secrets: otherKey }, { version: 1 });
    expect(failures(callOne(left, answerer))).toEqual([
      'IKE_SA_INIT: no-ike-config, NO_PROPOSAL_CHOSEN by responder',
      'IKE_AUTH: psk-mismatch, AUTHENTICATION_FAILED by responder',
      'IKE_AUTH: no-matching-ts, TS_UNACCEPTABLE by responder',
      'IKE_AUTH: no-child-proposal, NO_PROPOSAL_CHOSEN by responder',
    ]);
  });

  test('IKEv1', () => {
    const caller = withConnection(left, { version: 1, localId: 'stranger' });
    const answerer = withConnection(
      { ...child(right), secrets: otherKey },
      { version: 1, proposals: 'aes256-sha256-modp1024' },
    );
    expect(failures(callOne(caller, answerer))).toEqual([
      'MAIN_MODE: no-ike-proposal, NO_PROPOSAL_CHOSEN by responder',
      'MAIN_MODE: psk-mismatch, no notify by responder',
      'MAIN_MODE: no-peer-config, AUTHENTICATION_FAILED by responder',
      'QUICK_MODE: no-matching-ts, INVALID_ID_INFORMATION by responder',
      'QUICK_MODE: no-child-proposal, NO_PROPOSAL_CHOSEN by responder',
    ]);
  });

  test('a masked key hides nothing: what comes behind it fails whatever the key is', () => {
    const answerer = { ...child(right), secrets: [[hidden, 'left', 'right'] as const] };
    const behind = [
      'IKE_AUTH: no-matching-ts, TS_UNACCEPTABLE by responder',
      'IKE_AUTH: no-child-proposal, NO_PROPOSAL_CHOSEN by responder',
    ];
    const negotiation = callOne(left, answerer);
    expect([outcome(negotiation), ...negotiation.hidden.map(inWords)]).toEqual([
      'unknown: a pre-shared secret is masked',
      ...behind,
    ]);
    expect(
      failures(callOne(left, withConnection(answerer, { proposals: 'aes256-sha256-modp1024' }))),
    ).toEqual(['IKE_SA_INIT: no-ike-proposal, NO_PROPOSAL_CHOSEN by responder', ...behind]);
  });

  test('nothing is hidden behind a success', () => {
    expect(callOne(left, right).hidden).toEqual([]);
  });
});

describe('afterwards', () => {
  const later = (caller: DaemonWords, answerer: DaemonWords) =>
    call(caller, answerer).map((negotiation) => [
      outcome(negotiation),
      ...negotiation.afterwards.map((each) =>
        each.kind === 'rekey'
          ? `rekey by ${each.by}: ${inWords(each.failure)}`
          : `later: ${inWords(each.failure)}`,
      ),
    ]);

  test('IKEv2: PFS differs, and shows in the rekey by either end (child_rekey.c)', () => {
    expect(later(left, withChild(right, { espProposals: 'aes256-sha256' }))).toEqual([
      [
        'established',
        'rekey by a: CREATE_CHILD_SA: no-child-proposal, NO_PROPOSAL_CHOSEN by responder',
        'rekey by b: CREATE_CHILD_SA: no-child-proposal, NO_PROPOSAL_CHOSEN by responder',
      ],
    ]);
  });

  test('an initiator that is called `b` rekeys as `b`', () => {
    const [record] = negotiate(
      { side: 'b', daemon: daemon(left), connection: 'right' },
      { side: 'a', daemon: daemon(withChild(right, { espProposals: 'aes256-sha256' })), connection: 'left' },
    );
    expect(record?.negotiation.afterwards.map((each) => each.kind === 'rekey' && each.by)).toEqual([
      'b',
      'a',
    ]);
  });

  test('it is no failure that waits behind another one', () => {
    const answerer = withChild(
      { ...right, secrets: [['other', 'left', 'right']] },
      { espProposals: 'aes256-sha256' },
    );
    expect(later(left, answerer)).toEqual([
      [
        'IKE_AUTH: psk-mismatch, AUTHENTICATION_FAILED by responder',
        'rekey by a: CREATE_CHILD_SA: no-child-proposal, NO_PROPOSAL_CHOSEN by responder',
        'rekey by b: CREATE_CHILD_SA: no-child-proposal, NO_PROPOSAL_CHOSEN by responder',
      ],
    ]);
  });

  const two = {
    one: { localTs: '10.1.0.0/24', remoteTs: '10.2.0.0/24' },
    two: { localTs: '10.1.1.0/24', remoteTs: '10.2.1.0/24' },
  };
  const turned = {
    one: { localTs: '10.2.0.0/24', remoteTs: '10.1.0.0/24' },
    two: { localTs: '10.2.1.0/24', remoteTs: '10.1.1.0/24' },
  };
  const withoutPfs = (children: Readonly<Record<string, ChildWords>>) =>
    Object.fromEntries(
      Object.entries(children).map(([name, words]) => [name, { ...words, espProposals: 'aes256-sha256' }]),
    );

  test('IKEv2: of several children the first comes up, and each further one fails (CREATE_CHILD_SA has a key exchange)', () => {
    const negotiations = call(
      withConnection(left, { children: two }),
      withConnection(right, { children: withoutPfs(turned) }),
    );
    expect(negotiations.map(outcome)).toEqual(['established', 'established']);
    expect(negotiations.map(({ onExistingIkeSa }) => onExistingIkeSa)).toEqual([
      undefined,
      { outcome: 'failed', notify: 'NO_PROPOSAL_CHOSEN' },
    ]);
    expect(negotiations[1]?.afterwards.map(({ kind }) => kind)).toEqual(['rekey', 'rekey', 'later-child']);
  });

  test('where all agrees a later child comes up with its key exchange', () => {
    const negotiations = call(
      withConnection(left, { children: two }),
      withConnection(right, { children: turned }),
    );
    expect(negotiations.map(({ onExistingIkeSa }) => onExistingIkeSa)).toEqual([
      undefined,
      { outcome: 'established', espProposal: 'AES_CBC_256/HMAC_SHA2_256_128/MODP_2048/NO_EXT_SEQ' },
    ]);
  });

  test.each([
    [2, { outcome: 'failed', notify: null }],
    [1, { outcome: 'established', espProposal: 'AES_CBC_256/HMAC_SHA2_256_128/MODP_2048/NO_EXT_SEQ' }],
  ] as const)(
    'IKEv%i: a child that differs in its name alone (child_create.c, check_for_duplicate)',
    (version, expected) => {
      const { net } = leftConnection?.children ?? {};
      const negotiations = call(
        withConnection(left, { version, children: { net: net ?? {}, again: net ?? {} } }),
        withConnection(right, { version }),
      );
      expect(negotiations.map(({ onExistingIkeSa }) => onExistingIkeSa)).toEqual([undefined, expected]);
    },
  );

  test('a failure of the child alone leaves the IKE_SA to the later ones', () => {
    const negotiations = call(
      withConnection(left, { children: two }),
      withConnection(right, { children: { two: turned.two } }),
    );
    expect(negotiations.map(outcome)).toEqual([
      'IKE_AUTH: no-matching-ts, TS_UNACCEPTABLE by responder',
      'established',
    ]);
    expect(negotiations[1]?.onExistingIkeSa).toMatchObject({ outcome: 'established' });
  });
});

describe('the first group and the one that is taken', () => {
  test.each([
    ['aes256-sha256-modp1024,aes256-sha256-modp2048', 'aes256-sha256-modp2048', true],
    ['aes256-sha256-modp2048,aes256-sha256-modp1024', 'aes256-sha256-modp2048', false],
    ['default', 'aes256-sha256-modp2048', true],
    ['aes256-sha256-curve25519', 'default', false],
  ])('%s, %s: INVALID_KE_PAYLOAD %s (ike_init.c, build_i)', (initiator, responder, expected) => {
    const negotiation = callOne(
      withConnection(left, { proposals: initiator }),
      withConnection(right, { proposals: responder }),
    );
    expect(negotiation.result).toMatchObject({ outcome: 'established', invalidKePayload: expected });
  });
});

describe('which connection answers', () => {
  const answering = (connections: Readonly<Record<string, ConnectionWords>>): DaemonWords => ({
    ...right,
    connections: Object.fromEntries(
      Object.entries(connections).map(([name, change]) => [name, { ...rightConnection, ...change }]),
    ),
  });
  const chosen = (caller: DaemonWords, answerer: DaemonWords) => {
    const { result } = callOne(caller, answerer);
    return result.outcome === 'established'
      ? result.responder?.connection
      : outcome(callOne(caller, answerer));
  };

  test.each<readonly [string, Readonly<Record<string, ConnectionWords>>, string]>([
    ['the first loaded of equal ones', { one: {}, two: {} }, 'one'],
    ['the identity decides between the same addresses', { other: { remoteId: 'other' }, own: {} }, 'own'],
    ['a name before any', { any: { remoteId: '%any' }, own: {} }, 'own'],
    ['a name before a wildcard', { wild: { remoteId: '*eft' }, own: {} }, 'own'],
    ['a wildcard before any', { any: { remoteId: '%any' }, wild: { remoteId: '*eft' } }, 'wild'],
    ['an address before any address', { any: { remoteAddrs: '%any' }, own: {} }, 'own'],
    // backend_manager.c, insert_sorted: better in one and worse in the other is not better.
    [
      'an address against an identity: the first loaded',
      { any: { remoteAddrs: '%any' }, vague: { remoteId: '%any' } },
      'any',
    ],
    ['and the other way round', { vague: { remoteId: '%any' }, any: { remoteAddrs: '%any' } }, 'vague'],
    ['a fixed version before an unset one (MATCH_VERSION)', { unset: { version: 0 }, own: {} }, 'own'],
    // ike_auth.c, load_cfg_candidates: those that do not have the proposal that was chosen are passed over.
    [
      'the proposal decides: the second is tried (ike_init.c, process_sa_payload)',
      { other: { proposals: 'aes128-sha1-modp1024' }, own: {} },
      'own',
    ],
    [
      'the method decides: it switches (update_cfg_candidates)',
      { cert: { remoteAuth: 'pubkey' }, own: {} },
      'own',
    ],
    [
      'the child does not: no other connection is tried for it',
      { first: { children: { x: { localTs: '10.9.0.0/24' } } }, own: {} },
      'IKE_AUTH: no-matching-ts, TS_UNACCEPTABLE by responder',
    ],
  ])('IKEv2: %s', (_, connections, expected) => {
    expect(chosen(left, answering(connections))).toBe(expected);
  });

  test.each<readonly [string, Readonly<Record<string, ConnectionWords>>, string]>([
    ['the identity decides', { other: { remoteId: 'other' }, own: {} }, 'own'],
    ['the mode decides', { aggressive: { aggressive: true }, own: {} }, 'own'],
    ['the method decides', { cert: { remoteAuth: 'pubkey' }, own: {} }, 'own'],
    [
      'the proposal does not: only the first is looked at (main_mode.c, process_r)',
      { other: { proposals: 'aes128-sha1-modp1024' }, own: {} },
      'MAIN_MODE: no-ike-proposal, NO_PROPOSAL_CHOSEN by responder',
    ],
  ])('IKEv1: %s', (_, connections, expected) => {
    const v1 = Object.fromEntries(
      Object.entries(connections).map(([name, change]) => [name, { version: 1 as const, ...change }]),
    );
    expect(chosen(ikev1.left, answering(v1))).toBe(expected);
  });

  test('IKEv1: the key is that of the first connection for the addresses, whoever calls (phase1.c, lookup_shared_key)', () => {
    const answerer: DaemonWords = {
      ...answering({ other: { version: 1, remoteId: 'other' }, own: { version: 1 } }),
      secrets: [
        ['s3cret', 'left'],
        ['other', 'other', 'right'],
      ],
    };
    expect(chosen(ikev1.left, answerer)).toBe('MAIN_MODE: psk-mismatch, no notify by responder');
  });

  test('IKEv1: without a key for the identities, one for the addresses is taken', () => {
    const secrets: DaemonWords['secrets'] = [['s3cret', '203.0.113.1', '198.51.100.1']];
    expect(outcome(callOne({ ...ikev1.left, secrets }, { ...ikev1.right, secrets }))).toBe('established');
    expect(outcome(callOne({ ...left, secrets }, { ...right, secrets }))).toBe(
      'IKE_AUTH: no-psk, no notify by initiator',
    );
  });
});

describe('the version that is not set calls with IKEv2 and answers both', () => {
  test.each([
    [0, 0, 'established', 2],
    [0, 2, 'established', 2],
    [2, 0, 'established', 2],
    [1, 0, 'established', 1],
    [0, 1, 'IKE_SA_INIT: no-ike-config, NO_PROPOSAL_CHOSEN by responder', 2],
  ] as const)('%i calls %i', (caller, answerer, expected, version) => {
    const negotiation = callOne(
      withConnection(left, { version: caller }),
      withConnection(right, { version: answerer }),
    );
    expect(outcome(negotiation)).toBe(expected);
    expect(negotiation.ikeVersion).toBe(version);
  });
});

describe('identities that say little', () => {
  const anybody: DaemonWords['secrets'] = [['s3cret', '%any']];

  test.each<readonly [string, ConnectionWords, ConnectionWords, string]>([
    [
      'any on both ends: the addresses are shown',
      { localId: undefined, remoteId: '%any' },
      { localId: undefined, remoteId: '%any' },
      'established',
    ],
    [
      'an address is the identity of an end that has none',
      { localId: undefined, remoteId: '198.51.100.1' },
      { localId: undefined, remoteId: '203.0.113.1' },
      'established',
    ],
    ['a local `%any` is none', { localId: '%any' }, { remoteId: '203.0.113.1' }, 'established'],
    [
      'a wildcard that fits',
      { localId: 'left.example.net', remoteId: '*.example.net' },
      { localId: 'right.example.net', remoteId: '*.example.net' },
      'established',
    ],
    ['a subnet that fits', { localId: undefined }, { remoteId: '203.0.113.0/24' }, 'established'],
    ['case', { localId: 'LEFT', remoteId: 'RIGHT' }, {}, 'established'],
    [
      'distinguished names',
      { localId: 'C=US, O=Acme, CN=left' },
      { remoteId: '/C=us/O=ACME/CN=*' },
      'established',
    ],
    // ike_auth.c, build_r: the responder answers by the name it is called.
    [
      'a responder without a name answers to any',
      { remoteId: 'whoever' },
      { localId: undefined },
      'established',
    ],
    [
      'a local wildcard as a responder',
      { remoteId: 'right.example.net' },
      { localId: '*.example.net' },
      'established',
    ],
    [
      '`any` is a host name, and names nobody',
      { remoteId: 'any' },
      {},
      'IKE_AUTH: no-peer-config, AUTHENTICATION_FAILED by responder',
    ],
  ])('%s', (_, caller, answerer, expected) => {
    expect(
      outcome(
        callOne(
          withConnection({ ...left, secrets: anybody }, caller),
          withConnection({ ...right, secrets: anybody }, answerer),
        ),
      ),
    ).toBe(expected);
  });
});

describe('addresses', () => {
  test.each<readonly [string, DaemonWords, DaemonWords, string]>([
    [
      'any local address calls from the one that is expected',
      withConnection(left, { localAddrs: '%any' }),
      right,
      'established',
    ],
    ['any remote address answers', left, withConnection(right, { remoteAddrs: '%any' }), 'established'],
    ['any local address answers', left, withConnection(right, { localAddrs: '%any' }), 'established'],
    [
      'of several the first of the family is called',
      withConnection(left, { remoteAddrs: '2001:db8::1,198.51.100.1,192.0.2.9' }),
      right,
      'established',
    ],
    [
      'the first only',
      withConnection(left, { remoteAddrs: '192.0.2.9,198.51.100.1' }),
      right,
      'IKE_SA_INIT: no-response, no notify by nobody',
    ],
    [
      'but any of them may call',
      left,
      withConnection(right, { remoteAddrs: '192.0.2.9,203.0.113.1' }),
      'established',
    ],
    [
      'an address in another spelling',
      withConnection(
        { ...left, addresses: ['2001:db8::1'] },
        { localAddrs: '2001:DB8:0:0::1', remoteAddrs: '2001:db8::0002' },
      ),
      withConnection(
        { ...right, addresses: ['2001:db8::2'] },
        { localAddrs: '2001:db8::2', remoteAddrs: '2001:db8::1' },
      ),
      'established',
    ],
  ])('%s', (_, caller, answerer, expected) => {
    expect(outcome(callOne(caller, answerer))).toBe(expected);
  });
});

describe('behind a NAT', () => {
  const inside = withConnection(
    { ...left, addresses: ['10.0.0.1'], nat: ['10.0.0.1', '203.0.113.1'] },
    { localAddrs: '10.0.0.1' },
  );
  const untranslated: DaemonWords = {
    connections: inside.connections,
    secrets: inside.secrets,
    addresses: inside.addresses,
  };

  test.each<readonly [string, DaemonWords, DaemonWords, string]>([
    ['the initiator', inside, right, 'established'],
    ['the responder', right, inside, 'established'],
    [
      'without the translation it is a stranger',
      untranslated,
      right,
      'IKE_SA_INIT: no-ike-config, NO_PROPOSAL_CHOSEN by responder',
    ],
    ['and is not reached', right, untranslated, 'IKE_SA_INIT: no-response, no notify by nobody'],
    [
      'without an identity it shows its inner address',
      withConnection(inside, { localId: undefined }),
      withConnection(right, { remoteId: '203.0.113.1' }),
      'IKE_AUTH: no-peer-config, AUTHENTICATION_FAILED by responder',
    ],
    [
      'which can be expected',
      withConnection(inside, { localId: undefined }),
      withConnection(right, { remoteId: '10.0.0.1' }),
      'established',
    ],
    // Each end takes for `dynamic` the address that it sees (child_cfg.c, get_traffic_selectors).
    [
      'selectors that follow the address do not meet',
      withChild(inside, { localTs: 'dynamic', remoteTs: 'dynamic' }),
      withChild(right, { localTs: 'dynamic', remoteTs: 'dynamic' }),
      'IKE_AUTH: no-matching-ts, TS_UNACCEPTABLE by responder',
    ],
  ])('%s', (_, caller, answerer, expected) => {
    expect(outcome(callOne(caller, answerer))).toBe(expected);
  });

  test('IKEv1, from either end', () => {
    const [caller, answerer] = [withConnection(inside, { version: 1 }), ikev1.right];
    expect(outcome(callOne(caller, answerer))).toBe('established');
    expect(outcome(callOne(answerer, caller))).toBe('established');
  });

  const transport = { localTs: 'dynamic[gre]', remoteTs: 'dynamic[gre]', mode: 'transport' } as const;
  /** child_create.c, get_transport_nat_ts; quick_mode.c, get_ts: the selectors take the addresses that the end sees. */
  test.each([2, 1] as const)('IKEv%i: in transport mode the selectors are translated', (version) => {
    const caller = withConnection(withChild(inside, transport), { version });
    const answerer = withConnection(withChild(right, transport), { version });
    expect(outcome(callOne(caller, answerer))).toBe('established');
    expect(outcome(callOne(answerer, caller))).toBe('established');
  });
});

describe('traffic selectors', () => {
  const selected = (caller: ChildWords, answerer: ChildWords, version: 1 | 2 = 2) => {
    const { result } = callOne(
      withConnection(withChild(left, caller), { version }),
      withConnection(withChild(right, answerer), { version }),
    );
    if (result.outcome !== 'established') return result.outcome;
    const { local, remote } = result.trafficSelectors;
    return `${local.join(' ')} === ${remote.join(' ')}`;
  };

  test.each<readonly [string, ChildWords, ChildWords, string]>([
    [
      'narrowed to what both have',
      { localTs: '10.1.0.0/16' },
      { remoteTs: '10.1.2.0/24' },
      '10.1.2.0/24 === 10.2.0.0/24',
    ],
    [
      'all that is common of several',
      { localTs: '10.1.0.0/24,10.1.1.0/24,10.1.2.0/24' },
      { remoteTs: '10.1.2.0/24,10.1.0.0/24' },
      '10.1.0.0/24 10.1.2.0/24 === 10.2.0.0/24',
    ],
    [
      'everything against a prefix',
      { localTs: '0.0.0.0/0,::/0', remoteTs: '0.0.0.0/0,::/0' },
      {},
      '10.1.0.0/24 === 10.2.0.0/24',
    ],
    [
      'a protocol at one end',
      { localTs: '10.1.0.0/24[tcp]', remoteTs: '10.2.0.0/24[tcp/443]' },
      {},
      '10.1.0.0/24[tcp] === 10.2.0.0/24[tcp/443]',
    ],
    [
      'the hosts themselves',
      { localTs: 'dynamic', remoteTs: 'dynamic' },
      { localTs: 'dynamic', remoteTs: 'dynamic' },
      '203.0.113.1/32 === 198.51.100.1/32',
    ],
    [
      'transport mode: the hosts, whatever the prefixes',
      { localTs: '0.0.0.0/0', remoteTs: '0.0.0.0/0', mode: 'transport' },
      { localTs: '0.0.0.0/0', remoteTs: '0.0.0.0/0', mode: 'transport' },
      '203.0.113.1/32 === 198.51.100.1/32',
    ],
    [
      'transport against tunnel mode: tunnel mode (child_create.c, check_mode)',
      { localTs: 'dynamic', remoteTs: 'dynamic', mode: 'transport' },
      { localTs: 'dynamic', remoteTs: 'dynamic' },
      '203.0.113.1/32 === 198.51.100.1/32',
    ],
    [
      'and the other way round',
      { localTs: 'dynamic', remoteTs: 'dynamic' },
      { localTs: 'dynamic', remoteTs: 'dynamic', mode: 'transport' },
      '203.0.113.1/32 === 198.51.100.1/32',
    ],
  ])('IKEv2: %s', (_, caller, answerer, expected) => {
    expect(selected(caller, answerer)).toBe(expected);
  });

  test.each<readonly [string, ChildWords, ChildWords, string]>([
    ['narrowed', { localTs: '10.1.0.0/16' }, { remoteTs: '10.1.2.0/24' }, '10.1.2.0/24 === 10.2.0.0/24'],
    [
      'only the first pair of several (quick_mode.c, select_ts)',
      { localTs: '10.1.0.0/24,10.1.1.0/24' },
      { remoteTs: '10.1.0.0/24,10.1.1.0/24' },
      '10.1.0.0/24 === 10.2.0.0/24',
    ],
    ['and it alone is looked for', { localTs: '10.1.9.0/24,10.1.0.0/24' }, {}, 'failed'],
    [
      'transport mode on both',
      { localTs: 'dynamic', remoteTs: 'dynamic', mode: 'transport' },
      { localTs: 'dynamic', remoteTs: 'dynamic', mode: 'transport' },
      '203.0.113.1/32 === 198.51.100.1/32',
    ],
  ])('IKEv1: %s', (_, caller, answerer, expected) => {
    expect(selected(caller, answerer, 1)).toBe(expected);
  });

  test.each<readonly [string, Readonly<Record<string, ChildWords>>, string]>([
    [
      'an equal child before one that overlaps',
      { wide: { localTs: '10.0.0.0/8', remoteTs: '10.0.0.0/8' }, own: rightConnection?.children?.net ?? {} },
      'own',
    ],
    [
      'the first of equal ones',
      { one: rightConnection?.children?.net ?? {}, two: rightConnection?.children?.net ?? {} },
      'one',
    ],
    [
      'one that fits at one end only is none',
      {
        half: { localTs: '10.2.0.0/24', remoteTs: '10.9.0.0/24' },
        wide: { localTs: '0.0.0.0/0', remoteTs: '0.0.0.0/0' },
      },
      'wide',
    ],
  ])('the child that answers: %s (peer_cfg.c, select_child_cfg)', (_, children, expected) => {
    expect(callOne(left, withConnection(right, { children })).result).toMatchObject({
      responder: { child: expected },
    });
  });
});

describe('what the dumps do not tell', () => {
  test('a connection for just these addresses comes before one whose addresses are masked', () => {
    const { left: own } = right.connections;
    const connections = { other: { ...own, localId: 'another', remoteAddrs: hidden }, left: own ?? {} };
    expect(outcome(callOne(left, { ...right, connections }))).toBe('established');
  });

  test.each<readonly [string, DaemonWords, DaemonWords, RegExp]>([
    [
      'the identity of the initiator',
      withConnection(left, { localId: hidden }),
      right,
      /identity of connection "right" is masked/,
    ],
    [
      'whom it expects',
      withConnection(left, { remoteId: hidden }),
      right,
      /identity of connection "right" is masked/,
    ],
    [
      'the identity of the responder',
      left,
      withConnection(right, { localId: hidden }),
      /identity of connection "left" is masked/,
    ],
    [
      'whom the responder expects',
      left,
      withConnection(right, { remoteId: hidden }),
      /identity of connection "left" is masked/,
    ],
    [
      'the key of the initiator',
      { ...left, secrets: [[hidden, 'left', 'right']] },
      right,
      /pre-shared secret is masked/,
    ],
    [
      'the key of the responder',
      left,
      { ...right, secrets: [[hidden, 'left', 'right']] },
      /pre-shared secret is masked/,
    ],
    [
      'both keys',
      { ...left, secrets: [[hidden, 'left', 'right']] },
      { ...right, secrets: [[hidden, 'left', 'right']] },
      /pre-shared secret is masked/,
    ],
    [
      'the address that is called',
      withConnection(left, { remoteAddrs: hidden }),
      right,
      /the address of connection "right"/,
    ],
    [
      'the address it calls from',
      withConnection(left, { localAddrs: hidden }),
      right,
      /the address of connection "right"/,
    ],
    [
      'the address of a name',
      withConnection(left, { remoteAddrs: 'gw.example.net' }),
      right,
      /host name "gw.example.net"/,
    ],
    [
      'whether a name is the caller',
      left,
      withConnection(right, { remoteAddrs: 'gw.example.net' }),
      /addresses of connection "left"/,
    ],
    [
      'a certificate',
      withConnection(left, { localAuth: 'pubkey', remoteAuth: 'pubkey' }),
      withConnection(right, { localAuth: 'pubkey', remoteAuth: 'pubkey' }),
      /certificate or key/,
    ],
  ])('%s', (_, caller, answerer, why) => {
    expect(outcome(callOne(caller, answerer))).toMatch(why);
    expect(outcome(callOne(caller, answerer))).toMatch(/^unknown: /);
  });

  test('what fails whatever is hidden fails', () => {
    const masked = withConnection(left, { localId: hidden });
    expect(outcome(callOne(masked, withConnection(right, { proposals: 'aes128-sha1-modp1024' })))).toBe(
      'IKE_SA_INIT: no-ike-proposal, NO_PROPOSAL_CHOSEN by responder',
    );
  });

  const otherGroup = { proposals: 'aes256-sha256-modp3072' };
  test.each<readonly [string, DaemonWords, DaemonWords]>([
    ['the name that is called', withConnection(left, { remoteAddrs: 'gw.example.net' }), right],
    ['whether a name is the caller', left, withConnection(right, { remoteAddrs: 'gw.example.net' })],
    ['the address of the caller', withConnection(left, { localAddrs: hidden }), right],
    [
      'every address',
      withConnection(left, { localAddrs: hidden, remoteAddrs: hidden }),
      withConnection(right, { localAddrs: hidden, remoteAddrs: hidden }),
    ],
    [
      'IKEv1: whether a name is the caller',
      ikev1.left,
      withConnection(ikev1.right, { remoteAddrs: 'gw.example.net' }),
    ],
  ])('the proposals are judged behind it: %s', (_, caller, answerer) => {
    const reasons = (words: DaemonWords) => callOne(caller, words).hidden.map(({ reason }) => reason);
    expect(reasons(answerer)).toEqual([]);
    expect(reasons(withConnection(answerer, otherGroup))).toEqual(['no-ike-proposal']);
  });

  test.each<readonly [string, DaemonWords, DaemonWords]>([
    ['the identity of the initiator', withConnection(left, { localId: hidden }), right],
    ['whom the responder expects', left, withConnection(right, { remoteId: hidden })],
    [
      'a certificate',
      withConnection(left, { localAuth: 'pubkey' }),
      withConnection(right, { remoteAuth: 'pubkey' }),
    ],
    [
      'every address',
      withConnection(left, { localAddrs: hidden, remoteAddrs: hidden }),
      withConnection(right, { localAddrs: hidden, remoteAddrs: hidden }),
    ],
    ['IKEv1: the identity of the initiator', withConnection(ikev1.left, { localId: hidden }), ikev1.right],
  ])('the CHILD_SA is judged behind it: %s', (_, caller, answerer) => {
    const reasons = (words: DaemonWords) => callOne(caller, words).hidden.map(({ reason }) => reason);
    expect(reasons(answerer)).toEqual([]);
    expect(reasons(withChild(answerer, { espProposals: 'aes128-sha256-modp2048' }))).toEqual([
      'no-child-proposal',
    ]);
  });

  test('an address that the router is given may be the one that is called', () => {
    const answerer = withConnection(right, { localAddrs: '%any' });
    const caller = withConnection(left, { remoteAddrs: '198.18.0.9' });
    expect(outcome(callOne(caller, answerer))).toMatch(/no-response/);
    expect(outcome(callOne(caller, { ...answerer, hasOtherAddresses: true }))).toBe('established');
  });

  test('one of two keys that the responder tries is hidden, and the other is right', () => {
    const answerer: DaemonWords = {
      ...right,
      secrets: [[hidden, 'left'], ...right.secrets],
    };
    expect(outcome(callOne(left, answerer))).toBe('established');
  });

  test.each<readonly [string, DaemonWords, DaemonWords]>([
    ['the identity of the initiator', withConnection(ikev1.left, { localId: hidden }), ikev1.right],
    ['the identity of the responder', ikev1.left, withConnection(ikev1.right, { localId: hidden })],
    ['whom the responder expects', ikev1.left, withConnection(ikev1.right, { remoteId: hidden })],
    ['a key', ikev1.left, { ...ikev1.right, secrets: [[hidden, 'left', 'right']] }],
    ['a certificate', withConnection(ikev1.left, { localAuth: 'pubkey' }), ikev1.right],
  ])('IKEv1: %s', (_, caller, answerer) => {
    expect(outcome(callOne(caller, answerer))).toMatch(/^unknown: /);
  });
});

/** What the sources say and the model does not do yet; each fails until it is mended, and then says so. */
describe('known deviations', () => {
  test('IKEv1: whom the initiator expects is hidden: that is unknown, and no mismatch', () => {
    expect(outcome(callOne(withConnection(ikev1.left, { remoteId: hidden }), ikev1.right))).toMatch(
      /^unknown: /,
    );
  });

  test.each([
    ['IKEv2, the initiator', { ...left, secrets: [['s3cret', hidden]] }, right],
    ['IKEv2, the responder', left, { ...right, secrets: [['s3cret', hidden]] }],
    ['IKEv1, the initiator', { ...ikev1.left, secrets: [['s3cret', hidden]] }, ikev1.right],
    ['IKEv1, the responder', ikev1.left, { ...ikev1.right, secrets: [['s3cret', hidden]] }],
  ] as const)('the ids of a key are hidden: it may be the one: %s', (_, caller, answerer) => {
    expect(outcome(callOne(caller, answerer))).toMatch(/^unknown: /);
  });

  test('the refusal of aggressive mode waits behind that of the proposal (aggressive_mode.c, process_r)', () => {
    const aggressive = { version: 1, aggressive: true } as const;
    const answerer = withConnection(right, { ...aggressive, proposals: 'aes128-sha256-modp2048' });
    expect(failures(callOne(withConnection(left, aggressive), answerer))).toEqual([
      'AGGRESSIVE_MODE: no-ike-proposal, NO_PROPOSAL_CHOSEN by responder',
      'AGGRESSIVE_MODE: aggressive-psk-refused, AUTHENTICATION_FAILED by responder',
    ]);
  });
});

describe('a connection that charon discarded', () => {
  const rejected = {
    name: 'right',
    version: 2,
    log: ['a PRF algorithm is mandatory in IKE proposals'],
  } as const;
  const without = { ...daemon(left), connections: [], rejected: [rejected] };

  test('cannot call: a negotiation for each child it would have had', () => {
    const negotiations = negotiate(
      { side: 'a', daemon: without, connection: 'right' },
      { side: 'b', daemon: daemon(right), connection: 'left' },
      ['tunnel-1', 'tunnel-2'],
    ).map(({ negotiation }) => negotiation);
    expect(negotiations.map(({ child }) => child)).toEqual(['tunnel-1', 'tunnel-2']);
    expect(negotiations.map(outcome)).toEqual([
      'no exchange: not-loaded, no notify by initiator',
      'no exchange: not-loaded, no notify by initiator',
    ]);
    expect(negotiations[0]?.result).toMatchObject({ log: { initiator: rejected.log } });
  });

  test('answers as if it were not there', () => {
    const [record] = negotiate(
      { side: 'b', daemon: daemon(right), connection: 'left' },
      { side: 'a', daemon: without, connection: 'right' },
    );
    expect(record && outcome(record.negotiation)).toBe(
      'IKE_SA_INIT: no-ike-config, NO_PROPOSAL_CHOSEN by responder',
    );
  });

  test('and its failure is told once', () => {
    const [record] = negotiate(
      { side: 'b', daemon: daemon(right), connection: 'left' },
      { side: 'a', daemon: without, connection: 'right' },
    );
    expect(record?.negotiation.hidden).toEqual([]);
  });

  test('a connection that is not there at all calls nobody', () => {
    expect(
      negotiate(
        { side: 'a', daemon: daemon(left), connection: 'nothing' },
        { side: 'b', daemon: daemon(right), connection: 'left' },
      ),
    ).toEqual([]);
  });
});
