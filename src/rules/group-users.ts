import type { End } from '../pairing/link.ts';
import type { EspGroup, IkeGroup } from '../vyos/site.ts';

/** A group of an end that a mend may change, and who uses it besides those whom the finding is about. */
export interface GroupUse {
  readonly end: End;
  readonly group: { readonly name: string; readonly path: readonly string[] };
  readonly others: readonly string[];
}

/** Names beyond these are only counted. */
const mostNames = 3;

/**
 * The use of a group by an end. `children` are those of the end that the finding is about; they count for nothing
 * where the group is an IKE group, which a peer uses as a whole.
 */
export function groupUse<G extends IkeGroup | EspGroup>(
  end: End,
  group: G,
  children: readonly string[] = [],
): GroupUse & { readonly group: G } {
  const others = end.loaded.sources.flatMap(({ peer, ikeGroup, children: all }): readonly string[] => {
    if (peer.disabled) return [];
    if (peer !== end.source.peer) {
      const uses = ikeGroup === group || all.some(({ espGroup }) => espGroup === group);
      return uses ? [`peer ${peer.name}`] : [];
    }
    return all
      .filter(({ name, espGroup }) => espGroup === group && !children.includes(name))
      .map(({ name }) => name);
  });
  return { end, group, others };
}

/**
 * The two ways to mend, each with the end to change first and the one to follow second. First comes the change that
 * touches nobody else, then the one that strengthens the weaker end: what others rely on breaks at once.
 */
export function mendingOrder<T extends GroupUse>(
  a: T,
  b: T,
  strength: (end: T) => number = () => 0,
): readonly (readonly [T, T])[] {
  const shared = ({ others }: T) => Number(others.length > 0);
  const bFirst = shared(a) - shared(b) || strength(a) - strength(b);
  return bFirst > 0
    ? [
        [b, a],
        [a, b],
      ]
    : [
        [a, b],
        [b, a],
      ];
}

/** A sentence, with a space before it, for every group that others use; nothing where none is. */
export function alsoUsed(...uses: readonly GroupUse[]): string {
  return uses
    .filter(({ others }) => others.length > 0)
    .map(({ end, group, others }) => {
      const kind = group.path.at(-2) === 'ike-group' ? 'IKE' : 'ESP';
      const more = others.length > mostNames ? ` and ${others.length - mostNames} more` : '';
      const names = `${others.slice(0, mostNames).join(', ')}${more}`;
      return ` On ${end.name} the ${kind} group "${group.name}" is also used by ${names}: a change of it changes them too.`;
    })
    .join('');
}
