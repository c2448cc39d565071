import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { childClock, ikeClock } from '../../src/ike/clock.ts';
import type { Lifetime } from '../../src/ike/connection.ts';
import { type RekeyFate, type TimelineEnd, timeline } from '../../src/ike/timeline.ts';

const works: RekeyFate = { kind: 'established' };
const fails: RekeyFate = { kind: 'failed', notify: 'NO_PROPOSAL_CHOSEN' };
const open: RekeyFate = { kind: 'unknown' };

/** Of `esp-group lifetime 3600`, 1800, and 3600 with disable-rekey, as VyOS makes them. */
const hour: Lifetime = { rekey: 3272, hard: 3600, jitter: 328 };
const half: Lifetime = { rekey: 1636, hard: 1800, jitter: 164 };
const noRekey: Lifetime = { rekey: 0, hard: 3600, jitter: 0 };
const shortNoRekey: Lifetime = { rekey: 0, hard: 1800, jitter: 0 };

describe('clocks', () => {
  test('an IKE_SA is given up as long after its rekey was to start as the lifetime says, whenever that was', () => {
    // Seen in the laboratory: "scheduling rekeying in 3479s", "maximum IKE_SA lifetime 3839s".
    expect(ikeClock({ rekey: 3600, hard: 3960, jitter: 360 })).toEqual({
      soft: { from: 3241, to: 3600 },
      hard: { from: 3601, to: 3960 },
    });
    expect(ikeClock({ rekey: 0, hard: 0, jitter: 0 })).toEqual({ soft: null, hard: null });
  });

  test('a CHILD_SA is given up at a fixed time', () => {
    expect(childClock(hour)).toEqual({ soft: { from: 2944, to: 3272 }, hard: { from: 3600, to: 3600 } });
    expect(childClock(noRekey)).toEqual({ soft: null, hard: { from: 3600, to: 3600 } });
  });
});

describe('what comes of it', () => {
  const cases: readonly (readonly [string, Lifetime, Lifetime, RekeyFate, RekeyFate, string, TimelineEnd])[] =
    [
      [
        'both work',
        hour,
        hour,
        works,
        works,
        'either',
        { kind: 'renewed', by: ['a', 'b'], when: { from: 2944, to: 3272 } },
      ],
      [
        'the shorter comes first',
        hour,
        half,
        works,
        works,
        'b',
        { kind: 'renewed', by: ['b'], when: { from: 1472, to: 1636 } },
      ],
      [
        'neither works',
        hour,
        hour,
        fails,
        fails,
        'either',
        { kind: 'stops', by: ['a', 'b'], when: { from: 3600, to: 3600 } },
      ],
      [
        'the first fails, the other comes in time',
        hour,
        hour,
        fails,
        works,
        'either',
        { kind: 'saved', failing: 'a', by: 'b', when: { from: 2944, to: 3272 } },
      ],
      [
        'the first fails, the other comes too late',
        half,
        hour,
        fails,
        works,
        'a',
        { kind: 'stops', by: ['a'], when: { from: 1800, to: 1800 } },
      ],
      [
        'the first works, and the other never comes to fail',
        half,
        hour,
        works,
        fails,
        'a',
        { kind: 'renewed', by: ['a'], when: { from: 1472, to: 1636 } },
      ],
      [
        'chance decides',
        { rekey: 0, hard: 3000, jitter: 0 },
        hour,
        works,
        works,
        'b',
        { kind: 'may-stop', saver: 'b', by: ['a'], when: { from: 3000, to: 3000 } },
      ],
      [
        'neither side rekeys',
        noRekey,
        shortNoRekey,
        works,
        works,
        'neither',
        { kind: 'stops', by: ['b'], when: { from: 1800, to: 1800 } },
      ],
      ['it cannot be told', hour, hour, open, works, 'either', { kind: 'unknown' }],
      [
        'what cannot be told is of a side that starts no rekey',
        noRekey,
        half,
        open,
        works,
        'b',
        { kind: 'renewed', by: ['b'], when: { from: 1472, to: 1636 } },
      ],
    ];
  test.each(cases)('%s', (_, a, b, ofA, ofB, first, end) => {
    const clocks = { a: childClock(a), b: childClock(b) };
    expect(timeline('CHILD_SA', clocks, { a: ofA, b: ofB })).toMatchObject({ first, end });
  });

  test('without timers it stands for ever', () => {
    const never = { soft: null, hard: null };
    expect(timeline('IKE_SA', { a: never, b: never }, { a: works, b: works }).end).toEqual({
      kind: 'for-ever',
    });
  });
});

/** One way that chance may go: when each timer fires. */
function outcome(
  softs: readonly { readonly at: number; readonly works: boolean }[],
  hards: readonly number[],
): 'renewed' | 'stops' {
  const renewed = Math.min(...softs.filter((each) => each.works).map(({ at }) => at));
  return renewed < Math.min(...hards) ? 'renewed' : 'stops';
}

test('however chance goes, it ends as was said', () => {
  const lifetime = fc
    .record({ hard: fc.integer({ min: 30, max: 4000 }), rekeys: fc.boolean() })
    .map(({ hard, rekeys }): Lifetime => {
      if (!rekeys) return { rekey: 0, hard, jitter: 0 };
      const rekey = Math.floor(hard / 1.1);
      return { rekey, hard, jitter: hard - rekey };
    });
  const fate = fc.constantFrom(works, fails);
  const chance = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(lifetime, lifetime, fate, fate, chance, chance, (a, b, ofA, ofB, chanceA, chanceB) => {
      const clocks = { a: childClock(a), b: childClock(b) };
      const fates = { a: ofA, b: ofB };
      const { end } = timeline('CHILD_SA', clocks, fates);
      const chances = { a: chanceA, b: chanceB };
      const softs = (['a', 'b'] as const).flatMap((side) => {
        const { soft } = clocks[side];
        if (!soft) return [];
        const at = Math.round(soft.from + (soft.to - soft.from) * chances[side]);
        return [{ at, works: fates[side].kind === 'established' }];
      });
      const happens = outcome(softs, [a.hard, b.hard]);
      if (end.kind === 'renewed' || end.kind === 'saved') expect(happens).toBe('renewed');
      else if (end.kind === 'stops') expect(happens).toBe('stops');
      else expect(end.kind).toBe('may-stop');
    }),
    { numRuns: 2000, seed: 3 },
  );
});
