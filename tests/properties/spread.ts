/** So many of the items, evenly spread and in their order; all, where there are no more. */
export function spread<T>(items: readonly T[], count: number): readonly T[] {
  const turn = (index: number) => Math.floor((index * count) / items.length);
  return items.filter((_, index) => turn(index + 1) > turn(index));
}
