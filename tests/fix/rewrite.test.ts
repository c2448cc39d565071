import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fix, rewrite, type Step } from '../../src/index.ts';
import { readCommand } from '../../src/vyos/command.ts';

const group = 'vpn ipsec ike-group G';

function step(command: string): Step {
  const mends = { ruleId: 'none', severity: 'error', message: 'none', link: null } as const;
  return { ...readCommand(command), command, mends, weakens: null, replaces: [] };
}

function rewritten(text: string, ...commands: readonly string[]): string {
  return rewrite({ file: 'a.conf', text }, { steps: commands.map(step) });
}

describe('a value is replaced where it stands', () => {
  test.each([
    [`set ${group} lifetime '3600'`, `set ${group} lifetime '7200'`],
    [`set ${group} lifetime "3600"`, `set ${group} lifetime "7200"`],
    [`set ${group} lifetime 3600`, `set ${group} lifetime 7200`],
    [`  set   ${group}  lifetime '3600'   # an hour`, `  set   ${group}  lifetime '7200'   # an hour`],
    [`vyos@a# set ${group} lifetime '3600'`, `vyos@a# set ${group} lifetime '7200'`],
    // Of several the last counts.
    [
      `set ${group} lifetime '1'\nset ${group} lifetime '3600'`,
      `set ${group} lifetime '1'\nset ${group} lifetime '7200'`,
    ],
  ])('%j', (text, wanted) => {
    for (const around of ['', '\n', '\r\n', '\r']) {
      const ends = (line: string) => `# before${around}${line.replaceAll('\n', around || '\n')}${around}`;
      if (around === '') expect(rewritten(text, `set ${group} lifetime '7200'`)).toBe(wanted);
      else expect(rewritten(ends(text), `set ${group} lifetime '7200'`)).toBe(ends(wanted));
    }
  });

  test('a byte order mark stays', () => {
    const text = `\uFEFFset ${group} lifetime '3600'\r\n`;
    expect(rewritten(text, `set ${group} lifetime '7200'`)).toBe(`\uFEFFset ${group} lifetime '7200'\r\n`);
  });
});

describe('what is new stands beside what it belongs to', () => {
  const dump = [
    `set ${group} key-exchange 'ikev2'`,
    `set ${group} proposal 1 dh-group '14'`,
    `set ${group} proposal 1 hash 'sha256'`,
    `set vpn ipsec site-to-site peer P tunnel 1 local prefix '10.1.0.0/24'`,
    "set zone 'z'",
  ];
  test.each([
    [`set ${group} lifetime '1'`, 1],
    [`set ${group} close-action 'none'`, 0],
    [`set ${group} proposal 1 encryption 'aes256'`, 2],
    [`set ${group} proposal 10 hash 'sha256'`, 3],
    [`set vpn ipsec site-to-site peer P tunnel 1 local prefix '10.0.0.0/24'`, 4],
    [`set vpn ipsec site-to-site peer P tunnel 1 disable`, 3],
    [`set vpn ipsec esp-group E pfs 'disable'`, 0],
  ])('%s', (command, line) => {
    expect(rewritten(`${dump.join('\n')}\n`, command)).toBe(
      `${dump.toSpliced(line, 0, command).join('\n')}\n`,
    );
    expect(rewritten(dump.join('\r\n'), command)).toBe(dump.toSpliced(line, 0, command).join('\r\n'));
  });

  test('in the quotes of its neighbour', () => {
    const text = `set ${group} key-exchange "ikev2"\n`;
    expect(rewritten(text, `set ${group} lifetime '7200'`)).toBe(`${text}set ${group} lifetime "7200"\n`);
  });

  test('behind a deletion that would take it away', () => {
    const text = `set ${group} key-exchange 'ikev2'\ndelete ${group}\nset ${group} proposal 1 hash 'sha1'`;
    expect(rewritten(text, `set ${group} key-exchange 'ikev1'`)).toBe(
      `${text}\nset ${group} key-exchange 'ikev1'`,
    );
  });

  test('at the end of a text that has nothing like it', () => {
    expect(rewritten('set system host-name r1\n', `set ${group} lifetime '1'`)).toBe(
      `set system host-name r1\nset ${group} lifetime '1'\n`,
    );
  });
});

describe('what is deleted goes with its lines', () => {
  const prefix = 'set vpn ipsec site-to-site peer P tunnel 1 remote prefix';
  test.each([
    [
      'a value of several',
      [`${prefix} '10.1.0.0/24'`, `${prefix} '10.2.0.0/24'`],
      `${prefix} '10.1.0.0/24'`,
      [1],
    ],
    [
      'a node without a value',
      [`set ${group} key-exchange 'ikev2'`, `set ${group} disable-mobike`],
      `set ${group} disable-mobike`,
      [0],
    ],
    [
      'all below a node',
      [`set ${group} lifetime 1`, `set ${group} proposal 1 hash sha1`, `set ${group} proposal 1 dh-group 2`],
      `set ${group} proposal 1`,
      [0],
    ],
  ])('%s', (_, lines, path, kept) => {
    const command = path.replace('set ', 'delete ');
    const rest = kept.map((index) => lines[index]);
    expect(rewritten(`${lines.join('\n')}\n`, command)).toBe(`${rest.join('\n')}\n`);
    expect(rewritten(lines.join('\r\n'), command)).toBe(rest.join('\r\n'));
  });

  test('a remark behind it stays', () => {
    const text = `set ${group} lifetime 1\nset ${group} disable-mobike # for NAT\n`;
    expect(rewritten(text, `delete ${group} disable-mobike`)).toBe(`set ${group} lifetime 1\n# for NAT\n`);
  });

  test('the node above it stays, as in VyOS', () => {
    const at = 'vpn ipsec site-to-site peer P';
    const text = `set ${at} ike-group 'G'\nset ${at} tunnel 1 disable\n`;
    expect(rewritten(text, `delete ${at} tunnel 1 disable`)).toBe(
      `set ${at} ike-group 'G'\nset ${at} tunnel 1\n`,
    );
  });
});

describe('a value that another takes the place of', () => {
  const at = 'vpn ipsec site-to-site peer P tunnel 1 remote prefix';
  const line = (value: string) => `set ${at} ${value}`;
  const out = (value: string) => `delete ${at} '${value}'`;
  const into = (value: string) => `set ${at} '${value}'`;
  const [a, b, c, d] = ['10.1.0.0/24', '10.2.0.0/24', '10.3.0.0/24', '10.4.0.0/24'] as const;
  test.each([
    ['the only one', [`'${a}'`], [out(a), into(c)], [`'${c}'`]],
    ['set before the old one goes', [`'${a}'`], [into(c), out(a)], [`'${c}'`]],
    ['in double quotes', [`"${a}"`], [out(a), into(c)], [`"${c}"`]],
    ['in none', [a], [out(a), into(c)], [c]],
    ['with a remark behind it', [`'${a}'  # LAN`], [out(a), into(c)], [`'${c}'  # LAN`]],
    ['the last of two', [a, `"${b}"`], [out(b), into(c)], [a, `"${c}"`]],
    // VyOS adds a value behind the others, and the order of the selectors counts.
    ['the first of two', [a, `"${b}"`], [out(a), into(c)], [`"${b}"`, `"${c}"`]],
    ['both', [`'${a}'`, `"${b}"`], [out(a), out(b), into(c), into(d)], [`'${c}'`, `"${d}"`]],
    ['both, by one', [`'${a}'`, `"${b}"`], [out(a), out(b), into(c)], [`"${c}"`]],
    ['one, by two', [`"${a}"`], [out(a), into(c), into(d)], [`"${c}"`, `"${d}"`]],
    ['by itself', [`'${a}'`, `'${b}'`], [out(a), into(a)], [`'${b}'`, `'${a}'`]],
    ['by one that is there', [`'${a}'`, `'${b}'`], [out(b), into(a)], [`'${a}'`]],
  ])('%s', (_, before, commands, after) => {
    for (const eol of ['\n', '\r\n']) {
      const around = (values: readonly string[]) =>
        [`set ${group} lifetime 1`, ...values.map(line), `set vpn ipsec options`, ''].join(eol);
      expect(rewritten(around(before), ...commands)).toBe(around(after));
    }
  });

  test('of another leaf of the same node', () => {
    const node = 'vpn ipsec site-to-site peer P tunnel 1 local';
    const text = `set ${node} port '22'\nset ${node.replace('local', 'remote')} prefix '${b}'\n`;
    expect(rewritten(text, `delete ${node} port`, `set ${node} prefix '${a}'`)).toBe(
      text.replace("port '22'", `prefix '${a}'`),
    );
  });

  test('never leaves the leaf without a value, whatever goes and comes', () => {
    const prefix = fc.constantFrom(a, b, c, d);
    const prefixes = fc.uniqueArray(prefix, { minLength: 1 });
    const quotes = fc.constantFrom("'", '"', '');
    fc.assert(
      fc.property(
        prefixes,
        quotes,
        fc.array(fc.tuple(fc.constantFrom(out, into), prefix), { minLength: 1, maxLength: 6 }),
        (values, quote, edits) => {
          const text = `${values.map((value) => line(`${quote}${value}${quote}`)).join('\n')}\n`;
          const held = new Set<string>(values);
          const commands = edits.map(([make, value]) => {
            if (make === into) held.add(value);
            else held.delete(value);
            return make(value);
          });
          const words = rewritten(text, ...commands)
            .trimEnd()
            .split('\n')
            .map((each) => each.replace(`set ${at}`, '').trim());
          // What VyOS keeps of a leaf whose last value went is the node above it.
          if (held.size === 0) expect(words).toEqual([`set ${at.replace(/ prefix$/, '')}`]);
          else expect(words.map((word) => word.replace(/['"]/g, ''))).toEqual([...held]);
        },
      ),
    );
  });
});

test('what VyOS refuses gives its place to what was meant', () => {
  const text = [
    "set vpn ipsec esp-group E pfs 'dh14'  # forward secrecy",
    "set vpn ipsec esp-group E proposal 1 hash 'sha256'",
    '',
  ].join('\r\n');
  const input = { file: 'a.conf', text };
  const plan = fix([input, { file: 'b.conf', text: 'set system host-name b' }]);
  expect(rewrite(input, plan.sites[0] ?? { steps: [] })).toBe(text.replace('dh14', 'dh-group14'));
});
