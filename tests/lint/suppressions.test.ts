import { describe, expect, test } from '@jest/globals';
import { formats, type LintOptions, lint } from '../../src/index.ts';
import { examplePair } from '../../src/rules/example-pair.ts';

/** Site B with another Diffie-Hellman group for IKE, and a comment somewhere. */
const line = "set vpn ipsec ike-group IKE-A proposal 1 dh-group '15'";
const run = (b: string, options: LintOptions = {}, a = examplePair.a) =>
  lint(
    [
      { file: 'dumps/a.conf', text: a, name: 'hq' },
      { file: 'dumps/b.conf', text: `${examplePair.b}${b}`, name: 'branch' },
    ],
    options,
  );
const ids = (b: string, options: LintOptions = {}, a?: string) =>
  run(b, options, a).findings.map(({ ruleId, severity }) => `${severity} ${ruleId}`);

const mismatch = 'error ike-dh-group-mismatch';
const next = '# vyos-ipsec-lint-ignore-next-line';
const file = '# vyos-ipsec-lint-ignore-file';

describe('a comment', () => {
  test.each<readonly [string, string, readonly string[]]>([
    ['on the line above', `${next} ike-dh-group-mismatch -- known\n${line}\n`, []],
    ['with other lines of comment between', `${next} ike-dh-group-mismatch -- known\n# a\n\n${line}\n`, []],
    [
      'two above each other',
      `${next} ike-dh-group-mismatch -- x\n${next} pfs-mismatch -- y\n${line}\n`,
      ['warning suppression-unused'],
    ],
    [
      'in the form of a block',
      `/* vyos-ipsec-lint-ignore-next-line ike-dh-group-mismatch -- known */\n${line}\n`,
      [],
    ],
    ['for all of the file', `${line}\n${file} ike-dh-group-mismatch -- known\n`, []],
    [
      'with several rules',
      `${next} pfs-mismatch, ike-dh-group-mismatch -- known\n${line}\n`,
      ['warning suppression-unused'],
    ],
    ['with a reason that has dashes', `${next} ike-dh-group-mismatch -- a -- b --c\n${line}\n`, []],
    ['without a reason', `${next} ike-dh-group-mismatch\n${line}\n`, ['warning suppression-invalid']],
    ['with an empty reason', `${next} ike-dh-group-mismatch --\n${line}\n`, ['warning suppression-invalid']],
    [
      'on another line',
      `${next} ike-dh-group-mismatch -- known\nset system host-name 'b'\n${line}\n`,
      [mismatch, 'warning suppression-unused'],
    ],
    ['of another rule', `${next} pfs-mismatch -- known\n${line}\n`, [mismatch, 'warning suppression-unused']],
    ['without a rule', `${next} -- known\n${line}\n`, [mismatch, 'warning suppression-invalid']],
    [
      'of a rule that is not there',
      `${next} ike-dh-group-mismach -- known\n${line}\n`,
      [mismatch, 'warning suppression-invalid'],
    ],
    [
      'of another form',
      `# vyos-ipsec-lint-ignore ike-dh-group-mismatch -- known\n${line}\n`,
      [mismatch, 'warning suppression-invalid'],
    ],
    [
      'with nothing below',
      `${line}\n${next} ike-dh-group-mismatch -- known\n`,
      [mismatch, 'warning suppression-unused', 'warning suppression-invalid'],
    ],
    ['that only mentions it', `# we do not use vyos-ipsec-lint here\n${line}\n`, [mismatch]],
    [
      'about a comment',
      `${file} suppression-unused -- no\n${next} pfs-mismatch -- no\nset system host-name 'b'\n`,
      ['warning suppression-unused', 'warning suppression-unused'],
    ],
  ])('%s', (_, text, expected) => {
    expect(ids(text).toSorted()).toEqual([...expected].toSorted());
  });

  test('on either side of a link does', () => {
    const a = examplePair.a.replace(
      /^(set vpn ipsec ike-group IKE-B proposal 1 dh-group)/m,
      `${next} ike-dh-group-mismatch -- x\n$1`,
    );
    expect(a).not.toBe(examplePair.a);
    expect(ids(`${line}\n`, {}, a)).toEqual([]);
  });

  test('is told with its reason and its place, and counted', () => {
    const { suppressed, summary } = run(`${next} ike-dh-group-mismatch -- until the move\n${line}\n`);
    expect(
      suppressed.map(({ finding, suppression }) => [finding.ruleId, suppression.by, suppression.reason]),
    ).toEqual([['ike-dh-group-mismatch', 'comment', 'until the move']]);
    expect(summary).toMatchObject({ errors: 0, suppressed: 1 });
  });

  test.each(Object.keys(formats) as (keyof typeof formats)[])(
    'shows its own words and no other: %s',
    (format) => {
      const report = run(`${next} pfs-mismach, s3cret-in-a-remark\nset system host-name 'b'\n`);
      expect(report.findings.length).toBeGreaterThan(0);
      const text = formats[format](report, { color: false, width: 100 });
      expect(text).not.toContain('s3cret');
    },
  );
});

describe('settings', () => {
  test.each<readonly [string, LintOptions, readonly string[]]>([
    ['none', {}, [mismatch]],
    ['off', { severities: { 'ike-dh-group-mismatch': 'off' } }, []],
    [
      'a lighter severity',
      { severities: { 'ike-dh-group-mismatch': 'warning' } },
      ['warning ike-dh-group-mismatch'],
    ],
    ['an ignore of the rule', { ignores: [{ rule: 'ike-dh-group-mismatch', reason: 'x' }] }, []],
    ['an ignore at one site', { ignores: [{ rule: 'ike-dh-group-mismatch', site: 'hq', reason: 'x' }] }, []],
    [
      'an ignore at another site',
      { ignores: [{ rule: 'ike-dh-group-mismatch', site: 'lab', reason: 'x' }] },
      [mismatch],
    ],
    [
      'an ignore of one peer',
      { ignores: [{ rule: 'ike-dh-group-mismatch', peer: 'SITE-A', reason: 'x' }] },
      [],
    ],
    [
      'a peer of another site',
      { ignores: [{ rule: 'ike-dh-group-mismatch', site: 'hq', peer: 'SITE-A', reason: 'x' }] },
      [mismatch],
    ],
  ])('%s', (_, options, expected) => {
    expect(ids(`${line}\n`, options)).toEqual(expected);
  });

  test('a finding that its rule takes lighter stays lighter', () => {
    const answersOnly = `${line}\nset vpn ipsec site-to-site peer SITE-A connection-type 'none'\n`;
    // Nor does it initiate again after DPD or a close.
    const none = examplePair.a
      .replace("connection-type 'initiate'", "connection-type 'none'")
      .replace("dead-peer-detection action 'restart'", "dead-peer-detection action 'clear'")
      .replace("close-action 'start'", "close-action 'none'");
    const options: LintOptions = {
      severities: { 'ike-dh-group-mismatch': 'error', 'nobody-initiates': 'off' },
    };
    expect(ids(answersOnly, options, none)).toEqual(
      ids(answersOnly, { severities: { 'nobody-initiates': 'off' } }, none),
    );
    expect(ids(answersOnly, options, none).filter((id) => id.startsWith('error'))).toEqual([]);
  });

  test('a finding hides behind no finding that is not shown', () => {
    const two = `${line}\nset vpn ipsec esp-group ESP-A proposal 1 encryption 'aes128'\n`;
    const whole = run(two).findings.map(({ ruleId, hiddenBehind }) => [ruleId, hiddenBehind]);
    expect(whole).toEqual([
      ['ike-dh-group-mismatch', null],
      ['esp-encryption-mismatch', 0],
    ]);
    const left = run(two, { severities: { 'ike-dh-group-mismatch': 'off' } }).findings;
    expect(left.map(({ ruleId, hiddenBehind }) => [ruleId, hiddenBehind])).toEqual([
      ['esp-encryption-mismatch', null],
    ]);
  });

  test('a baseline holds what is known, under other names of groups and on other lines', () => {
    const known = new Set(run(`${line}\n`).findings.map(({ fingerprint }) => fingerprint));
    const moved = (text: string) => `\n\n${text.replaceAll('IKE-A', 'TO-HQ')}`;
    const b = moved(`${examplePair.b}${line}\n`);
    const report = lint(
      [
        { file: 'a.conf', name: 'hq', text: examplePair.a },
        { file: 'b.conf', name: 'branch', text: b },
      ],
      { baseline: known },
    );
    expect(report.findings).toEqual([]);
    expect(report.suppressed.map(({ suppression }) => suppression.by)).toEqual(['baseline']);
    expect(ids(`${line}\nset vpn ipsec esp-group ESP-A pfs 'dh-group19'\n`, { baseline: known })).toEqual([
      'error pfs-mismatch',
    ]);
  });
});

describe('a baseline of a network whose peers have the same names everywhere', () => {
  const at = (text: string, from: string, to: string) => text.replaceAll(from, to);
  const one = examplePair;
  const other = Object.fromEntries(
    Object.entries(examplePair).map(([side, text]) => [
      side,
      at(at(text, '203.0.113.1', '192.0.2.1'), '198.51.100.1', '192.0.2.2'),
    ]),
  ) as typeof examplePair;
  const network = (first: string, second: string) => [
    { file: 'hq.conf', text: one.a },
    { file: 'branch.conf', text: `${one.b}${first}\n` },
    { file: 'lab.conf', text: other.a },
    { file: 'test.conf', text: `${other.b}${second}\n` },
  ];

  test('hides nothing of another link', () => {
    const known = lint(network(line, ''));
    expect(known.links).toHaveLength(2);
    const baseline = new Set(known.findings.map(({ fingerprint }) => fingerprint));
    expect(lint(network(line, ''), { baseline }).findings).toEqual([]);
    expect(lint(network('', line), { baseline }).findings.map(({ ruleId }) => ruleId)).toEqual([
      'ike-dh-group-mismatch',
    ]);
  });
});

describe('what is expected of a link', () => {
  const between = (state: 'up' | 'down', one = {}, other = {}): LintOptions => ({
    expectations: [
      {
        between: [
          { site: 'branch', ...other },
          { site: 'hq', ...one },
        ],
        state,
        reason: null,
      },
    ],
  });
  const elsewhere =
    "delete vpn ipsec site-to-site peer SITE-A remote-address\nset vpn ipsec site-to-site peer SITE-A remote-address '192.0.2.77'\n";
  test.each<readonly [string, string, LintOptions, readonly string[]]>([
    ['up, and it is', '', between('up'), []],
    ['up, and it fails', `${line}\n`, between('up'), [mismatch]],
    ['down, and it is', `${line}\n`, between('down'), []],
    ['down, and it comes up', '', between('down'), ['error link-state-unexpected']],
    [
      'up, between peers that do not face each other',
      '',
      between('up', { peer: 'SITE-B' }, { peer: 'SITE-C' }),
      ['error link-state-unexpected'],
    ],
    [
      'down, between peers that do not face each other',
      '',
      between('down', { peer: 'SITE-C' }),
      ['error link-state-unexpected'],
    ],
    [
      'about a site that was not named',
      '',
      { expectations: [{ between: [{ site: 'hq' }, { site: 'lab' }], state: 'up', reason: null }] },
      [],
    ],
    [
      'up, told with both peers, at another address',
      elsewhere,
      between('up', { peer: 'SITE-B' }, { peer: 'SITE-A' }),
      ['error peer-address-mismatch'],
    ],
  ])('%s', (_, text, options, expected) => {
    expect(ids(text, options)).toEqual(expected);
  });

  test('two peers that name each other are paired where two fit alike', () => {
    const second = [...examplePair.b.matchAll(/^.*peer SITE-A .*$/gm)]
      .map(([found]) => found.replace('SITE-A', 'SPARE'))
      .join('\n');
    const linked = (options: LintOptions) => run(`${second}\n`, options).links.map(({ b }) => b.peer);
    expect(linked({})).toEqual([]);
    expect(linked(between('up', { peer: 'SITE-B' }, { peer: 'SPARE' }))).toEqual(['SPARE']);
  });
});

describe('a secret in what the user wrote', () => {
  const secret = 'an-example-secret-for-the-docs';
  const told = (report: ReturnType<typeof run>) =>
    report.suppressed.map(({ suppression }) => suppression.reason);

  test.each([
    ['the secret itself', `the word is ${secret}!`, 'the word is ********!'],
    ['another one, behind a word for secrets', 'the psk was hunter2 once', 'the psk ********'],
    ['none', 'until the move', 'until the move'],
  ])('is not shown with the reason of a comment: %s', (_, reason, shown) => {
    expect(told(run(`${next} ike-dh-group-mismatch -- ${reason}\n${line}\n`))).toEqual([shown]);
  });

  test('is not shown with the reason of an ignore or of a link', () => {
    const reason = `it is ${secret}`;
    const ignores = [{ rule: 'ike-dh-group-mismatch', reason }];
    expect(told(run(`${line}\n`, { ignores }))).toEqual(['it is ********']);
    const expectations = [{ between: [{ site: 'hq' }, { site: 'branch' }], state: 'down', reason }] as const;
    expect(told(run(`${line}\n`, { expectations }))).toEqual(['it is ********']);
  });

  test.each(Object.keys(formats) as (keyof typeof formats)[])(
    'is not shown where it stands once more: %s',
    (format) => {
      const report = run(`some words\n${secret}\nset vpn ipsec foo '${secret}'\n`);
      expect(report.findings.map(({ ruleId }) => ruleId)).toContain('syntax-error');
      expect(formats[format](report, { color: false, width: 120 })).not.toContain(secret);
    },
  );
});

describe('two comments on one line', () => {
  test('count both', () => {
    const both = `${file} pfs-mismatch -- x ${file} ike-dh-group-mismatch -- y`;
    expect(ids(`${both}\n${line}\n`)).toEqual(['warning suppression-unused']);
  });
});

describe('entries about a link', () => {
  test('one that names peers counts before one that names sites', () => {
    const expectations = [
      { between: [{ site: 'hq' }, { site: 'branch' }], state: 'down', reason: null },
      {
        between: [
          { site: 'hq', peer: 'SITE-B' },
          { site: 'branch', peer: 'SITE-A' },
        ],
        state: 'up',
        reason: null,
      },
    ] as const;
    expect(ids('', { expectations })).toEqual([]);
  });

  test('one that names a peer that is not there is an error, whatever it expects', () => {
    for (const state of ['up', 'down'] as const) {
      const expectations = [
        { between: [{ site: 'hq', peer: 'SITE-X' }, { site: 'branch' }], state, reason: null },
      ] as const;
      expect(run('', { expectations }).findings.map(({ message }) => message)).toEqual([
        'A link is described with peer SITE-X of hq, and there is no such peer',
      ]);
    }
  });
});
