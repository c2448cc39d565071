import { describe, expect, test } from '@jest/globals';
import type { Arrival, Daemon, Hearing } from '../../src/ike/connection.ts';
import { ladders } from '../../src/ike/ladder.ts';
import { formatMessage } from '../../src/ike/message.ts';
import {
  type ConnectionWords,
  callOne,
  failures,
  left,
  outcome,
  recordsOf,
  right,
  withConnection,
} from './daemons.ts';

/** `500 new`, `4500 established`: what does not get in. */
type Shut = readonly string[];

function shutting(shut: Shut, verdict: Hearing = 'drop', heard: Arrival[] = []): Daemon['hears'] {
  return (arrival) => {
    heard.push(arrival);
    return shut.includes(`${arrival.port ?? arrival.protocol} ${arrival.state}`) ? verdict : 'accept';
  };
}

function ends(change: ConnectionWords, caller: Shut, answerer: Shut, verdict?: Hearing) {
  return [
    { ...withConnection(left, change), hears: shutting(caller, verdict) },
    { ...withConnection(right, change), hears: shutting(answerer, verdict) },
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

  test('what cannot be told makes no failure', () => {
    const all = ['500 new', '500 established', '4500 new', '4500 established'];
    expect(outcome(callOne(...ends({}, all, all, 'unknown')))).toBe('established');
  });

  test('a NAT moves IKE to port 4500, and hides the port of the peer', () => {
    const heard: Arrival[] = [];
    const behind = { ...left, nat: ['203.0.113.1', '192.0.2.1'] as const };
    const facing = {
      ...withConnection(right, { mobike: false, remoteAddrs: '192.0.2.1' }),
      hears: shutting([], 'drop', heard),
    };
    expect(outcome(callOne(withConnection(behind, noMobike), facing))).toBe('established');
    expect(heard.map(({ from, port, translated }) => [from, port, translated])).toEqual([
      ['192.0.2.1', 500, true],
      ['192.0.2.1', 4500, true],
    ]);
  });

  test('each failure hides the next', () => {
    const shut = ['500 new', '4500 new'];
    const other = withConnection(right, { proposals: 'aes128-sha1-modp1024' });
    expect(failures(callOne(left, { ...other, hears: shutting(shut) }))).toEqual([
      'IKE_SA_INIT: no-response, no notify by nobody',
      'IKE_SA_INIT: no-ike-proposal, NO_PROPOSAL_CHOSEN by responder',
      'IKE_AUTH: no-response, no notify by nobody',
    ]);
  });

  test('a refusal that the initiator does not hear is one all the same, and the initiator gives up', () => {
    const other = withConnection(right, { proposals: 'aes128-sha1-modp1024' });
    const deaf = { ...left, hears: shutting(['500 established']) };
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
