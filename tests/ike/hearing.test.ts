import { describe, expect, test } from '@jest/globals';
import type { Arrival, Daemon, Departure, Obstacle } from '../../src/ike/connection.ts';
import { ladders } from '../../src/ike/ladder.ts';
import { formatMessage } from '../../src/ike/message.ts';
import {
  type ConnectionWords,
  callOne,
  type DaemonWords,
  failures,
  left,
  outcome,
  recordsOf,
  right,
  withConnection,
} from './daemons.ts';

/** `500 new`, `4500 established`: what does not get in. */
type Shut = readonly string[];

const firewall: Obstacle = { by: 'firewall', kind: 'drops', name: '' };
const list: Obstacle = { by: 'interface-list', kind: 'drops', name: 'eth0' };
const why = 'whether rule 10 takes it is not in the dump';
const perhaps: Obstacle = { by: 'destination-nat', kind: 'unknown', name: 'rule 10', why };

function shutting(
  shut: Shut,
  obstacles: readonly Obstacle[] = [firewall],
  heard: Arrival[] = [],
): Daemon['inbound'] {
  return (arrival) => {
    heard.push(arrival);
    return shut.includes(`${arrival.port ?? arrival.protocol} ${arrival.state}`) ? obstacles : [];
  };
}

function ends(change: ConnectionWords, caller: Shut, answerer: Shut, obstacles?: readonly Obstacle[]) {
  return [
    { ...withConnection(left, change), inbound: shutting(caller, obstacles) },
    { ...withConnection(right, change), inbound: shutting(answerer, obstacles) },
  ] as const;
}

const v1 = { version: 1 } as const;
const noMobike = { mobike: false } as const;

describe('what a firewall lets in', () => {
  test.each<[string, ConnectionWords, Shut, Shut, string]>([
    ['all', {}, [], [], 'established'],
    ['ESP is no message of IKE', {}, ['esp new'], ['esp new', 'esp established'], 'established'],
    ['the call', {}, [], ['500 new'], 'IKE_SA_INIT: no-response, no notify by nobody'],
    ['the answer', {}, ['500 established'], [], 'IKE_SA_INIT: no-response, no notify by nobody'],
    ['calls of others', {}, ['500 new', '4500 new'], [], 'established'],
    ['the second exchange', {}, [], ['4500 new'], 'IKE_AUTH: no-response, no notify by nobody'],
    ['its answer', {}, ['4500 established'], [], 'IKE_AUTH: no-response, no notify by nobody'],
    ['a port that is not used without MOBIKE', noMobike, ['4500 established'], ['4500 new'], 'established'],
    [
      'unless a NAT is feigned',
      { ...noMobike, encap: true },
      [],
      ['4500 new'],
      'IKE_AUTH: no-response, no notify by nobody',
    ],
    ['the call of IKEv1', v1, [], ['500 new'], 'MAIN_MODE: no-response, no notify by nobody'],
    ['a port that IKEv1 does not use, whatever mobike is', v1, [], ['4500 new'], 'established'],
    [
      'unless a NAT is feigned in IKEv1',
      { ...v1, encap: true },
      [],
      ['4500 new'],
      'MAIN_MODE: no-response, no notify by nobody',
    ],
    [
      'its answer in IKEv1',
      { ...v1, encap: true },
      ['4500 established'],
      [],
      'MAIN_MODE: no-response, no notify by nobody',
    ],
  ])('%s', (_, change, caller, answerer, expected) => {
    expect(outcome(callOne(...ends(change, caller, answerer)))).toBe(expected);
  });

  const all = ['500 new', '500 established', '4500 new', '4500 established'];

  test('what cannot be told is unknown, unless it fails all the same', () => {
    const [a, b] = ends({}, all, all, [perhaps]);
    const { result, hidden, doubts } = callOne(a, b);
    expect([result, hidden]).toEqual([{ outcome: 'unknown', why }, []]);
    expect(doubts?.map(({ side }) => side)).toEqual(['b', 'a']);
    // Whatever comes of the doubt, it fails.
    const secrets = [['other', 'left', 'right']] as const;
    expect(outcome(callOne(a, { ...b, secrets }))).toBe(
      'IKE_AUTH: psk-mismatch, AUTHENTICATION_FAILED by responder',
    );
  });

  test('what stands in the way of each port is met once', () => {
    const { result, hidden } = callOne(...ends({}, all, all, [list]));
    expect(result).toMatchObject({ reason: 'no-response', detail: { dropped: { by: 'responder' } } });
    expect(hidden).toMatchObject([{ reason: 'no-response', detail: { dropped: { by: 'initiator' } } }]);
  });

  test('two obstacles in the way of one packet fail one after the other', () => {
    const { result, hidden } = callOne(...ends({ mobike: false }, [], ['500 new'], [firewall, list]));
    const met = [result, ...hidden].map((each) => 'detail' in each && each.detail?.dropped?.obstacle.by);
    expect(met).toEqual(['firewall', 'interface-list']);
  });

  test('a refusal is heard of or not, and is one all the same', () => {
    const other = withConnection(right, { proposals: 'aes128-sha1-modp1024' });
    const deaf = { ...left, inbound: shutting(all, [perhaps]) };
    expect(outcome(callOne(deaf, other))).toBe(
      'IKE_SA_INIT: no-ike-proposal, NO_PROPOSAL_CHOSEN by responder',
    );
  });

  describe('what becomes of what an end sends', () => {
    const swallowing = { by: 'own-tunnel', kind: 'swallows', name: 'vti0' } as const;
    const noRoute = { by: 'no-route', kind: 'unknown', name: '', why: 'no route leads there' } as const;
    const sending = (obstacle: Obstacle, sent: Departure[] = []): Pick<Daemon, 'outbound'> => ({
      outbound: (departure) => {
        sent.push(departure);
        return [obstacle];
      },
    });

    test.each<[string, DaemonWords, DaemonWords, readonly ('a' | 'b')[]]>([
      ['the initiator', { ...left, ...sending(swallowing) }, right, ['a']],
      ['the responder', left, { ...right, ...sending(swallowing) }, ['b']],
      ['both', { ...left, ...sending(swallowing) }, { ...right, ...sending(swallowing) }, ['a', 'b']],
    ])('%s swallows it: the tunnel comes up and is lost', (_, a, b, expected) => {
      const { result, afterwards } = callOne(a, b);
      expect(result.outcome).toBe('established');
      expect(afterwards.map((each) => [each.kind, each.kind === 'lost' && each.by])).toEqual(
        expected.map((side) => ['lost', side]),
      );
    });

    test('without a route, of the request or of the answer, the outcome is unknown', () => {
      const sent: Departure[] = [];
      expect(callOne({ ...left, ...sending(noRoute, sent) }, right).result).toMatchObject({
        why: noRoute.why,
      });
      expect(callOne(left, { ...right, ...sending(noRoute) }).result).toMatchObject({ why: noRoute.why });
      expect(sent[0]).toEqual({ from: '203.0.113.1', to: '198.51.100.1', connection: 'right' });
    });
  });

  test('a NAT moves IKE to port 4500, and hides the port of the peer', () => {
    const heard: Arrival[] = [];
    const behind = { ...left, nat: ['203.0.113.1', '192.0.2.1'] as const };
    const facing = {
      ...withConnection(right, { mobike: false, remoteAddrs: '192.0.2.1' }),
      inbound: shutting([], [firewall], heard),
    };
    expect(outcome(callOne(withConnection(behind, noMobike), facing))).toBe('established');
    expect(new Set(heard.map(({ from, port, translated }) => `${from} ${port} ${translated}`))).toEqual(
      new Set(['192.0.2.1 500 true', '192.0.2.1 4500 true']),
    );
  });

  test('each failure hides the next', () => {
    const shut = ['500 new', '4500 new'];
    const other = withConnection(right, { proposals: 'aes128-sha1-modp1024' });
    expect(failures(callOne(left, { ...other, inbound: shutting(shut) }))).toEqual([
      'IKE_SA_INIT: no-response, no notify by nobody',
      'IKE_SA_INIT: no-ike-proposal, NO_PROPOSAL_CHOSEN by responder',
      'IKE_AUTH: no-response, no notify by nobody',
    ]);
  });

  test('a refusal that the initiator does not hear is one all the same, and the initiator gives up', () => {
    const other = withConnection(right, { proposals: 'aes128-sha1-modp1024' });
    const deaf = { ...left, inbound: shutting(['500 established']) };
    const { result, hidden } = callOne(deaf, other);
    expect(outcome(callOne(deaf, other))).toBe(
      'IKE_SA_INIT: no-ike-proposal, NO_PROPOSAL_CHOSEN by responder',
    );
    expect(result.outcome === 'failed' && result.log.initiator).toEqual([
      'giving up after 5 retransmits',
      'establishing IKE_SA failed, peer not responding',
    ]);
    expect(hidden.map(({ reason }) => reason)).toEqual(['no-response']);
  });
});

describe('the messages', () => {
  test.each<[string, ConnectionWords, Shut, Shut, readonly string[]]>([
    ['a call', {}, [], ['500 new'], ['> IKE_SA_INIT request 0, unanswered, 6']],
    [
      'an answer',
      {},
      ['500 established'],
      [],
      ['> IKE_SA_INIT request 0, read, 6', '< IKE_SA_INIT response 0, unanswered, 6'],
    ],
    [
      'the second exchange',
      {},
      [],
      ['4500 new'],
      [
        '> IKE_SA_INIT request 0, read, 1',
        '< IKE_SA_INIT response 0, read, 1',
        '> IKE_AUTH request 1, unanswered, 6',
      ],
    ],
    [
      'its answer',
      {},
      ['4500 established'],
      [],
      [
        '> IKE_SA_INIT request 0, read, 1',
        '< IKE_SA_INIT response 0, read, 1',
        '> IKE_AUTH request 1, read, 6',
        '< IKE_AUTH response 1, unanswered, 6',
      ],
    ],
    [
      'the answer to the fifth of main mode',
      { ...v1, encap: true },
      ['4500 established'],
      [],
      [
        '> ID_PROT request 0, read, 1',
        '< ID_PROT response 0, read, 1',
        '> ID_PROT request 0, read, 1',
        '< ID_PROT response 0, read, 1',
        '> ID_PROT request 0, read, 6',
        '< ID_PROT response 0, unanswered, 6',
      ],
    ],
  ])('%s', (_, change, caller, answerer, expected) => {
    const [a, b] = ends(change, caller, answerer);
    const [record] = recordsOf(a, b);
    if (!record) throw new Error('no negotiation');
    const { setup } = ladders(record);
    const shown = setup.messages.map(
      (message) =>
        `${message.from === 'initiator' ? '>' : '<'} ${formatMessage(message).replace(/ \[.*/, '')}, ${message.fate}, ${message.sent}`,
    );
    expect(shown).toEqual(expected);
  });
});

test('what the initiator would refuse in an answer hides behind its loss', () => {
  const caller = {
    ...withConnection(left, { remoteId: '*.example.net' }),
    inbound: shutting(['4500 established']),
  };
  expect(failures(callOne(caller, withConnection(right, { localId: undefined })))).toEqual([
    'IKE_AUTH: no-response, no notify by nobody',
    'IKE_AUTH: id-mismatch, AUTHENTICATION_FAILED by initiator',
  ]);
});
