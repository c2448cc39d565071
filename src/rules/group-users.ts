import type { Reason } from '../ike/outcome.ts';
import type { Fix } from '../lint/finding.ts';
import type { End, Link, Network } from '../pairing/link.ts';
import { type Command, deleteCommand, readCommand, setCommand } from '../vyos/command.ts';
import { settingOfOrigin } from '../vyos/conf-origin.ts';
import type { Setting } from '../vyos/setting.ts';
import type { EspGroup, IkeGroup } from '../vyos/site.ts';
import { allSpelledIn } from '../vyos/spelling.ts';
import { type ConfigNode, child, compareNames, values } from '../vyos/tree.ts';
import { mendBoth, mendOf } from './mend.ts';

/** Who uses a group besides those whom a finding is about: another peer, or another child of the same. */
interface OtherUse {
  readonly peer: string;
  readonly child: string | undefined;
}

/** A group of an end that a fix may change, and who uses it besides those whom the finding is about. */
export interface GroupUse {
  readonly end: End;
  /** A setting of it, or its node. */
  readonly setting: Setting<unknown>;
  /** Its path. */
  readonly group: readonly string[];
  /** Those of the end that the finding is about; of an ESP group. */
  readonly children: readonly string[];
  readonly others: readonly OtherUse[];
}

/** Names beyond these are only counted. */
const mostNames = 3;

/** The words that name a group: `vpn ipsec ike-group IKE-A`. */
const groupDepth = 4;

/** The path of the group that a setting stands in, or is the node of. */
export function groupPath({ path }: Setting<unknown>): readonly string[] {
  return path.slice(0, groupDepth);
}

/**
 * The use of the group of a setting by an end. `children` are those of the end that the finding is about; they count for
 * nothing where the group is an IKE group, which a peer uses as a whole.
 */
export function groupUse(end: End, setting: Setting<unknown>, children: readonly string[] = []): GroupUse {
  const group = groupPath(setting);
  const key = group.join(' ');
  const isIt = (other: IkeGroup | EspGroup | undefined) => other?.path.join(' ') === key;
  const others = end.loaded.sources.flatMap(({ peer, ikeGroup, children: all }): readonly OtherUse[] => {
    if (peer.disabled) return [];
    if (peer !== end.source.peer) {
      const uses = isIt(ikeGroup) || all.some(({ espGroup }) => isIt(espGroup));
      return uses ? [{ peer: peer.name, child: undefined }] : [];
    }
    return all
      .filter(({ name, espGroup }) => isIt(espGroup) && !children.includes(name))
      .map(({ name }) => ({ peer: peer.name, child: name }));
  });
  return { end, setting, group, children, others };
}

/**
 * The two ways to fix, each with the end to change first and the one to follow second. First comes the change that
 * touches nobody else, then the one that strengthens the weaker end.
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

/**
 * The fixes that give one end what the other has and weaken nothing. Only where the weaker end cannot have what the
 * stronger one has, because its release has no word for it, the stronger one follows the weaker.
 */
export function lifts<T extends GroupUse>(
  a: T,
  b: T,
  strength: (end: T) => number,
  fixFor: (end: T, model: T) => readonly Fix[],
): readonly Fix[] {
  const ways = mendingOrder(a, b, strength).map(([end, model]) => {
    const wanted = fixFor(end, model);
    const said = wanted.filter(({ commands }) => allSpelledIn(commands, end.end.loaded.site) !== undefined);
    return { weakens: strength(model) < strength(end), wanted, said };
  });
  const strong = ways.filter(({ weakens }) => !weakens);
  const isUnsaid =
    strong.every(({ said }) => said.length === 0) && strong.some(({ wanted }) => wanted.length > 0);
  return (isUnsaid ? ways : strong).flatMap(({ said }) => said);
}

/**
 * The fix that changes a group for those whom a finding is about, by commands on the group. Where others use it whose
 * tunnel the change might take down, or of whom the dumps do not tell, these get a group of their own: a copy with the
 * change.
 */
export function changeGroup(use: GroupUse, network: Network, commands: readonly Command[]): readonly Fix[] {
  const { end, others } = use;
  const needsOwn = others.some((other) => !failsForGroup(end, other, network));
  return mendOf(end.site, needsOwn ? ownGroup(use, commands) : commands);
}

/** The fix that gives a setting of a group another value. */
export function changeSetting(
  end: End,
  setting: Setting<unknown>,
  value: string,
  network: Network,
  children: readonly string[] = [],
): readonly Fix[] {
  return changeGroup(groupUse(end, setting, children), network, [setCommand(setting.path, value)]);
}

/** The two ways to make one value of a setting that both ends have: that of the one becomes the other's. */
export function alignGroups(a: GroupUse, b: GroupUse, network: Network): readonly Fix[] {
  return mendingOrder(a, b).flatMap(([use, { setting }]) =>
    changeGroup(use, network, [setCommand(use.setting.path, String(setting.value))]),
  );
}

/** Both ends of a link in IKEv2. VyOS 1.2 and 1.3 commit no mode beside it. */
export function bothToIkev2({ a, b }: Link, network: Network): readonly Fix[] {
  const [own = [], other = []] = [a, b].map((end) => toIkev2(end, network));
  return mendBoth(own, other);
}

/** An end in IKEv2. */
export function toIkev2(end: End, network: Network): readonly Fix[] {
  const { version, aggressive } = end.section ?? {};
  if (!version) return [];
  const keyExchange = settingOfOrigin(version.origin);
  const mode = aggressive && settingOfOrigin(aggressive.origin);
  return changeGroup(groupUse(end, keyExchange), network, [
    setCommand(keyExchange.path, 'ikev2'),
    ...(mode?.origin.kind === 'set' ? [deleteCommand(mode.path)] : []),
  ]);
}

/** What fails for what stands in a group. */
const reasonsOfGroups: ReadonlySet<Reason> = new Set<Reason>([
  'no-ike-config',
  'mode-mismatch',
  'aggressive-psk-refused',
  'no-ike-proposal',
  'no-child-proposal',
]);

function failsForGroup({ site }: End, { peer, child: name }: OtherUse, { links }: Network): boolean {
  return links.some(({ a, b, negotiations }) => {
    const isAt = [a, b].some((end) => end.site === site && end.source.peer.name === peer);
    return (
      isAt &&
      negotiations.some(({ child: own, result, hidden, afterwards }) => {
        if (name !== undefined && own !== name) return false;
        const failures = [
          ...(result.outcome === 'failed' ? [result] : []),
          ...hidden,
          ...afterwards.map(({ failure }) => failure),
        ];
        return failures.some(({ reason, detail }) => !detail?.unloaded && reasonsOfGroups.has(reason));
      })
    );
  });
}

/** The commands for a copy of a group with a change, and for those of the end that are to use it. */
function ownGroup({ end, group, children }: GroupUse, change: readonly Command[]): readonly Command[] {
  const { loaded, source } = end;
  const { tree } = loaded.site;
  const above = group.slice(0, -1);
  const name = freeName(
    `${group.at(-1)}-${source.peer.name.replace(/[^\w-]+/g, '-').replace(/^-/, '')}`,
    child(tree, ...above)?.children,
  );
  const depth = group.length;
  const changes = change.flatMap((command) => (command === undefined ? [] : [readCommand(command)]));
  const isChanged = (words: readonly string[]) =>
    changes.some(({ verb, words: changed }) => {
      const named = changed.slice(depth, verb === 'set' ? -1 : undefined);
      return named.length > 0 && named.every((word, index) => words[index] === word);
    });
  const copied = wordsOf(child(tree, ...group)).filter((words) => !isChanged(words));
  const coming = changes.flatMap(({ verb, words }) => (verb === 'set' ? [words.slice(depth)] : []));
  const all = [...copied, ...coming].toSorted((one, other) => compareNames(one.join(' '), other.join(' ')));
  const isIke = above.at(-1) === 'ike-group';
  const users = source.children.filter((each) => children.includes(each.name));
  return [
    ...all.map((words) => commandFor([...above, name, ...words])),
    ...(isIke
      ? [setCommand([...source.peer.path, 'ike-group'], name)]
      : users.map(({ tunnel, vti }) => setCommand([...((tunnel ?? vti)?.path ?? []), 'esp-group'], name))),
    // What cannot be said of the change cannot be said at all.
    ...change.filter((command) => command === undefined),
  ];
}

function commandFor(words: readonly string[]): Command {
  return setCommand(words.slice(0, -1), words.at(-1));
}

/** What stands below a node, each as words: a leaf with its value, or a node without any. */
function wordsOf(node: ConfigNode | undefined): readonly (readonly string[])[] {
  const known = [...(node?.children.values() ?? [])].filter(({ role }) => role !== 'unknown');
  return known.flatMap((below) => {
    const held = values(below).map(({ value }) => [below.name, value]);
    const deeper = wordsOf(below).map((words) => [below.name, ...words]);
    const all = [...held, ...deeper];
    return all.length > 0 || below.role === 'leaf' ? all : [[below.name]];
  });
}

function freeName(wanted: string, taken: ReadonlyMap<string, unknown> | undefined): string {
  let free = wanted;
  for (let number = 2; taken?.has(free); number += 1) free = `${wanted}-${number}`;
  return free;
}

/** A sentence, with a space before it, for every group that others use; nothing where none is. */
export function alsoUsed(...uses: readonly GroupUse[]): string {
  return uses
    .filter(({ others }) => others.length > 0)
    .map(({ end, group, others }) => {
      const kind = group.at(-2) === 'ike-group' ? 'IKE' : 'ESP';
      const more = others.length > mostNames ? ` and ${others.length - mostNames} more` : '';
      const shown = others.slice(0, mostNames).map(({ peer, child: name }) => name ?? `peer ${peer}`);
      const names = `${shown.join(', ')}${more}`;
      return ` On ${end.name} the ${kind} group "${group.at(-1)}" is also used by ${names}: a change of it changes them too.`;
    })
    .join('');
}
