import { describe, expect, test } from '@jest/globals';
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
