import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Finding } from '../../src/lint/finding.ts';
import { onlyFailing, recounted } from '../../src/lint/narrow.ts';
import type { Report, ReportLink } from '../../src/lint/report.ts';
import type { FormatOptions } from '../../src/report/format.ts';
import { formats } from '../../src/report/index.ts';
import { renderPretty } from '../../src/report/pretty.ts';
import { anyReport } from './arbitrary.ts';
import * as sample from './sample.ts';

const plain = { color: false, width: 80 };
const pretty = (report: Report, options: Partial<FormatOptions> = {}): string =>
  renderPretty(report, { ...plain, ...options });

/** A hub with so many spokes; the finding of each, if any, is that of `findings`. */
function star(spokes: number, findings: Readonly<Record<number, Partial<Finding>>>): Report {
  const [link] = sample.clean.links;
  if (!link) throw new Error('a link');
  const names = Array.from({ length: spokes }, (_, index) => `s${String(index + 1).padStart(2, '0')}`);
  const sites = [sample.siteA, ...names.map((name) => ({ ...sample.siteB, name, called: name }))];
  const links = names.map(
    (name, index): ReportLink => ({
      ...link,
      a: { ...link.a, name: 'hq' },
      b: { ...link.b, site: index + 1, name },
    }),
  );
  const found = Object.entries(findings).map(
    ([spoke, finding]): Finding => ({
      ...sample.dhGroup,
      ...finding,
      link: Number(spoke) - 1,
    }),
  );
  return recounted({ ...sample.report(), sites, links, findings: found });
}

/** A warning about one site. */
const advice = (short: string | undefined, site: 0 | 1, path: readonly string[]): Finding => ({
  ...sample.pfs,
  ruleId: 'weak-algorithm',
  severity: 'warning',
  message: `something of ${path.join(' ')}`,
  ...(short === undefined ? {} : { short }),
  locations: [sample.location(site, site === 0 ? sample.siteA : sample.siteB, 'set', { path })],
});
const group = (name: string) => ['vpn', 'ipsec', 'esp-group', name, 'proposal', '1', 'hash'];

describe('the closing list', () => {
  test('has each error in a line, hidden ones last, above the counts', () => {
    const text = pretty(
      sample.report({
        findings: [
          { ...sample.psk, hiddenBehind: 1, short: 'secrets differ' },
          { ...sample.dhGroup, short: 'DH group: 14, 2' },
          { ...sample.pfs, severity: 'error', short: 'no lifetime' },
        ],
      }),
    );
    expect(text.split('\n').slice(-5)).toEqual([
      'error  siteA ⇄ siteB  siteA.conf:6  DH group: 14, 2',
      'error  siteA          siteA.conf:8  site-lifetime: no lifetime',
      'error  siteA ⇄ siteB  siteA.conf:4  secrets differ',
      '1 error in 1 link',
      '',
    ]);
  });

  test('is none where nothing fails, and holds what --fail-on names', () => {
    const findings = [{ ...sample.dhGroup, severity: 'warning' as const }];
    expect(pretty(sample.report({ findings }))).not.toMatch(/^warning {2}/m);
    expect(pretty(sample.report({ findings }), { failOn: 'warning' })).toMatch(/^warning {2}siteA ⇄ siteB/m);
  });

  test.each([
    [20, 20, 0],
    [21, 19, 2],
    [500, 19, 481],
  ])('of %d errors has %d and counts the others', (errors, shown, left) => {
    const findings = Array.from({ length: errors }, () => sample.dhGroup);
    const lines = pretty(sample.report({ findings })).split('\n');
    expect(lines.filter((line) => line.startsWith('error  '))).toHaveLength(shown);
    expect(lines.includes(`… and ${left} more errors`)).toBe(left > 0);
  });

  test('never takes more than two lines an error, and cuts no place', () => {
    fc.assert(
      fc.property(fc.integer({ min: 40, max: 160 }), fc.string({ maxLength: 90 }), (width, name) => {
        const file = { ...sample.siteA.file, name: `${name.replace(/[^a-z/]/g, 'x')}/siteA.conf` };
        const report = sample.report({ sites: [{ ...sample.siteA, file }, sample.siteB] });
        const text = pretty(report, { width });
        const list = text.slice(text.lastIndexOf('\n\n') + 2).split('\n');
        expect(list.length).toBeLessThanOrEqual(4);
        expect(list[0]).toContain(`${file.name}:6`);
      }),
    );
  });
});

describe('of many links', () => {
  test('the failing one stands first and whole, all others in a line each', () => {
    const text = pretty(star(40, { 7: {}, 30: { severity: 'warning', ruleId: 'dpd-missing' } }));
    expect(text).toMatch(/^┌ hq/);
    expect(text.split('\n').slice(0, 4).join('\n')).toContain('└ s07');
    expect(text).toContain('\n! hq ⇄ s30  comes up, 1 warning: dpd-missing\n');
    expect(text.match(/^✔ hq ⇄ s\d\d {2}comes up$/gm)).toHaveLength(38);
    expect(text.match(/^┌/gm)).toHaveLength(1);
    expect(text.split('\n').slice(-10).join('\n')).toContain('error  hq ⇄ s07  siteA.conf:6  ');
  });

  test.each([
    ['of few links', 3, {}],
    ['with --verbose', 40, { verbose: true }],
  ])('what fails comes before what is weak, and that before what is clean, %s', (_, spokes, options) => {
    const text = pretty(star(spokes, { 2: { severity: 'warning' }, 3: {} }), options);
    expect([...text.matchAll(/^└ (s\d\d)/gm)].map(([, name]) => name).slice(0, 3)).toEqual([
      's03',
      's02',
      's01',
    ]);
    const rows = pretty(star(5, { 2: { severity: 'warning' }, 3: {} })).match(/^. hq ⇄ s\d\d/gm);
    expect(rows).toEqual(['! hq ⇄ s02', '✔ hq ⇄ s01', '✔ hq ⇄ s04', '✔ hq ⇄ s05']);
  });

  test('--verbose shows each whole, and so do few links', () => {
    expect(pretty(star(40, { 7: {} }), { verbose: true }).match(/^┌/gm)).toHaveLength(40);
    expect(pretty(star(3, { 2: {} })).match(/^┌/gm)).toHaveLength(3);
    expect(pretty(star(4, { 2: {} })).match(/^┌/gm)).toHaveLength(1);
  });

  test('Markdown has one heading for all that are clean', () => {
    const text = formats.markdown(star(40, { 7: {} }), plain);
    expect(text.match(/^### /gm)).toHaveLength(2);
    expect(text).toMatch(/^### .*`s07`/m);
    expect(text.match(/^- .*: comes up$/gm)).toHaveLength(39);
  });
});

describe('advice about single sites', () => {
  const findings = [
    advice('sha1', 0, group('ONE')),
    advice('sha1', 1, group('TWO')),
    advice('sha1', 0, ['vpn', 'ipsec', 'ike-group', 'THREE', 'proposal', '1', 'hash']),
    advice('3des', 1, group('TWO')),
    advice(undefined, 0, ['system']),
    advice(undefined, 1, ['system']),
  ];
  const report = recounted({ ...sample.clean, findings });

  test('is a line a kind, both sites and all groups merged', () => {
    const lines = pretty(report, { width: 160 }).split('\n');
    expect(lines.filter((line) => line.includes('weak-algorithm'))).toEqual([
      '  weak-algorithm  sha1 in 3 groups, 3des, something of system and 1 more: siteA.conf:1, siteB.conf:1',
    ]);
    expect(lines).toContain('6 warnings about single sites  shown whole with --verbose');
    expect(lines.at(-2)).toBe('6 warnings in 1 link');
  });

  test.each<readonly [string, Report, Partial<FormatOptions>]>([
    ['with --verbose', report, { verbose: true }],
    ['of one dump', { ...report, sites: [sample.siteA], links: [] }, {}],
    ['where it makes the run fail', report, { failOn: 'warning' }],
  ])('is whole %s', (_, whole, options) => {
    expect(pretty(whole, options)).toContain('warning[weak-algorithm] something of');
  });

  test('is one row and one fold of a Markdown page, with each message in it', () => {
    const text = formats.markdown(report, plain);
    expect(text.match(/^\| warning /gm)).toHaveLength(1);
    expect(text.match(/^- something of/gm)).toHaveLength(6);
    expect(text).not.toContain('Left out');
  });

  test.each(['json', 'sarif', 'github', 'gitlab', 'junit', 'checkstyle', 'concise'] as const)(
    'is whole in %s',
    (format) => {
      expect(formats[format](report, plain).match(/something of/g)?.length).toBeGreaterThanOrEqual(6);
    },
  );
});

test('a peer that may face one of several is shown whole, however many face nobody', () => {
  const unpaired = Array.from({ length: 39 }, (_, index) => ({
    site: 0,
    peer: `S${index}`,
    why: `why ${index}`,
    candidates: index === 7 ? [{ site: 1, peer: 'T' }] : [],
  }));
  const text = pretty({ ...sample.report(), unpaired });
  expect(text.match(/why \d+/g)).toEqual(['why 7']);
  expect(text).toContain('38 peers: ');
});

test('many unpaired peers are counted by site, whole with --verbose', () => {
  const unpaired = Array.from({ length: 39 }, (_, index) => ({
    site: 0,
    peer: `S${index}`,
    why: 'nobody is there',
    candidates: [],
  }));
  const report = { ...sample.report(), unpaired };
  expect(pretty(report)).toMatch(/^ {2}siteA\.conf {2}39 peers: S0, S1, .*…$/m);
  expect(pretty(report).match(/nobody is there/g)).toBeNull();
  expect(pretty(report, { verbose: true }).match(/nobody is there/g)).toHaveLength(39);
});

describe('what fails and nothing else', () => {
  test('of any report is its failing findings, in the order they had', () => {
    fc.assert(
      fc.property(
        // What hides another is itself hidden by nothing that it hides, which an arbitrary index is not.
        anyReport.map((report) => ({
          ...report,
          findings: report.findings.map((finding) => ({ ...finding, hiddenBehind: null })),
        })),
        fc.constantFrom('error' as const, 'warning' as const, 'info' as const),
        (report, least) => {
          const narrow = onlyFailing(report, least);
          const ranks = ['error', 'warning', 'info'];
          const wanted = report.findings.filter(
            ({ severity }) => ranks.indexOf(severity) <= ranks.indexOf(least),
          );
          expect(narrow.findings.map(({ fingerprint }) => fingerprint)).toEqual(
            wanted.map(({ fingerprint }) => fingerprint),
          );
          expect([narrow.unpaired, narrow.suppressed]).toEqual([[], []]);
          const about = new Set(narrow.findings.flatMap(({ link }) => link ?? []));
          expect([...about].toSorted((one, other) => one - other)).toEqual([...narrow.links.keys()]);
          for (const [index, { link }] of narrow.findings.entries()) {
            const before = wanted[index]?.link;
            expect(link === null ? null : narrow.links[link]).toEqual(
              before === null || before === undefined ? null : report.links[before],
            );
          }
        },
      ),
    );
  });

  test('has neither a forecast nor a count of links', () => {
    const text = pretty(onlyFailing(sample.report(), 'error'), { quiet: true });
    expect(text).not.toMatch(/Forecast|in 1 link/);
    expect(text).toMatch(/\nerror {2}siteA ⇄ siteB .*\n1 error\n$/);
  });
});
