/**
 * Post-quantum preshared keys (RFC 8784) and childless initiation (RFC 6023), in every combination of two real charons:
 * `fixtures/observed/ike-auth.json`.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { Childless } from '../../src/ike/connection.ts';
import { ladders } from '../../src/ike/ladder.ts';
import { formatMessage } from '../../src/ike/message.ts';
import { type LinkEnd, negotiate } from '../../src/ike/negotiate.ts';
import { type DaemonWords, daemon, hidden, left, right } from './daemons.ts';

interface End {
  /** The PPK that its connection names. */
  readonly id?: string;
  readonly required?: boolean;
  /** Id and key of each PPK that it has. */
  readonly keys?: readonly (readonly [id: string, key: string])[];
  readonly childless?: Childless;
  readonly esp?: string;
}

interface Observation {
  readonly initiator: End;
  readonly responder: End;
  readonly ikeSa: boolean;
  readonly childSa: boolean;
  readonly ppk: boolean;
  readonly log: { readonly initiator: readonly string[]; readonly responder: readonly string[] };
  readonly wire: readonly string[];
}

const observations: readonly Observation[] = JSON.parse(
  readFileSync(new URL('../../fixtures/observed/ike-auth.json', import.meta.url), 'utf8'),
);

function words(base: DaemonWords, address: string, { id, required, keys, childless, esp }: End): DaemonWords {
  const [name = '', connection] = Object.entries(base.connections)[0] ?? [];
  return {
    ...base,
    connections: {
      [name]: {
        ...connection,
        localId: address,
        remoteId: address === one ? other : one,
        ...(id === undefined ? {} : { ppkId: id }),
        ppkRequired: required ?? false,
        childless: childless ?? 'allow',
        children: { net: { espProposals: esp ?? 'aes256-sha256-modp2048' } },
      },
    },
    secrets: [['psk', one, other]],
    ppks: (keys ?? []).map(([of, key]) => [key, of] as const),
  };
}

const one = '203.0.113.1';
const other = '198.51.100.1';

function run(initiator: End, responder: End) {
  const end = (side: 'a' | 'b', each: DaemonWords): LinkEnd => ({
    side,
    daemon: daemon(each),
    connection: Object.keys(each.connections)[0] ?? '',
  });
  const a = end('a', words(left, one, initiator));
  const b = end('b', words(right, other, responder));
  const [record] = negotiate(a, b);
  if (!record) throw new Error('no negotiation');
  return { negotiation: record.negotiation, setup: ladders(record).setup };
}

describe.each(observations)('$initiator to $responder', (observed) => {
  const { negotiation, setup } = run(observed.initiator, observed.responder);
  const { result } = negotiation;

  test('comes about, or does not', () => {
    const ikeSa =
      result.outcome === 'established' || (result.outcome === 'failed' && result.phase === 'child');
    expect({ ikeSa, childSa: result.outcome === 'established' }).toEqual({
      ikeSa: observed.ikeSa,
      childSa: observed.childSa,
    });
    if (result.outcome === 'established') expect(result.ppk ?? false).toBe(observed.ppk);
  });

  test('the messages', () => {
    const known = setup.messages.map(formatMessage).filter((text) => !text.startsWith('INFORMATIONAL'));
    expect(known.slice(0, observed.wire.length)).toEqual(observed.wire);
  });

  test('the log', () => {
    if (result.outcome !== 'failed' || result.phase === 'child') return;
    expect(observed.log.initiator).toEqual(expect.arrayContaining([...result.log.initiator]));
    expect(observed.log.responder).toEqual(expect.arrayContaining([...result.log.responder]));
  });
});

test('the combinations are those that were observed', () => expect(observations).toHaveLength(187));

const x = { id: 'ppk-x', keys: [['ppk-x', 'one']] } as const;

test.each<readonly [name: string, initiator: End, responder: End, outcome: object]>([
  ['one is masked', x, { id: 'ppk-x', keys: [['ppk-x', hidden]] }, { outcome: 'unknown' }],
  ['a masked key that nobody names', { keys: [['ppk-x', hidden]] }, {}, { outcome: 'established' }],
  [
    'a masked key, and the other end requires none',
    { id: 'ppk-x', keys: [['ppk-x', hidden]] },
    {},
    { outcome: 'established', ppk: false },
  ],
])('%s', (_, initiator, responder, outcome) => {
  expect(run(initiator, responder).negotiation.result).toMatchObject(outcome);
});
