import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readSetDump } from '../../grammar/index.ts';
import { sourceFile, textOf } from '../../src/source/index.ts';
import { type Release, schemaBelow } from '../../src/vyos/schema/index.ts';
import {
  buildTree,
  type ConfigNode,
  type ConfigTree,
  child,
  compareNames,
  has,
  lastValue,
  pathOf,
  tagNodes,
  values,
  wordsBelow,
} from '../../src/vyos/tree.ts';

function treeOf(lines: readonly string[], release: Release = '1.4'): ConfigTree {
  const { commands } = readSetDump(sourceFile('dump', lines.join('\n')));
  return buildTree(commands, schemaBelow(release));
}

/** `path = values` of all that has no children. */
function leaves(tree: ConfigTree): readonly string[] {
  const found: string[] = [];
  const walk = (node: ConfigNode): void => {
    if (node.children.size > 0) for (const below of node.children.values()) walk(below);
    else found.push([pathOf(node).join(' '), ...[...node.values.keys()].sort()].join(' = '));
  };
  for (const node of tree.children.values()) walk(node);
  return found.sort();
}

const ESP = ['vpn', 'ipsec', 'esp-group', 'E'] as const;
const PREFIX = 'vpn ipsec site-to-site peer P tunnel 1 local prefix';

describe('set', () => {
  test('a value stands with its word; the last of several wins, and the earlier are kept', () => {
    const tree = treeOf([
      "set vpn ipsec esp-group E lifetime '3600'",
      'set vpn ipsec esp-group E lifetime 1800',
    ]);
    const lifetime = child(tree, ...ESP, 'lifetime');
    expect(lastValue(lifetime)?.value).toBe('1800');
    expect(lifetime?.overridden.map(({ at }) => textOf(at))).toEqual(["'3600'"]);
    expect(lifetime?.first.command).not.toBe(lifetime?.last.command);
  });

  test('a multi leaf collects in order, without duplicates', () => {
    const tree = treeOf(['10.2.0.0/16', '10.1.0.0/16', '10.2.0.0/16'].map((net) => `set ${PREFIX} ${net}`));
    const prefix = child(tree, ...PREFIX.split(' '));
    expect(values(prefix).map(({ value }) => value)).toEqual(['10.2.0.0/16', '10.1.0.0/16']);
    expect(prefix?.overridden).toEqual([]);
  });

  test('the prefix of 1.3 is single', () => {
    const tree = treeOf([`set ${PREFIX} 10.1.0.0/16`, `set ${PREFIX} 10.2.0.0/16`], '1.3');
    expect(values(child(tree, ...PREFIX.split(' '))).map(({ value }) => value)).toEqual(['10.2.0.0/16']);
  });

  test('words behind a value are kept apart, a leaf without a value is marked', () => {
    const tree = treeOf(['set vpn ipsec esp-group E pfs dh-group 14', 'set vpn ipsec esp-group E lifetime']);
    expect(lastValue(child(tree, ...ESP, 'pfs'))?.extra.map(({ text }) => text)).toEqual(['14']);
    expect(child(tree, ...ESP, 'lifetime')?.bare).toBeDefined();
    expect(child(tree, ...ESP, 'pfs')?.bare).toBeUndefined();
  });

  test('what the schema does not know is kept as names', () => {
    const tree = treeOf(["set system host-name 'gw'", 'set nat source rule 10 exclude']);
    expect(child(tree, 'system', 'host-name', 'gw')?.role).toBe('unknown');
    expect(has(tree, 'nat', 'source', 'rule', '10', 'exclude')).toBe(true);
    expect(wordsBelow(child(tree, 'system', 'host-name')).map(({ value }) => value)).toEqual(['gw']);
  });

  test('the names of Object.prototype are names like others', () => {
    const tree = treeOf(['set __proto__ constructor', 'set vpn ipsec esp-group __proto__ lifetime 60']);
    expect(has(tree, '__proto__', 'constructor')).toBe(true);
    expect(lastValue(child(tree, 'vpn', 'ipsec', 'esp-group', '__proto__', 'lifetime'))?.value).toBe('60');
    expect(has(tree, 'toString')).toBe(false);
  });

  test('a node of another release has its shape from there', () => {
    const tree = treeOf(['set vpn ipsec site-to-site peer P authentication pre-shared-secret hush']);
    const secret = child(
      tree,
      'vpn',
      'ipsec',
      'site-to-site',
      'peer',
      'P',
      'authentication',
      'pre-shared-secret',
    );
    expect(secret?.role).toBe('leaf');
    expect(values(secret)).toHaveLength(1);
  });
});

describe('delete', () => {
  const set = [
    'set vpn ipsec esp-group E lifetime 60',
    `set ${PREFIX} 10.1.0.0/16`,
    `set ${PREFIX} 10.2.0.0/16`,
  ];

  test('a value, a leaf, a subtree', () => {
    const one = treeOf([...set, `delete ${PREFIX} 10.1.0.0/16`]);
    expect(values(child(one, ...PREFIX.split(' '))).map(({ value }) => value)).toEqual(['10.2.0.0/16']);
    expect(has(treeOf([...set, `delete ${PREFIX}`]), ...PREFIX.split(' '))).toBe(false);
    expect(has(treeOf([...set, 'delete vpn ipsec site-to-site']), 'vpn', 'ipsec', 'site-to-site')).toBe(
      false,
    );
  });

  test('a leaf goes with its last value, a tag node with its last name', () => {
    const tree = treeOf([...set, 'delete vpn ipsec esp-group E lifetime 60']);
    expect(child(tree, ...ESP)?.children.size).toBe(0);
    expect(has(treeOf([...set, 'delete vpn ipsec esp-group E']), 'vpn', 'ipsec', 'esp-group')).toBe(false);
  });

  test('what is set again is there again, without the past', () => {
    const tree = treeOf([...set, 'delete vpn', 'set vpn ipsec esp-group E lifetime 90']);
    expect(leaves(tree)).toEqual(['vpn ipsec esp-group E lifetime = 90']);
    expect(child(tree, ...ESP, 'lifetime')?.overridden).toEqual([]);
  });

  test.each([
    ['delete vpn ipsec ike-group I', 'ike-group'],
    ['delete vpn ipsec esp-group E lifetime 61', '61'],
    ['delete vpn ipsec esp-group E lifetime 60 more', 'more'],
    ['delete protocols', 'protocols'],
  ])('%s deletes nothing', (line, at) => {
    const tree = treeOf([...set, line]);
    expect(tree.notes.map((note) => [note.kind, textOf(note.at)])).toEqual([['deleted-nothing', at]]);
  });
});

describe('deactivate, activate, comment', () => {
  const set = [
    'set vpn ipsec esp-group E lifetime 60',
    `set ${PREFIX} 10.1.0.0/16`,
    `set ${PREFIX} 10.2.0.0/16`,
  ];

  test('a deactivated node is out of force until it is activated', () => {
    const off = treeOf([
      ...set,
      'deactivate vpn ipsec esp-group E',
      'set vpn ipsec esp-group E mode transport',
    ]);
    expect(has(off, ...ESP)).toBe(false);
    const on = treeOf([...set, 'deactivate vpn ipsec esp-group E', 'activate vpn ipsec esp-group E']);
    expect(lastValue(child(on, ...ESP, 'lifetime'))?.value).toBe('60');
  });

  test('a value', () => {
    const tree = treeOf([...set, `deactivate ${PREFIX} 10.1.0.0/16`]);
    expect(values(child(tree, ...PREFIX.split(' '))).map(({ value }) => value)).toEqual(['10.2.0.0/16']);
    const gone = treeOf([...set, 'deactivate vpn ipsec esp-group E lifetime 60']);
    expect(has(gone, ...ESP, 'lifetime')).toBe(false);
  });

  test('a tag node goes with its last name, as when that is deleted', () => {
    const off = treeOf([...set, 'deactivate vpn ipsec esp-group E']);
    expect(has(off, 'vpn', 'ipsec', 'esp-group')).toBe(false);
    const peer = 'vpn ipsec site-to-site peer X';
    const tunnel = treeOf([
      `set ${peer} ike-group I`,
      `set ${peer} tunnel 1 esp-group E`,
      `deactivate ${peer} tunnel 1`,
    ]);
    expect(has(tunnel, ...peer.split(' '))).toBe(true);
    expect(has(tunnel, ...peer.split(' '), 'tunnel')).toBe(false);
  });

  test('comments stay on their node, whichever comes first', () => {
    const tree = treeOf(["comment vpn ipsec esp-group E 'the one'", ...set]);
    expect(child(tree, ...ESP)?.comment?.text).toBe('the one');
  });

  test('what is not there is noted', () => {
    const tree = treeOf(['deactivate vpn', 'activate vpn', "comment vpn 'x'"]);
    expect(tree.notes.map(({ kind }) => kind)).toEqual([
      'deactivated-nothing',
      'activated-nothing',
      'commented-nothing',
    ]);
  });
});

describe('order', () => {
  test('names are sorted as VyOS sorts them, not as they stand', () => {
    const tree = treeOf(['10', '2', '1'].map((n) => `set vpn ipsec esp-group E proposal ${n} hash sha1`));
    expect(tagNodes(child(tree, ...ESP, 'proposal')).map(({ name }) => name)).toEqual(['1', '2', '10']);
  });

  test.each([
    ['2', '10', -1],
    ['eth9', 'eth10', -1],
    ['a', 'ab', -1],
    ['a2b', 'a2c', -1],
    ['A', 'a', -1],
    ['99999999999999999999', '100000000000000000000', -1],
    ['x', 'x', 0],
  ])('%s, %s', (a, b, order) => {
    expect(compareNames(a, b)).toBe(order);
    expect(compareNames(b, a)).toBe(order === 0 ? 0 : -order);
  });

  test('the order is one: antisymmetric, and sorting does not depend on where it starts', () => {
    const name = fc.string({ unit: fc.constantFrom('a', 'b', '-', '0', '1', '9'), maxLength: 6 });
    fc.assert(
      fc.property(fc.uniqueArray(name), fc.infiniteStream(fc.nat()), (names, random) => {
        const sorted = [...names].sort(compareNames);
        const shuffled = names
          .map((each) => [each, random.next().value] as const)
          .sort((x, y) => x[1] - y[1])
          .map(([each]) => each);
        expect(shuffled.sort(compareNames)).toEqual(sorted);
      }),
    );
  });
});

describe('properties', () => {
  const word = fc.constantFrom(
    'vpn',
    'ipsec',
    'esp-group',
    'E',
    'F',
    'lifetime',
    '60',
    'interface',
    'eth0',
    'system',
  );
  const line = fc
    .tuple(
      fc.constantFrom('set', 'set', 'set', 'delete', 'comment', 'deactivate', 'activate'),
      fc.array(word, { minLength: 1, maxLength: 8 }),
    )
    .map(([verb, words]) => [verb, ...words].join(' '));

  test('independent commands give the same leaves in any order', () => {
    const leaf = fc.oneof(
      fc.nat({ max: 30 }).map((n) => `set vpn ipsec esp-group E${n} lifetime ${60 + n}`),
      fc.nat({ max: 30 }).map((n) => `set ${PREFIX} 10.${n}.0.0/16`),
      fc.nat({ max: 30 }).map((n) => `set system name-server 192.0.2.${n}`),
    );
    fc.assert(
      fc.property(fc.uniqueArray(leaf), fc.func(fc.nat()), (lines, weigh) => {
        const shuffled = [...lines].sort((x, y) => weigh(x) - weigh(y));
        expect(leaves(treeOf(shuffled))).toEqual(leaves(treeOf(lines)));
      }),
    );
  });

  test('setting all once more changes no leaf; deleting what was set leaves none', () => {
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const sets = lines.filter((each) => each.startsWith('set'));
        expect(leaves(treeOf([...sets, ...sets]))).toEqual(leaves(treeOf([...sets])));
        const tops = [...new Set(sets.map((each) => each.split(' ')[1]))];
        expect(leaves(treeOf([...sets, ...tops.map((top) => `delete ${top}`)]))).toEqual([]);
      }),
    );
  });

  test('no sequence of commands fails, and every node knows its way up', () => {
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const tree = treeOf(lines);
        const walk = (node: ConfigNode): void => {
          expect(child(tree, ...pathOf(node))).toBe(node);
          for (const below of node.children.values()) walk(below);
        };
        for (const node of tree.children.values()) walk(node);
      }),
    );
  });
});

test('a huge and a deep dump are built', () => {
  const file = sourceFile('dump', '');
  const at = { file, start: 0, end: 0 };
  const command = (text: string) => ({
    verb: 'set' as const,
    path: text.split(' ').map((each) => ({ text: each, quoted: false, at })),
    at,
  });
  const many = Array.from({ length: 200_000 }, (_, n) =>
    command(`firewall group address-group G address 10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`),
  );
  const deep = command(Array.from({ length: 100_000 }, (_, n) => `n${n}`).join(' '));
  const tree = buildTree([...many, deep], schemaBelow('1.4'));
  expect(child(tree, 'firewall', 'group', 'address-group', 'G', 'address')?.values.size).toBe(200_000);
  expect(has(tree, 'n0', 'n1', 'n2')).toBe(true);
});
