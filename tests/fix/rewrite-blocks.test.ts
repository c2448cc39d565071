import { describe, expect, test } from '@jest/globals';
import { fix, rewrite, type Step } from '../../src/index.ts';
import { readCommand } from '../../src/vyos/command.ts';
import { footerOf14 } from '../arbitrary/in-braces.ts';

function step(command: string): Step {
  const mends = { ruleId: 'none', severity: 'error', message: 'none', link: null } as const;
  return { ...readCommand(command), command, mends, weakens: null, replaces: [] };
}

function rewritten(text: string, ...commands: readonly string[]): string {
  return rewrite({ file: 'config.boot', text }, { steps: commands.map(step) });
}

const text = [
  'interfaces {',
  '    loopback lo { }',
  '}',
  'vpn {',
  '    ipsec {',
  '        /* the one group */',
  '        ike-group G {',
  '            key-exchange "ikev2" // of them all',
  '            lifetime "28800"',
  '            /* strong */',
  '            proposal 1 {',
  '                dh-group "14"',
  '                hash "sha256"',
  '            }',
  '        }',
  '        site-to-site {',
  '            peer P {',
  '                tunnel 1 {',
  '                    local {',
  '                        prefix "10.1.0.0/24"',
  '                    }',
  '                }',
  '            }',
  '        }',
  '    }',
  '}',
  footerOf14,
].join('\n');

const group = 'vpn ipsec ike-group G';
const tunnel = 'vpn ipsec site-to-site peer P tunnel 1';

/** `lines` come in behind the line that begins with `behind`, and `old` of those that stand there are taken out. */
const changes: readonly (readonly [
  command: string,
  behind: string,
  old: number,
  lines: readonly string[],
])[] = [
  [`set ${group} lifetime '3600'`, 'key-exchange', 1, ['            lifetime "3600"']],
  [`set ${group} close-action 'none'`, 'ike-group G', 0, ['            close-action "none"']],
  [`set ${group} mode 'main'`, 'lifetime', 0, ['            mode "main"']],
  [`set ${group} disable-mobike`, 'ike-group G', 0, ['            disable-mobike']],
  [`set ${group} proposal 1 encryption 'aes256'`, 'dh-group', 0, ['                encryption "aes256"']],
  [
    `set ${group} proposal 10 hash 'sha512'`,
    '            }',
    0,
    ['            proposal 10 {', '                hash "sha512"', '            }'],
  ],
  [`set ${tunnel} local prefix '10.0.0.0/24'`, 'prefix', 0, ['                        prefix "10.0.0.0/24"']],
  [
    `set ${tunnel} remote prefix '10.2.0.0/24'`,
    '                    }',
    0,
    ['                    remote {', '                        prefix "10.2.0.0/24"', '                    }'],
  ],
  [
    `set vpn ipsec esp-group E pfs 'disable'`,
    '    ipsec',
    0,
    ['        esp-group E {', '            pfs "disable"', '        }'],
  ],
  [`delete ${group} lifetime`, 'key-exchange', 1, []],
  // A comment is that of its node.
  [`delete ${group} proposal 1`, 'lifetime', 5, []],
  [`delete ${group}`, '    ipsec', 10, []],
  [`delete ${tunnel} local prefix '10.1.0.0/24'`, '                    local', 1, []],
];

describe('a command goes into its block', () => {
  test.each(changes)('%s', (command, behind, old, lines) => {
    for (const eol of ['\n', '\r\n']) {
      const all = text.split('\n');
      const at = all.findIndex((line) => line.trimStart().startsWith(behind) || line.startsWith(behind)) + 1;
      const wanted = all.toSpliced(at, old, ...lines).join(eol);
      expect(rewritten(all.join(eol), command)).toBe(wanted);
    }
  });

  test('a block on one line is opened', () => {
    const command = `set interfaces loopback lo address '192.0.2.1/32'`;
    expect(rewritten(text, command)).toBe(
      text.replace('    loopback lo { }', '    loopback lo {\n        address "192.0.2.1/32"\n    }'),
    );
  });

  test('a part of the configuration, as "show configuration vpn ipsec" prints it', () => {
    const part = 'esp-group E {\n    lifetime 3600\n}\nike-group G {\n    lifetime 28800\n}\n';
    expect(rewritten(part, `set ${group} lifetime '1'`, `set ${group} mode 'main'`)).toBe(
      part.replace('    lifetime 28800\n', '    lifetime 1\n    mode main\n'),
    );
    expect(rewritten(part, `set vpn ipsec interface 'eth0'`)).toBe(`${part}interface eth0\n`);
  });

  test('a value that VyOS refuses gives its place to what was meant', () => {
    const dump = 'vpn {\n    ipsec {\n        esp-group E {\n            pfs dh14\n        }\n    }\n}\n';
    const input = { file: 'a.conf', text: dump };
    const plan = fix([input, { file: 'b.conf', text: 'set system host-name b' }]);
    expect(rewrite(input, plan.sites[0] ?? { steps: [] })).toBe(dump.replace('dh14', 'dh-group14'));
  });
});
