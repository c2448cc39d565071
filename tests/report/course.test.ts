import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { courseFormats, negotiate } from '../../src/index.ts';
import type { Course } from '../../src/lint/course.ts';
import { cellWidth } from '../../src/report/cell-width.ts';

const folder = 'fixtures/pairs';
const pairs = readdirSync(folder);

function dumpsOf(pair: string): readonly [string, string] {
  const read = (side: string) => readFileSync(`${folder}/${pair}/${side}.conf`, 'utf8');
  return [read('a'), read('b')];
}

function courseOf([a, b]: readonly [string, string]): Course {
  return negotiate([
    { file: 'siteA.conf', text: a },
    { file: 'siteB.conf', text: b },
  ]);
}

function pretty(course: Course, options: Partial<Parameters<typeof courseFormats.pretty>[1]> = {}): string {
  return courseFormats.pretty(course, { color: false, width: 80, ...options });
}

const validate = new Ajv2020({ strictTypes: false }).compile(
  JSON.parse(readFileSync('docs/negotiate.schema.json', 'utf8')),
);

describe.each(pairs)('%s', (pair) => {
  const course = courseOf(dumpsOf(pair));

  test('is valid JSON of the published schema', () => {
    const text = courseFormats.json(course, { color: false, width: 80 });
    const valid = validate(JSON.parse(text));
    expect(validate.errors).toBe(null);
    expect(valid).toBe(true);
  });

  test('each failure is explained by a rule', () => {
    const sequences = course.links.flatMap(({ directions }) =>
      directions
        .filter(({ onlyAnswers }) => onlyAnswers === null)
        .flatMap(({ children }) =>
          children.flatMap(({ setup, childRekey, laterChild }) => [
            setup,
            ...(childRekey ? [childRekey.a, childRekey.b] : []),
            ...(laterChild ? [laterChild] : []),
          ]),
        ),
    );
    const unexplained = sequences.filter(
      ({ end, explainedBy }) => end.kind === 'failed' && explainedBy.length === 0,
    );
    expect(unexplained).toEqual([]);
    const known = new Set(course.report.rules.map(({ id }) => id));
    for (const id of sequences.flatMap(({ explainedBy }) => explainedBy)) expect(known).toContain(id);
  });

  test.each([80, 120])('keeps to %i columns, and its rails stand straight', (width) => {
    const lines = pretty(course, { width }).split('\n');
    expect(lines.filter((line) => cellWidth(line) > width && !line.includes('.conf'))).toEqual([]);
    const rails = lines.filter((line) => /^ {2}│/.test(line)).map((line) => [cellWidth(line), line.at(-1)]);
    expect(new Set(rails.map(String)).size).toBeLessThanOrEqual(1);
  });

  test('is plain ASCII where the terminal knows no more', () => {
    expect(pretty(course, { unicode: false })).toMatch(/^[\n\x20-\x7e]*$/);
  });

  test('shows no secret', () => {
    const secrets = dumpsOf(pair).flatMap((text) =>
      [...text.matchAll(/secret (?:'([^']+)'|(\S+))/g)].map(([, quoted, bare]) => quoted ?? bare ?? ''),
    );
    const texts = [pretty(course), courseFormats.json(course, { color: false, width: 80 })];
    for (const secret of secrets.filter((each) => each.length > 5 && !/^x+$/.test(each))) {
      for (const text of texts) expect(text).not.toContain(secret);
    }
  });
});

describe('what is said', () => {
  const said = (pair: string, options = {}) =>
    pretty(courseOf(dumpsOf(pair)), { width: 100, ...options }).replace(/\s+/g, ' ');

  test.each([
    [
      'guide-dh-group',
      'siteB refuses it with NO_PROPOSAL_CHOSEN: no common IKE proposal [ike-dh-group-mismatch]',
    ],
    ['guide-psk', 'siteB refuses it with AUTHENTICATION_FAILED: the pre-shared keys differ [psk-mismatch]'],
    ['ikev1-psk', 'siteB cannot decrypt it: the pre-shared keys differ. siteA gives up after 165 seconds'],
    [
      'guide-remote-address',
      'nobody answers at that address. siteB sends it 6 times and gives up after 165 seconds [peer-address-mismatch]',
    ],
    ['rule-psk-missing', 'siteB sends nothing more: no pre-shared key for these identities [psk-missing]'],
    [
      'rule-connection-not-loaded',
      'siteB sends nothing: strongSwan does not load the connection [undefined-group]',
    ],
    ['answers-only', 'siteB never calls: connection-type is none'],
    ['masked-dump', 'Taken to be well, for the dumps do not tell: a pre-shared secret is masked'],
    ['masked-dump', 'TSi not in the dump'],
    ['ke-payload-retry', 'N(INVAL_KE) INVALID_KE_PAYLOAD, wants MODP_2048'],
    ['pfs-several-tunnels', 'tunnel-2, over the IKE_SA that stands'],
    [
      'guide-pfs',
      'a rekey of either side fails with NO_PROPOSAL_CHOSEN, again and again every 6 to 15 s; traffic stops after 1:00:00',
    ],
    ['guide', 'either side may come first; the rekey works, and traffic goes on'],
  ])('%s: %s', (pair, text) => {
    expect(said(pair)).toContain(text);
  });

  test('one direction alone', () => {
    const text = said('guide', { initiator: 'b' });
    expect(text).toContain('siteB initiates');
    expect(text).not.toContain('siteA initiates');
  });

  test('a rekey that fails is shown once, whoever made the first call', () => {
    const titles = pretty(courseOf(dumpsOf('guide-pfs'))).match(/Rekey of tunnel-1, started by site[AB]/g);
    expect(titles).toEqual(['Rekey of tunnel-1, started by siteA', 'Rekey of tunnel-1, started by siteB']);
  });
});

test('hostile values are inert, and cut where they have no room', () => {
  const evil = '\u001b[31m\u202e<b>&\n';
  const [a, b] = dumpsOf('guide');
  const localId = `set vpn ipsec site-to-site peer SITE-B authentication local-id '\u001b[31m\u202e${'x'.repeat(300)}'`;
  const course = negotiate([
    { file: 'siteA.conf', text: `${a}\n${localId}`, name: `${evil}::error::${'y'.repeat(99)}` },
    { file: 'siteB.conf', text: b },
  ]);
  for (const name of ['pretty', 'json'] as const) {
    const text = courseFormats[name](course, { color: false, width: 80 });
    expect(text).toContain('x'.repeat(60));
    expect(text).not.toMatch(/[^\P{Cc}\n]|\p{Cf}/u);
    expect(text).not.toMatch(/^::error/m);
  }
  const ladder = pretty(course)
    .split('\n')
    .filter((line) => line.startsWith('  '));
  expect(ladder.length).toBeGreaterThan(20);
  expect(ladder.filter((line) => cellWidth(line) > 80)).toEqual([]);
});
