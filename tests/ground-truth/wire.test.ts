import { describe, expect, test } from '@jest/globals';
import type { Message } from '../../src/ike/message.ts';
import { plain, request, response, selectors } from '../../src/ike/payload.ts';
import { selectorFromPrefix } from '../../src/ike/traffic-selector.ts';
import { wrongContents, wrongMessages, wrongTimers } from './wire.ts';

/** The comparison with real daemons must be able to fail. */

const kind = { exchange: 'CREATE_CHILD_SA', id: 2 } as const;
const messages: readonly Message[] = [
  request(kind, 'initiator', [plain('SA'), plain('No')]),
  response(kind, 'responder', [plain('SA')]),
];
const logs = {
  initiator: [
    '09[ENC] generating CREATE_CHILD_SA request 2 [ SA No ]',
    '10[ENC] parsed CREATE_CHILD_SA response 2 [ SA ]',
  ],
  responder: [
    '09[ENC] parsed CREATE_CHILD_SA request 2 [ SA No ]',
    '09[ENC] generating CREATE_CHILD_SA response 2 [ SA ]',
  ],
};

function changed(from: string, to: string) {
  return {
    initiator: logs.initiator.map((line) => line.replace(from, to)),
    responder: logs.responder.map((line) => line.replace(from, to)),
  };
}

describe('messages', () => {
  test('what is logged as forecast', () => {
    expect(wrongMessages({ messages }, logs)).toEqual([]);
  });

  test.each([
    ['another exchange', 'CREATE_CHILD_SA', 'IKE_AUTH'],
    ['another id', 'request 2', 'request 3'],
    ['one payload more', 'SA No', 'SA No KE'],
    ['one payload less', 'SA No', 'SA'],
    ['another order', 'SA No', 'No SA'],
    ['a notify', '[ SA ]', '[ SA N(NO_PROP) ]'],
  ])('%s', (_, from, to) => {
    expect(wrongMessages({ messages }, changed(from, to))).toHaveLength(2);
  });

  test('a message that is not sent, and one that is not forecast', () => {
    expect(wrongMessages({ messages }, { initiator: [], responder: [] })).toHaveLength(2);
    expect(wrongMessages({ messages: [] }, logs)).toHaveLength(2);
  });

  test('MOBIKE, vendor ids and fragments are left out', () => {
    const noise = [
      '11[ENC] generating INFORMATIONAL request 2 [ N(ADD_4_ADDR) N(ADD_6_ADDR) ]',
      '11[ENC] parsed INFORMATIONAL response 2 [ ]',
      '11[ENC] generating CREATE_CHILD_SA request 2 [ EF(1/2) ]',
    ];
    const other = changed('SA No', 'SA No V');
    const noisy = { ...other, initiator: [...noise, ...other.initiator] };
    expect(wrongMessages({ messages }, noisy)).toEqual([]);
  });

  test('ids may begin later where that is said, and not before', () => {
    const later = changed('e 2', 'e 5');
    const all = {
      ...later,
      initiator: later.initiator.map((line) => line.replace('request 2', 'request 5')),
    };
    const both = { ...all, responder: later.responder.map((line) => line.replace('request 2', 'request 5')) };
    expect(wrongMessages({ messages }, both, { later: true })).toEqual([]);
    expect(wrongMessages({ messages }, both)).toHaveLength(2);
  });
});

test('contents that were not forecast', () => {
  const selector = selectorFromPrefix('10.1.0.0/24');
  if (selector?.kind !== 'fixed') throw new Error('no selector');
  const offer = request(kind, 'initiator', [
    { name: 'SA', kind: 'proposals', proposals: ['AES_CBC_256/NO_EXT_SEQ'] },
    ...selectors(['TSi', 'TSr'], { local: [selector], remote: [selector] }, []),
  ]);
  const read = (lines: readonly string[]) =>
    wrongContents({ messages: [offer] }, { initiator: [], responder: lines });
  expect(read(['1[CFG] received proposals: ESP:AES_CBC_256/NO_EXT_SEQ'])).toEqual([]);
  expect(read(['1[CFG] received proposals: ESP:AES_CBC_128/NO_EXT_SEQ'])).toHaveLength(1);
  expect(read(['1[CFG] looking for a child config for 10.1.0.0/24 === 10.1.0.0/24'])).toEqual([]);
  expect(read(['1[CFG] looking for a child config for 10.1.0.0/24 === 10.2.0.0/24'])).toHaveLength(1);
  expect(read(["1[IKE] authentication of 'left' with pre-shared key successful"])).toHaveLength(1);
});

test('timers outside of their spans', () => {
  const clock = { soft: { from: 100, to: 200 }, hard: { from: 200, to: 300 } };
  const never = { soft: null, hard: null };
  const check = (soft: number, hard: number) =>
    wrongTimers(
      { initiator: clock, responder: never },
      {
        initiator: [`1[IKE] scheduling rekeying in ${soft}s`, `1[IKE] maximum IKE_SA lifetime ${hard}s`],
        responder: [],
      },
    );
  expect(check(100, 300)).toEqual([]);
  expect(check(99, 300)).toHaveLength(1);
  expect(check(150, 301)).toHaveLength(1);
});
