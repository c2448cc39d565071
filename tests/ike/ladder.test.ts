import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Ladders, ladders } from '../../src/ike/ladder.ts';
import { formatMessage, type Ladder, type Message } from '../../src/ike/message.ts';
import { arbitraryPairOf, toDump } from '../arbitrary/site.ts';
import { forecast, loadDump } from '../ground-truth/compare.ts';
import { type DaemonWords, hidden, left, recordsOf, right, withChild, withConnection } from './daemons.ts';

/** What was seen of real daemons in the laboratory: `npm run verify:strongswan` compares every message of random pairs. */

function ladderOf(caller: DaemonWords, answerer: DaemonWords, which = 0): Ladders {
  const record = recordsOf(caller, answerer)[which];
  if (!record) throw new Error('no such child');
  return ladders(record);
}

/** `> IKE_AUTH request 1 [ … ] refused`, from the initiator; `<` from the responder. */
function written(message: Message): string {
  const { from, refused, fate, sent } = message;
  const marks = [refused ? 'refused' : '', fate === 'read' ? '' : fate, sent > 1 ? `${sent} times` : ''];
  return [from === 'initiator' ? '>' : '<', formatMessage(message), ...marks].filter(Boolean).join(' ');
}

function lines({ messages }: Pick<Ladder, 'messages'>): readonly string[] {
  return messages.map(written);
}

const init =
  '> IKE_SA_INIT request 0 [ SA KE No N(NATD_S_IP) N(NATD_D_IP) N(FRAG_SUP) N(HASH_ALG) N(REDIR_SUP) ]';
const initAnswer =
  '< IKE_SA_INIT response 0 [ SA KE No N(NATD_S_IP) N(NATD_D_IP) N(FRAG_SUP) N(HASH_ALG) N(CHDLESS_SUP) N(MULT_AUTH) ]';
const auth =
  '> IKE_AUTH request 1 [ IDi N(INIT_CONTACT) IDr AUTH SA TSi TSr N(MULT_AUTH) N(EAP_ONLY) N(MSG_ID_SYN_SUP) ]';
const authOfNobody =
  '> IKE_AUTH request 1 [ IDi AUTH SA TSi TSr N(MULT_AUTH) N(EAP_ONLY) N(MSG_ID_SYN_SUP) ]';
const authAnswer = '< IKE_AUTH response 1 [ IDr AUTH SA TSi TSr ]';
const authFailed = ['> INFORMATIONAL request 2 [ N(AUTH_FAILED) ]', '< INFORMATIONAL response 2 [ ] ignored'];

const v1 = { version: 1 } as const;
const main = [
  '> ID_PROT request 0 [ SA ]',
  '< ID_PROT response 0 [ SA ]',
  '> ID_PROT request 0 [ KE No NAT-D NAT-D ]',
  '< ID_PROT response 0 [ KE No NAT-D NAT-D ]',
  '> ID_PROT request 0 [ ID HASH N(INITIAL_CONTACT) ]',
  '< ID_PROT response 0 [ ID HASH ]',
];
const quick = '> QUICK_MODE request [ HASH SA No KE ID ID ]';

const leftV1 = withConnection(left, v1);
const rightV1 = withConnection(right, v1);
const otherSecret: DaemonWords['secrets'] = [['0ther', 'left', 'right']];

describe('the setup, and where it stops', () => {
  const cases: readonly (readonly [string, DaemonWords, DaemonWords, readonly string[]])[] = [
    ['IKEv2 comes up', left, right, [init, initAnswer, auth, authAnswer]],
    [
      'the responder wants another group',
      withConnection(left, { proposals: 'aes256-sha256-ecp256,aes256-sha256-modp2048' }),
      right,
      [init, '< IKE_SA_INIT response 0 [ N(INVAL_KE) ]', init, initAnswer, auth, authAnswer],
    ],
    [
      'no common IKE proposal',
      withConnection(left, { proposals: 'aes128-sha256-modp2048' }),
      right,
      [`${init} refused`, '< IKE_SA_INIT response 0 [ N(NO_PROP) ]'],
    ],
    ['another IKE version', left, rightV1, [`${init} refused`, '< IKE_SA_INIT response 0 [ N(NO_PROP) ]']],
    [
      'nobody is there',
      withConnection(left, { remoteAddrs: '192.0.2.99' }),
      right,
      [`${init} unanswered 6 times`],
    ],
    ['nobody to call', withConnection(left, { remoteAddrs: '%any' }), right, []],
    [
      'another identity',
      withConnection(left, { localId: 'stranger' }),
      { ...right, secrets: [['s3cret', 'stranger', 'right']] },
      [init, initAnswer, `${auth} refused`, '< IKE_AUTH response 1 [ N(AUTH_FAILED) ]'],
    ],
    [
      'another secret',
      left,
      { ...right, secrets: otherSecret },
      [init, initAnswer, `${auth} refused`, '< IKE_AUTH response 1 [ N(AUTH_FAILED) ]'],
    ],
    ['the initiator has no secret', { ...left, secrets: [] }, right, [init, initAnswer]],
    [
      "the initiator does not accept the responder's identity",
      withConnection({ ...left, secrets: [['s3cret']] }, { remoteId: '*.example.com' }),
      withConnection({ ...right, secrets: [['s3cret']] }, { localId: undefined }),
      [init, initAnswer, authOfNobody, `${authAnswer} refused`, ...authFailed],
    ],
    [
      'the responder never finds its own proof sufficient',
      withConnection({ ...left, secrets: [['s3cret']] }, { remoteId: '%any' }),
      withConnection({ ...right, secrets: [['s3cret']] }, { localId: '*.example.com' }),
      [
        init,
        initAnswer,
        authOfNobody,
        '< IKE_AUTH response 1 [ IDr AUTH N(AUTH_FOLLOWS) ]',
        '> IKE_AUTH request 2 [ ]',
        '< IKE_AUTH response 2 [ IDr AUTH N(AUTH_FOLLOWS) ]',
      ],
    ],
    [
      'no common ESP proposal',
      withChild(left, { espProposals: 'aes128-sha256' }),
      right,
      [init, initAnswer, `${auth} refused`, '< IKE_AUTH response 1 [ IDr AUTH N(NO_PROP) ]'],
    ],
    [
      'no common traffic selector',
      withChild(left, { localTs: '10.9.0.0/24' }),
      right,
      [init, initAnswer, `${auth} refused`, '< IKE_AUTH response 1 [ IDr AUTH N(TS_UNACCEPT) ]'],
    ],
    [
      'IKEv1 comes up',
      leftV1,
      rightV1,
      [...main, quick, '< QUICK_MODE response [ HASH SA No KE ID ID ]', '> QUICK_MODE request [ HASH ]'],
    ],
    [
      'IKEv1, no common proposal',
      withConnection(leftV1, { proposals: 'aes128-sha256-modp2048' }),
      rightV1,
      [`${main[0]} refused`, '< INFORMATIONAL_V1 request [ N(NO_PROP) ]'],
    ],
    [
      'IKEv1, another secret',
      leftV1,
      { ...rightV1, secrets: otherSecret },
      [
        ...main.slice(0, 4),
        `${main[4]} refused unreadable 6 times`,
        '< INFORMATIONAL_V1 request [ HASH N(PLD_MAL) ] unreadable 6 times',
      ],
    ],
    [
      'IKEv1, the responder has no secret',
      leftV1,
      { ...rightV1, secrets: [] },
      [...main.slice(0, 2), `${main[2]} refused`, '< INFORMATIONAL_V1 request [ N(INVAL_KE) ]'],
    ],
    [
      'IKEv1, the initiator has no secret',
      { ...leftV1, secrets: [] },
      rightV1,
      [...main.slice(0, 3), `${main[3]} refused`, '> INFORMATIONAL_V1 request [ N(INVAL_KE) ]'],
    ],
    [
      'IKEv1, another identity',
      withConnection(leftV1, { localId: 'stranger' }),
      { ...rightV1, secrets: [['s3cret', 'stranger', 'left', 'right']] },
      [...main.slice(0, 4), `${main[4]} refused`, '< INFORMATIONAL_V1 request [ HASH N(AUTH_FAILED) ]'],
    ],
    [
      "IKEv1, the initiator does not accept the responder's identity",
      withConnection(leftV1, { remoteId: 'somebody' }),
      rightV1,
      [...main.slice(0, 5), `${main[5]} refused`, '> INFORMATIONAL_V1 request [ HASH D ]'],
    ],
    [
      'IKEv1, aggressive mode',
      withConnection(leftV1, { aggressive: true }),
      withConnection(rightV1, { aggressive: true }),
      ['> AGGRESSIVE request 0 [ SA KE No ID ] refused', '< INFORMATIONAL_V1 request [ N(AUTH_FAILED) ]'],
    ],
    [
      'IKEv1, PFS on one side',
      leftV1,
      withChild(rightV1, { espProposals: 'aes256-sha256' }),
      [...main, `${quick} refused`, '< INFORMATIONAL_V1 request [ HASH N(NO_PROP) ]'],
    ],
    [
      'IKEv1, no common traffic selector',
      withChild(leftV1, { localTs: '10.9.0.0/24' }),
      rightV1,
      [...main, `${quick} refused`, '< INFORMATIONAL_V1 request [ HASH N(INVAL_ID) ]'],
    ],
  ];
  test.each(cases)('%s', (_, caller, answerer, expected) => {
    expect(lines(ladderOf(caller, answerer).setup)).toEqual(expected);
  });
});

describe('what is in the payloads', () => {
  const wide = withChild(left, { remoteTs: '10.2.0.0/16' });

  test('proposals, groups, identities, and selectors before and after narrowing', () => {
    const { messages } = ladderOf(wide, right).setup;
    const content = messages.map(({ payloads }) =>
      payloads.flatMap((payload) => {
        switch (payload.kind) {
          case 'proposals':
            return [`${payload.name} ${payload.proposals.join()}`];
          case 'key-exchange':
            return [`${payload.name} ${payload.group}`];
          case 'identity':
            return [`${payload.name} ${payload.identity}`];
          case 'selectors':
            return [`${payload.name} ${payload.selectors?.join()}`];
          default:
            return [];
        }
      }),
    );
    const ike = 'SA AES_CBC_256/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_2048';
    const esp = 'SA AES_CBC_256/HMAC_SHA2_256_128/NO_EXT_SEQ';
    expect(content).toEqual([
      [ike, 'KE MODP_2048'],
      [ike, 'KE MODP_2048'],
      ['IDi left', 'IDr right', esp, 'TSi 10.1.0.0/24', 'TSr 10.2.0.0/16'],
      ['IDr right', esp, 'TSi 10.1.0.0/24', 'TSr 10.2.0.0/24'],
    ]);
  });

  test('the group that is wanted, and the proposals that have it first', () => {
    const { messages } = ladderOf(
      withConnection(left, { proposals: 'aes256-sha256-ecp256,aes256-sha256-modp2048' }),
      right,
    ).setup;
    expect(messages[1]?.payloads).toEqual([
      {
        name: 'N(INVAL_KE)',
        kind: 'notify',
        notify: 'INVALID_KE_PAYLOAD',
        status: false,
        group: 'MODP_2048',
      },
    ]);
    const offers = [0, 2].map((index) => messages[index]?.payloads.find(({ name }) => name === 'SA'));
    const [first, second] = offers.map((offer) => (offer?.kind === 'proposals' ? offer.proposals : []));
    expect(second).toEqual(first?.toReversed());
  });

  test('what IKEv1 cannot carry is not in the proposal', () => {
    const { messages } = ladderOf(
      withConnection(leftV1, { proposals: 'aes256gcm128-prfsha256-modp2048' }),
      rightV1,
    ).setup;
    expect(messages[0]?.payloads[0]).toMatchObject({ proposals: ['MODP_2048'] });
  });
});

describe('what follows the setup', () => {
  const rekey = '> CREATE_CHILD_SA request 2 [ N(REKEY_SA) SA No KE TSi TSr ]';

  test('a rekey by either side has its own message ids, and deletes the old SA', () => {
    const { childRekey, ikeRekey } = ladderOf(left, right);
    expect(childRekey && lines(childRekey.a)).toEqual([
      rekey,
      '< CREATE_CHILD_SA response 2 [ SA No KE TSi TSr ]',
      '> INFORMATIONAL request 3 [ D ]',
      '< INFORMATIONAL response 3 [ D ]',
    ]);
    expect(childRekey?.b.initiator).toBe('b');
    expect(childRekey?.b.messages[0]).toMatchObject({ id: 0, from: 'initiator' });
    expect(ikeRekey && lines(ikeRekey.b)).toEqual([
      '> CREATE_CHILD_SA request 0 [ SA No KE ]',
      '< CREATE_CHILD_SA response 0 [ SA No KE ]',
      '> INFORMATIONAL request 1 [ D ]',
      '< INFORMATIONAL response 1 [ ]',
    ]);
  });

  test('PFS on one side fails at the rekey', () => {
    const { setup, childRekey } = ladderOf(left, withChild(right, { espProposals: 'aes256-sha256' }));
    expect(setup.end.kind).toBe('established');
    expect(childRekey && lines(childRekey.a)).toEqual([
      `${rekey} refused`,
      '< CREATE_CHILD_SA response 2 [ N(NO_PROP) ]',
    ]);
    expect(childRekey && lines(childRekey.b)[0]).toBe(
      '> CREATE_CHILD_SA request 0 [ N(REKEY_SA) SA No TSi TSr ] refused',
    );
  });

  test('the rekey of an IKE_SA asks for another group where the other side prefers one', () => {
    const { setup, ikeRekey } = ladderOf(
      withConnection(left, { proposals: 'aes256-sha256-modp2048,aes256-sha256-ecp256' }),
      withConnection(right, { proposals: 'aes256-sha256-ecp256,aes256-sha256-modp2048' }),
    );
    // The responder's order decides: ecp256 in the setup, and modp2048 where the roles are exchanged.
    expect(lines(setup)[1]).toBe('< IKE_SA_INIT response 0 [ N(INVAL_KE) ]');
    expect(ikeRekey?.a.messages).toHaveLength(4);
    expect(ikeRekey && lines(ikeRekey.b).slice(0, 4)).toEqual([
      '> CREATE_CHILD_SA request 0 [ SA No KE ]',
      '< CREATE_CHILD_SA response 0 [ N(INVAL_KE) ]',
      '> CREATE_CHILD_SA request 1 [ SA No KE ]',
      '< CREATE_CHILD_SA response 1 [ SA No KE ]',
    ]);
  });

  test('a later child has a Diffie-Hellman exchange of its own, and the next message id', () => {
    const children = (local: string, remote: string) => ({
      one: { localTs: `10.${local}.1.0/24`, remoteTs: `10.${remote}.1.0/24` },
      two: { localTs: `10.${local}.2.0/24`, remoteTs: `10.${remote}.2.0/24` },
      three: { localTs: `10.${local}.3.0/24`, remoteTs: `10.${remote}.3.0/24` },
    });
    const caller = withConnection(left, { children: children('1', '2') });
    const answerer = withConnection(right, { children: children('2', '1') });
    expect(ladderOf(caller, answerer).laterChild).toBeUndefined();
    const third = ladderOf(caller, answerer, 2).laterChild;
    expect(third && lines(third)).toEqual([
      '> CREATE_CHILD_SA request 3 [ SA No KE TSi TSr ]',
      '< CREATE_CHILD_SA response 3 [ SA No KE TSi TSr ]',
    ]);
  });

  test('IKEv1 does phase 1 anew, by either side and whatever it would call', () => {
    const answersOnly = withConnection(rightV1, { remoteAddrs: '%any' });
    expect(ladderOf(leftV1, answersOnly).reauthentication).toEqual({
      a: { kind: 'established' },
      b: { kind: 'established' },
    });
  });
});

describe('what the configurations do not tell', () => {
  test('a masked secret is taken to be right, and that is said', () => {
    const { setup, assumed } = ladderOf({ ...left, secrets: [[hidden, 'left', 'right']] }, right);
    expect(assumed).toEqual(['a pre-shared secret is masked']);
    expect(lines(setup)).toEqual([init, initAnswer, auth, authAnswer]);
  });

  test('a masked identity ends the ladder before it would be sent', () => {
    const { setup } = ladderOf(withConnection(left, { localId: hidden }), right);
    expect(lines(setup)).toEqual([init, initAnswer]);
    expect(setup.end.kind).toBe('unknown');
  });
});

test('a ladder ends as its negotiation does, and with the same notify', () => {
  fc.assert(
    fc.property(arbitraryPairOf(3), (pair) => {
      const sites = { a: loadDump('a', toDump(pair.a)), b: loadDump('b', toDump(pair.b)) };
      const connections = {
        a: sites.a.sources[0]?.connection ?? '',
        b: sites.b.sources[0]?.connection ?? '',
      };
      for (const side of ['a', 'b'] as const) {
        for (const { negotiation, ladders: all } of forecast(side, sites, connections)) {
          const { result, onExistingIkeSa } = negotiation;
          if (result.outcome === 'unknown') continue;
          expect(all.setup.end.kind).toBe(result.outcome);
          const errors = all.setup.messages.flatMap(({ payloads, fate }) =>
            payloads.flatMap((payload) =>
              payload.kind === 'notify' &&
              !payload.status &&
              fate !== 'unreadable' &&
              payload.group === undefined
                ? [payload.notify]
                : [],
            ),
          );
          const notify = result.outcome === 'failed' ? result.notify : null;
          // A responder may refuse the CHILD_SA in the very message whose proof the initiator then refuses.
          expect(errors.slice(-1)).toEqual(notify === null ? [] : [notify]);
          if (result.outcome === 'established') {
            for (const starter of ['a', 'b'] as const) {
              expect(all.childRekey?.[starter].end.kind).toBe(result.rekey[starter].outcome);
            }
          }
          expect(all.laterChild?.end.kind.replace('not-asked-for', 'failed')).toBe(onExistingIkeSa?.outcome);
        }
      }
    }),
    { numRuns: 150, seed: 7 },
  );
});
