import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { courseFormats, formats, lint, negotiate } from '../../src/index.ts';

/** A tunnel that comes up and swallows its own packets is nowhere said to come up and no more. */
const inputs = ['a', 'b'].map((side) => {
  const file = `fixtures/pairs/path-own-route/${side}.conf`;
  return { file, text: readFileSync(file, 'utf8') };
});
const options = { color: false, width: 200, verbose: true };

test('the forecast, in each format that has one', () => {
  const report = lint(inputs);
  for (const format of ['pretty', 'junit', 'markdown'] as const) {
    const plain = formats[format](report, options).match(
      /initiates \S+: comes up(?! and is lost at once)|comes up (?:whichever|when)/g,
    );
    expect([format, plain]).toEqual([format, null]);
  }
  expect(formats.pretty(report, options)).toContain(
    'A initiates vti: comes up and is lost at once: A routes the packets of the tunnel into the tunnel',
  );
  expect(formats.junit(report, options)).toContain('tests="2" failures="2"');
});

test('the report in JSON, of which nothing but places leads back to a dump', () => {
  const report = lint(inputs);
  const { links } = JSON.parse(formats.json(report));
  expect(links[0].negotiations.map(({ lost }: { lost: unknown }) => lost)).toEqual([
    [{ by: 'a', reason: 'own-route' }],
    [{ by: 'a', reason: 'own-route' }],
  ]);
  expect(structuredClone(report.links)).toEqual(report.links);
  expect(JSON.stringify(report.links)).not.toContain('vpn ipsec');
});

test('the course has neither rekeys nor timers of it', () => {
  const course = negotiate(inputs);
  const text = courseFormats.pretty(course, options);
  expect(text).toContain(
    '✘ It is lost at once: A routes the packets of the tunnel into the tunnel [peer-routed-into-tunnel]',
  );
  expect(text).not.toMatch(/rekey|Timers/i);
  const [child] = JSON.parse(courseFormats.json(course, options)).links[0].directions[0].children;
  expect(child).toMatchObject({
    outcome: 'established',
    lost: [{ by: 'a', reason: 'own-route', explainedBy: ['peer-routed-into-tunnel'] }],
    timelines: [],
  });
});
