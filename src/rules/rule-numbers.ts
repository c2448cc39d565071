/**
 * Numbers that are free in a list of rules: the last before a rule, or behind all where `before` is undefined. In
 * ascending order; as many as are asked for, or none.
 */
export function freeNumbers(
  taken: ReadonlySet<number>,
  before: number | undefined,
  count: number,
  highest = 999_999,
): readonly number[] {
  if (before === undefined) {
    const first = (Math.floor(Math.max(0, ...taken) / 10) + 1) * 10;
    return first + count - 1 > highest ? [] : Array.from({ length: count }, (_, index) => first + index);
  }
  const free: number[] = [];
  for (let number = before - 1; number > 0 && free.length < count; number -= 1) {
    if (!taken.has(number)) free.unshift(number);
  }
  return free.length === count ? free : [];
}
