/** No output of a dump shows a secret of it, whatever befell its line; nor does any tell how long it is. */
import { deepStrictEqual } from 'node:assert';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readDump } from '../../grammar/index.ts';
import { type CourseFormatName, courseFormats, type Format, fix, formats, render } from '../../src/index.ts';
import { discreetly } from '../../src/lint/discreetly.ts';
import { courseOf } from '../../src/lint/follow.ts';
import { lint } from '../../src/lint/lint.ts';
import { noSettings } from '../../src/lint/settings.ts';
import { linkSites } from '../../src/pairing/link.ts';
import { renderFixJson } from '../../src/report/fix-json.ts';
import { renderFixSession } from '../../src/report/fix-session.ts';
import { rules } from '../../src/rules/index.ts';
import { sourceFile } from '../../src/source/index.ts';
import { readSite } from '../../src/vyos/read-site.ts';
import { rooted } from '../../src/vyos/rooted.ts';
import { isPlain } from '../../src/vyos/schema/index.ts';
import { guardOf } from '../../src/vyos/secret-places.ts';
import { base } from './base.ts';
import { leakInput, randomFrom } from './inputs.ts';

const tool = { name: 'vyos-ipsec-lint', version: '0.0.0', home: '' };
/** The search for a plan takes long; every so many inputs have one. */
const EACH_PLAN = 25;
/** Columns of the terminal. */
const widths = [40, 80, 120, 200];

/** Every output of a pair, by name. */
export function outputsOf(
  text: string,
  index: number,
  settings = {},
): readonly (readonly [string, string])[] {
  const inputs = [
    { file: 'a.conf', text },
    { file: 'b.conf', text: base.b },
  ];
  const sites = inputs.map(({ file, text: of }) =>
    readSite(file.slice(0, 1), rooted(readDump(sourceFile(file, of)))),
  );
  const network = linkSites(sites, { publicAddresses: [], expectations: [] });
  const report = lint(network, rules, tool, { ...noSettings, ...settings });
  const width = widths[index % widths.length] ?? 80;
  // As the library does it, but each negotiation is worked out once.
  const course = discreetly(courseOf(network, rules, report), guardOf(sites.map(({ dump }) => dump)));
  const ofPlan = () => {
    const plan = fix(inputs, settings);
    return [
      ['fix', renderFixSession(plan)],
      ['fix json', renderFixJson(plan, tool)],
    ] as const;
  };
  return [
    ...Object.entries<Format>(formats).map(
      ([name, format]) =>
        [name, format(report, { color: index % 3 === 0, width, suppressed: true })] as const,
    ),
    ['report', JSON.stringify(withoutDumps(report))],
    ...(Object.keys(courseFormats) as CourseFormatName[]).map(
      (name) => [`negotiate ${name}`, courseFormats[name](course, { color: false, width })] as const,
    ),
    ['render', render({ file: 'a.conf', text })],
    ...(index % EACH_PLAN === 0 ? ofPlan() : []),
  ];
}

/** All that the library hands out but for the dumps themselves. */
function withoutDumps(report: object): unknown {
  return JSON.parse(
    JSON.stringify(report, (key, value: unknown) =>
      key === 'file' && typeof value === 'object' ? null : value,
    ),
  );
}

/** The pieces of a secret of which none may be seen. */
function piecesOf(secret: string): readonly string[] {
  const pieces = Array.from({ length: Math.max(1, secret.length - 7) }, (_, at) => secret.slice(at, at + 8));
  return [secret, ...pieces].filter((piece) => !isPlain(piece) && !/^\W+$/.test(piece));
}

/** What leaks of inputs from a seed: one line each. */
export function leaksOf(
  count: number,
  seed: number,
  told: (done: number) => void = () => {},
): readonly string[] {
  const leaks: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const { text, secret, how } = leakInput(seed + index, base.a);
    const pieces = piecesOf(secret);
    let found: string;
    try {
      found = outputsOf(text, index)
        .filter(([, output]) => pieces.some((piece) => output.includes(piece)))
        .map(([name]) => name)
        .join(', ');
    } catch (error) {
      found = `crash: ${String(error)}`;
    }
    if (found !== '') leaks.push(`seed ${seed + index}: ${how}: ${found}`);
    told(index + 1);
  }
  return leaks;
}

/** Of the outputs of two dumps that differ in the length of a secret, those that differ: one line each. */
export function lengthsTold(count: number, seed: number): readonly string[] {
  const settings = { severities: { 'psk-weak': 'off' } } as const;
  const told: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const random = randomFrom(seed + index);
    const letters = (length: number) =>
      Array.from({ length }, () => 'QXZKVWJY'.charAt(Math.floor(random() * 8))).join('');
    const [short, long] = [`${letters(6)}q9`, `${letters(18)}q9`].map((secret) =>
      leakInput(seed + index, base.a, secret),
    );
    if (short === undefined || long === undefined) continue;
    if (/within|added|moved|misspelt|pem/.test(short.how)) continue;
    const [one, other] = [short, long].map(({ text }) => outputsOf(text, index, settings));
    const differing = (one ?? []).filter(
      ([name, output], place) => name !== 'report' && output !== other?.[place]?.[1],
    );
    if (differing.length > 0)
      told.push(`seed ${seed + index}: ${short.how}: ${differing.map(([name]) => name).join(', ')}`);
  }
  return told;
}

/** For all.ts of the properties. */
export function checkLeaksOfDamage(numRuns: number, seed: number): void {
  deepStrictEqual(leaksOf(numRuns, seed), []);
}

export function checkLengths(numRuns: number, seed: number): void {
  deepStrictEqual(lengthsTold(numRuns, seed), []);
}

/** Every input of fixtures/leaks: none of their secrets is seen, and no CI runner finds a command. */
export function checkLeakCases(count: number): void {
  const folder = 'fixtures/leaks';
  // A copy: in the context of jest's modules what Node makes is an array of another realm.
  const files = [...readdirSync(folder)].slice(0, count);
  // The widest frame shows the most.
  const widest = widths.indexOf(Math.max(...widths));
  const leaks = files.flatMap((file) =>
    outputsOf(readFileSync(join(folder, file), 'utf8'), widest).flatMap(([name, output]) =>
      // The data of the library is no text that anybody shows.
      /Zq7Kv9|w3LtPm2|MIIEv|ALPHA9001/i.test(output) || (name !== 'report' && /##[a-z]+\[/i.test(output))
        ? [`${file}: ${name}`]
        : [],
    ),
  );
  deepStrictEqual(leaks, []);
}
