import { type Link, mayCall } from '../pairing/link.ts';
import type { Bite, Problem } from './finding.ts';

interface Explaining {
  readonly problem: Problem;
}

/** A finding of a link, and the one that hides it. */
export interface Ordered<Item> {
  readonly item: Item;
  readonly behind: Item | undefined;
}

/** A finding, by its place among those of the link, and how many failures of a negotiation come before what it explains. */
interface Meeting {
  readonly place: number;
  readonly after: number;
}

/**
 * The findings of a link in the order in which its negotiations meet what they explain, which is that of
 * `Negotiation.result` and `hidden`, whatever that is for this version of IKE and this initiator. Where two negotiations
 * meet two findings in opposite orders, the one counts whose initiator may call. Where that settles nothing, what has
 * fewer failures before it comes first, then what comes first in `items`. What explains nothing of a record comes last.
 *
 * A finding is hidden where each negotiation in which it bites has another finding before it; `behind` is the last of
 * those that come before it in all of them, or else in one.
 */
export function inOrderOfRecord<Item extends Explaining>(
  items: readonly Item[],
  link: Link,
): readonly Ordered<Item>[] {
  const meetings = meetingsOf(items, link);
  const order = ordered(items, earlierOnes(meetings, link));
  const turns = new Map(order.map((place, turn) => [place, turn]));
  return order.flatMap((place, turn) => {
    const item = items[place];
    if (!item) return [];
    const before = hidingTurns(item, turn, meetings, turns).filter((each) => each < turn);
    // The one that a negotiation meets last before it; of equal ones, as of two in two negotiations, the later in the order.
    const met = (each: number) => latest(item, order[each], meetings);
    const [last] = before.toSorted((one, other) => met(other) - met(one) || other - one);
    const hiding = last === undefined ? undefined : order[last];
    return [{ item, behind: hiding === undefined ? undefined : items[hiding] }];
  });
}

/** How many failures come before a finding, in that of the negotiations of another where it is met last. */
function latest(
  { problem: { bites = [] } }: Explaining,
  place: number | undefined,
  meetings: ReadonlyMap<string, readonly Meeting[]>,
): number {
  const met = bites.flatMap((bite) =>
    (meetings.get(nameOf(bite)) ?? []).filter(
      (each) => each.place === place && each.after < (bite.after ?? 0),
    ),
  );
  return Math.max(...met.map(({ after }) => after));
}

function nameOf({ initiator, child }: Pick<Bite, 'initiator' | 'child'>): string {
  return `${initiator} ${child}`;
}

/** What each negotiation meets. */
function meetingsOf(items: readonly Explaining[], { negotiations }: Link): ReadonlyMap<string, Meeting[]> {
  const meetings = new Map(negotiations.map((each) => [nameOf(each), [] as Meeting[]]));
  for (const [place, { problem }] of items.entries()) {
    for (const bite of problem.bites ?? []) {
      if (bite.after !== undefined) meetings.get(nameOf(bite))?.push({ place, after: bite.after });
    }
  }
  return meetings;
}

/** For each finding those that are to come before it. */
function earlierOnes(
  meetings: ReadonlyMap<string, readonly Meeting[]>,
  { a, b, negotiations }: Link,
): (place: number) => readonly number[] {
  const weights = new Map<number, Map<number, number>>();
  for (const negotiation of negotiations) {
    const weight = mayCall(negotiation.initiator === 'a' ? a : b, negotiation.child) ? 2 : 1;
    const met = meetings.get(nameOf(negotiation)) ?? [];
    for (const later of met) {
      const known = weights.get(later.place) ?? new Map<number, number>();
      weights.set(later.place, known);
      for (const { place, after } of met) {
        if (after < later.after) known.set(place, Math.max(weight, known.get(place) ?? 0));
      }
    }
  }
  return (place) =>
    [...(weights.get(place) ?? [])]
      .filter(([earlier, weight]) => weight > (weights.get(earlier)?.get(place) ?? 0))
      .map(([earlier]) => earlier);
}

/** The places of the findings in their order: each behind all that are to come before it. */
function ordered(
  items: readonly Explaining[],
  earlier: (place: number) => readonly number[],
): readonly number[] {
  const least = items.map(({ problem: { bites = [] } }) =>
    Math.min(...bites.map(({ after }) => after ?? Number.POSITIVE_INFINITY)),
  );
  const pending = new Set(
    items
      .map((_, place) => place)
      .toSorted((one, other) => {
        const [first = 0, second = 0] = [least[one], least[other]];
        return first < second ? -1 : first > second ? 1 : one - other;
      }),
  );
  const order: number[] = [];
  while (pending.size > 0) {
    const places = [...pending];
    // Where three negotiations contradict one another in a circle, none is free.
    const next = places.find((place) => earlier(place).every((each) => !pending.has(each))) ?? places[0] ?? 0;
    pending.delete(next);
    order.push(next);
  }
  return order;
}

/**
 * The turns of those that come before a finding: in each of its negotiations, if there are any, else in one of them. None
 * where one of its negotiations has nothing before it.
 */
function hidingTurns(
  { problem: { bites = [] } }: Explaining,
  own: number,
  meetings: ReadonlyMap<string, readonly Meeting[]>,
  turns: ReadonlyMap<number, number>,
): readonly number[] {
  const before = bites.map((bite) => {
    const met = meetings.get(nameOf(bite)) ?? [];
    return new Set(
      met.filter(({ after }) => after < (bite.after ?? 0)).map(({ place }) => turns.get(place) ?? 0),
    );
  });
  const [first = new Set<number>()] = before;
  if (before.some(({ size }) => size === 0)) return [];
  const everywhere = [...first].filter((turn) => before.every((each) => each.has(turn)));
  if (everywhere.length > 0) return everywhere;
  const somewhere = before.flatMap((each) => [...each]);
  // Two that hide each other, each in one direction, hide neither: which of them comes first is but the order of the sites.
  const comesLater = (turn: number) =>
    [...meetings.values()].some((met) => {
      const [mine, other] = [own, turn].map((each) => met.find(({ place }) => turns.get(place) === each));
      return mine !== undefined && other !== undefined && mine.after < other.after;
    });
  const oneWay = somewhere.filter((turn) => !comesLater(turn));
  return oneWay.length > 0 ? oneWay : somewhere;
}
