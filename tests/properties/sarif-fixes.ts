/** Each fix that the format sarif has, worked into the files as a viewer does it, mends its finding. */
import { deepStrictEqual } from 'node:assert';
import { readdirSync, readFileSync } from 'node:fs';
import { lint } from '../../src/index.ts';
import { applied, type Result, sarif } from '../report/sarif-document.ts';
import { spread } from './spread.ts';

/** How a dump may be written. */
const forms: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => text.trimEnd(),
  (text) => text.replaceAll('\n', '\r\n'),
];

/** The texts by the names of their files. */
type Texts = ReadonlyMap<string, string>;

const resultsOf = (texts: Texts): readonly Result[] =>
  sarif(lint([...texts].map(([file, text]) => ({ file, text })))).runs[0].results;

/** What a finding is, where findings of both sides may be alike. */
const identity = ({ ruleId, locations }: Result) => JSON.stringify([ruleId, locations]);

/** The leaves with one value that are set more than once, where nothing is taken back. */
function doubled(text: string): readonly string[] {
  if (/^delete /m.test(text)) return [];
  const leaves = [...text.matchAll(/^(set .*) '[^'\r\n]*'\r?$/gm)].map(([, leaf = '']) => leaf);
  const single = leaves.filter(
    (leaf) =>
      !/ (?:prefix|remote-address|interface|state|address|network|port|exclude|mode)$| psk \S+ id$/.test(
        leaf,
      ),
  );
  return single.filter((leaf, index) => single.indexOf(leaf) !== index);
}

/**
 * Throws for the first of so many of the pairs of fixtures, in each of the forms, in which a fix does not mend its finding,
 * or leaves a line that cannot be read.
 */
export function checkSarifFixes(count: number): void {
  // Neighbours are of different forms: so is a slice of them.
  const all = readdirSync('fixtures/pairs').flatMap((name, at) =>
    forms.map((_, turn) => ({ name, formed: forms[(at + turn) % forms.length] ?? String })),
  );
  const chosen = spread(all, count);
  let fixes = 0;
  for (const { name, formed } of chosen) {
    const texts: Texts = new Map(
      ['a.conf', 'b.conf'].map((file) => [
        file,
        formed(readFileSync(`fixtures/pairs/${name}/${file}`, 'utf8')),
      ]),
    );
    const results = resultsOf(texts);
    for (const result of results) {
      for (const fix of result.fixes ?? []) {
        expectMended(name, texts, results, result, fix);
        fixes += 1;
      }
    }
  }
  deepStrictEqual({ enough: fixes >= chosen.length }, { enough: true });
}

function expectMended(
  name: string,
  texts: Texts,
  resultsBefore: readonly Result[],
  result: Result,
  { artifactChanges }: NonNullable<Result['fixes']>[number],
): void {
  const mended = new Map(texts);
  for (const { artifactLocation, replacements } of artifactChanges)
    for (const replacement of replacements)
      mended.set(artifactLocation.uri, applied(mended.get(artifactLocation.uri) ?? '', replacement));
  for (const [file, text] of mended) {
    const before = doubled(texts.get(file) ?? '');
    const added = doubled(text).filter((leaf) => !before.includes(leaf));
    deepStrictEqual({ name, doubled: added }, { name, doubled: [] });
  }
  const left = resultsOf(mended);
  const damage = unread(left) > unread(resultsBefore);
  deepStrictEqual(
    { name, left: left.map(identity).includes(identity(result)), damage },
    { name, left: false, damage: false },
  );
}

/** A place that is wrong by a character leaves a line that nobody can read. */
const unread = (results: readonly Result[]) =>
  results.filter(({ ruleId }) => ruleId === 'syntax-error' || ruleId === 'unknown-node').length;
