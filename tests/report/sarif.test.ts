import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { lint } from '../../src/index.ts';
import type { Report, ReportSite } from '../../src/lint/report.ts';
import { cut, sarifText } from '../../src/report/sarif-text.ts';
import { sourceFile } from '../../src/source/index.ts';
import { anyReport } from './arbitrary.ts';
import * as sample from './sample.ts';
import { applied, type Result, type Sarif, sarif } from './sarif-document.ts';
import { validateSarif as validate } from './sarif-schema.ts';

/** GitHub's table of what code scanning needs ("SARIF support for code scanning"), as complaints. No text may be empty. */
function missing(document: Sarif): readonly string[] {
  const complaints: string[] = [];
  const need = (what: string, value: unknown, most = Number.POSITIVE_INFINITY) => {
    const fine =
      typeof value === 'string' ? value.trim() !== '' && value.length <= most : value !== undefined;
    if (!fine) complaints.push(what);
  };
  const { $schema, version, runs } = document as unknown as Record<string, unknown>;
  need('$schema', $schema);
  if (version !== '2.1.0') complaints.push('version');
  if (!Array.isArray(runs) || runs.length !== 1) complaints.push('runs');
  const [run] = document.runs;
  need('driver.name', (run.tool.driver as unknown as { name: string }).name);
  for (const rule of run.tool.driver.rules) {
    need('rule.id', rule.id);
    need('rule.shortDescription', rule.shortDescription.text, 1024);
    need('rule.fullDescription', rule.fullDescription.text, 1024);
    need('rule.help.text', rule.help.text);
    need('rule.help.markdown', rule.help.markdown);
    if (rule.properties.tags.length > 20) complaints.push('rule.tags');
  }
  if (run.results.length > 25_000 || run.tool.driver.rules.length > 25_000) complaints.push('too many');
  for (const result of run.results) {
    need('result.ruleId', result.ruleId);
    need('result.message', result.message.text);
    if (result.locations.length !== 1) complaints.push('result.locations');
    if (result.ruleIndex !== undefined && run.tool.driver.rules[result.ruleIndex] === undefined) {
      complaints.push('result.ruleIndex');
    }
    for (const mark of Object.values(result.partialFingerprints)) need('fingerprint', mark);
    const places = [...result.locations, ...(result.relatedLocations ?? [])];
    if (places.length > 1000) complaints.push('too many locations');
    for (const { physicalLocation } of places) {
      need('uri', physicalLocation.artifactLocation.uri);
      const { startLine, startColumn, endLine, endColumn } = physicalLocation.region;
      const ordered = endLine > startLine || (endLine === startLine && endColumn >= startColumn);
      if (!(startLine >= 1 && startColumn >= 1 && ordered)) complaints.push('region');
    }
    for (const { id, message } of result.relatedLocations ?? []) {
      need('related.id', id);
      need('related.message', message?.text);
    }
  }
  return complaints;
}

function expectSound(document: Sarif): void {
  validate(document);
  expect(validate.errors).toBeNull();
  expect(missing(document)).toEqual([]);
}

const pairs = readdirSync('fixtures/pairs');

function fixture(name: string): Report {
  const dump = (side: string) => ({
    file: `dumps of ${name}/${side}.conf`,
    text: readFileSync(`fixtures/pairs/${name}/${side}.conf`, 'utf8'),
  });
  return lint([dump('a'), dump('b')]);
}

describe("OASIS's schema and GitHub's table", () => {
  test.each(pairs)('take %s', (name) => {
    const report = fixture(name);
    const document = sarif(report);
    expectSound(document);
    const [{ results, tool }] = document.runs;
    expect(results).toHaveLength(report.findings.length);
    for (const { ruleId, ruleIndex } of results) {
      expect(tool.driver.rules[ruleIndex ?? -1]?.id).toBe(ruleId);
    }
  });

  test('take any report', () => {
    fc.assert(
      fc.property(anyReport, fc.boolean(), (report, suppressed) => {
        expectSound(sarif(report, { suppressed }));
      }),
      { numRuns: 40 },
    );
  });

  test('refuse what is wrong', () => {
    const document = sarif(sample.report());
    const [run] = document.runs;
    validate({ ...document, runs: [{ ...run, results: [{ level: 'fatal' }] }] });
    expect(validate.errors).not.toBeNull();
    const bare = { ...(run.results[0] as Result), message: { text: '' } };
    expect(missing({ ...document, runs: [{ ...run, results: [bare] }] })).toEqual(['result.message']);
  });
});

describe('a result', () => {
  const [result] = sarif(sample.report(), { pathOf: (file) => `dumps/${file}` }).runs[0].results;

  test('says all, with a link to the other side', () => {
    expect(result?.message.text).toBe(
      `No common Diffie-Hellman group: A offers 14, B accepts 2 (IKE_SA_INIT → NO_PROPOSAL_CHOSEN (14)).
No IKE_SA comes about, so no traffic passes in either direction; charon retries with every packet that asks for the tunnel, and fails each time.
siteA: group 14, MODP_2048; [dumps/siteB.conf:4](1) (not set: default 2, MODP_1024).
Fix on siteB: set vpn ipsec ike-group IKE-SITE-A proposal 1 dh-group '14'
or on siteA: set vpn ipsec ike-group IKE-SITE-B proposal 1 dh-group '2'`,
    );
  });

  test('stands on one side, and names the other', () => {
    expect(result).toMatchObject({
      ruleId: 'ike-dh-group-mismatch',
      ruleIndex: 0,
      level: 'error',
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'dumps/siteA.conf', uriBaseId: '%SRCROOT%' },
            region: { startLine: 6, startColumn: 56, endLine: 6, endColumn: 60 },
          },
        },
      ],
      relatedLocations: [
        {
          id: 1,
          message: { text: 'siteB: not set: default 2, MODP_1024' },
          physicalLocation: {
            artifactLocation: { uri: 'dumps/siteB.conf' },
            region: { startLine: 4, startColumn: 1 },
          },
        },
      ],
      partialFingerprints: { 'vyosIpsecLint/v1': '6f1d0c5a' },
    });
    expect(result?.partialFingerprints).not.toHaveProperty('primaryLocationLineHash');
  });

  test('stands on the changed side, so that a pull request shows it, with the same fingerprint', () => {
    const [other] = sarif(sample.report(), { changed: (file) => file === 'siteB.conf' }).runs[0].results;
    expect(other?.locations[0]?.physicalLocation.artifactLocation.uri).toBe('siteB.conf');
    expect(other?.relatedLocations?.[0]?.message?.text).toBe('siteA: group 14, MODP_2048');
    expect(other?.partialFingerprints).toEqual(result?.partialFingerprints);
  });
});

test('a rule has its texts, its page and its level', () => {
  const [rule] = sarif(sample.report()).runs[0].tool.driver.rules;
  expect(rule).toEqual({
    id: 'ike-dh-group-mismatch',
    name: 'IkeDhGroupMismatch',
    shortDescription: { text: 'The IKE groups share no Diffie-Hellman group.' },
    fullDescription: { text: 'Both sides must have one group in common.' },
    help: {
      text: expect.stringContaining('RFC 7296, section 1.2: https://www.rfc-editor.org/'),
      markdown: expect.stringContaining('**How to mend it**\n\nGive both the same group.'),
    },
    helpUri: sample.dhGroupRule.page,
    defaultConfiguration: { level: 'error' },
    properties: { tags: ['ipsec', 'vyos'], 'problem.severity': 'error', precision: 'very-high' },
  });
});

describe('suppressed findings', () => {
  const report = sample.report({
    findings: [],
    suppressed: [
      { finding: sample.dhGroup, suppression: { by: 'comment', reason: 'known' } },
      { finding: sample.psk, suppression: { by: 'baseline', reason: null } },
    ],
  });

  test('are left out, since GitHub opens an alert for each', () => {
    expect(sarif(report).runs[0].results).toEqual([]);
  });

  test('are marked where they are asked for', () => {
    const { results } = sarif(report, { suppressed: true }).runs[0];
    expect(results.map(({ suppressions }) => suppressions)).toEqual([
      [{ kind: 'inSource', justification: 'known' }],
      [{ kind: 'external' }],
    ]);
  });
});

test('the worst results are kept, and what is left out is told', () => {
  const infos = Array.from({ length: 25_000 }, () => ({ ...sample.pfs, fix: [] }));
  const { results, invocations } = sarif(sample.report({ findings: [...infos, sample.psk] })).runs[0];
  expect(results).toHaveLength(25_000);
  expect(results[0]?.ruleId).toBe('psk-mismatch');
  expect(invocations[0]?.toolExecutionNotifications).toEqual([
    { level: 'warning', message: { text: expect.stringMatching(/^Left out: 1 result, /) } },
  ]);
});

test('a finding has at most 1,000 places', () => {
  const [first] = sample.dhGroup.locations;
  const locations = [first, ...Array.from({ length: 2_000 }, () => first)] as const;
  const [result] = sarif(sample.report({ findings: [{ ...sample.dhGroup, locations }] })).runs[0].results;
  expect(result?.relatedLocations).toHaveLength(999);
});

test.each<readonly [string, string, string | undefined]>([
  ['a b/c%d.conf', 'a%20b/c%25d.conf', '%SRCROOT%'],
  ['line\nfeed:é#?.conf', 'line%0Afeed%3A%C3%A9%23%3F.conf', '%SRCROOT%'],
  ['../up.conf', '../up.conf', '%SRCROOT%'],
  ['/abs/a b.conf', 'file:///abs/a%20b.conf', undefined],
  ['C:\\dumps\\a b.conf', 'file:///C:/dumps/a%20b.conf', undefined],
  ['\ud800.conf', '%EF%BF%BD.conf', '%SRCROOT%'],
  ['', '.', '%SRCROOT%'],
])('a file called %j has the address %s', (name, uri, uriBaseId) => {
  const site: ReportSite = { ...sample.siteA, file: sourceFile(name, sample.siteA.file.text), secrets: [] };
  const locations = [sample.location(0, site, "'14'")] as const;
  const document = sarif(
    sample.report({ sites: [site, sample.siteB], findings: [{ ...sample.dhGroup, locations, fix: [] }] }),
  );
  expectSound(document);
  const { artifactLocation } = document.runs[0].results[0]?.locations[0]?.physicalLocation ?? {};
  expect(artifactLocation).toEqual({ uri, ...(uriBaseId === undefined ? {} : { uriBaseId }) });
});

test('texts make neither links nor placeholders', () => {
  expect(sarifText('a [x](1) {0} \u001b')).toBe('a \\[x\\](1) {{0}} \\u{{1b}}');
  expect(sarifText(' \n ', 'none')).toBe('none');
});

test('a long text is cut with a sign, and not within a character', () => {
  expect(cut('a'.repeat(10), 10)).toBe('a'.repeat(10));
  expect(cut('a'.repeat(11), 10)).toBe(`${'a'.repeat(8)} …`);
  expect(cut(`${'a'.repeat(7)}😀😀`, 10)).toBe(`${'a'.repeat(7)} …`);
});

describe('a fix is worked into the dump', () => {
  const dump = [
    "set vpn ipsec ike-group G proposal 1 dh-group '2'",
    "set vpn ipsec ike-group G proposal 1 encryption 'aes256'",
    "set vpn ipsec site-to-site peer P remote-address '192.0.2.1'",
    "set vpn ipsec site-to-site peer P tunnel 1 local prefix '10.1.0.0/24'",
    "set vpn ipsec site-to-site peer P tunnel 1 remote prefix '10.2.0.0/24'",
  ];
  const peer = 'vpn ipsec site-to-site peer P';
  test.each<readonly [string, readonly string[], readonly string[]]>([
    [
      'a value in the place of the old one',
      ["set vpn ipsec ike-group G proposal 1 dh-group '14'"],
      ["set vpn ipsec ike-group G proposal 1 dh-group '14'", ...dump.slice(1)],
    ],
    [
      'one of several values in the place of one that goes',
      [
        `delete ${peer} tunnel 1 local prefix '10.1.0.0/24'`,
        `set ${peer} tunnel 1 local prefix '10.9.0.0/24'`,
      ],
      [...dump.slice(0, 3), `set ${peer} tunnel 1 local prefix '10.9.0.0/24'`, ...dump.slice(4)],
    ],
    [
      'a new value beside the others',
      [`set ${peer} tunnel 1 local prefix '10.9.0.0/24'`],
      [...dump.slice(0, 4), `set ${peer} tunnel 1 local prefix '10.9.0.0/24'`, ...dump.slice(4)],
    ],
    [
      'a new node behind its neighbours',
      ["set vpn ipsec ike-group G lifetime '28800'"],
      [...dump.slice(0, 2), "set vpn ipsec ike-group G lifetime '28800'", ...dump.slice(2)],
    ],
    ['nothing of what goes', [`delete ${peer} tunnel 1`], dump.slice(0, 3)],
    [
      'what belongs to nothing at the end',
      ["set nat source rule 9 protocol 'udp'"],
      [...dump, "set nat source rule 9 protocol 'udp'"],
    ],
  ])('%s', (_, commands, expected) => {
    const site = sample.site('siteA', `${dump.join('\n')}\n`);
    const finding = {
      ...sample.dhGroup,
      locations: [sample.location(0, site, "'2'")] as const,
      // What a prefix is set beside, lint tells.
      fix: [
        {
          site: 0,
          commands,
          beside: commands.flatMap((each, at) => (each.includes(' prefix ') ? [at] : [])),
        },
      ],
    };
    const { fixes } = sarif(sample.report({ sites: [site, sample.siteB], findings: [finding] })).runs[0]
      .results[0] as Result;
    const replacements = fixes?.[0]?.artifactChanges[0]?.replacements ?? [];
    expect(replacements.reduce(applied, site.file.text)).toBe(`${expected.join('\n')}\n`);
  });
});

describe('no fix', () => {
  test('is an edit of a dump in braces', () => {
    const sites = [{ ...sample.siteA, notation: 'config-boot' as const }, sample.siteB];
    const { fixes } = sarif(sample.report({ sites })).runs[0].results[0] as Result;
    expect(fixes?.map(({ description }) => description.text)).toEqual(['Fix on siteB']);
  });

  test('stands where its column would tell how long a secret is', () => {
    const secret = "set vpn ipsec authentication psk P secret 'tulip'";
    const site = sample.site('siteA', `set x '14'\n${secret}`, ['tulip']);
    const locations = [sample.location(0, site, "'14'")] as const;
    const fix = [{ site: 0, commands: ["set vpn ipsec esp-group E pfs 'disable'"] }];
    const report = sample.report({
      sites: [site, sample.siteB],
      findings: [{ ...sample.dhGroup, locations, fix }],
    });
    expect(sarif(report).runs[0].results[0]).not.toHaveProperty('fixes');
  });

  test('is half of what is needed', () => {
    const finding = { ...sample.dhGroup, fixAll: true } as const;
    const sites = [{ ...sample.siteA, notation: 'config-boot' as const }, sample.siteB];
    expect(
      sarif(sample.report({ findings: [finding] })).runs[0].results[0]?.fixes?.[0]?.artifactChanges,
    ).toHaveLength(2);
    expect(sarif(sample.report({ sites, findings: [finding] })).runs[0].results[0]).not.toHaveProperty(
      'fixes',
    );
  });
});
