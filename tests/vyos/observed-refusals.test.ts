import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { readSetDump } from '../../grammar/index.ts';
import { sourceFile } from '../../src/source/index.ts';
import { readSite } from '../../src/vyos/read-site.ts';
import { refusalsOf } from '../../src/vyos/refusals.ts';
import type { Release } from '../../src/vyos/schema/index.ts';

interface Observation {
  readonly dump: string;
  readonly refused: string | null;
}

/** What VyOS's own code said of random dumps: see fixtures/observed/README.md. */
function observationsOf(file: string): readonly Observation[] {
  return readFileSync(`fixtures/observed/vyos/${file}`, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/** VyOS's words without their line breaks, the heading of vpn-config.pl and the last full stop. */
function words(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replace(/^VPN configuration error[.:] /, '')
    .replace(/[. ]+$/, '');
}

/** Refusals that are told otherwise, or not yet, and why. */
const kinds: readonly { readonly why: string; readonly text: RegExp }[] = [
  {
    why: 'certificates of remote access are not judged',
    text: /^(?:Missing private key on specified PKI|PKI is not configured)/,
  },
  { why: 'no dh-group, and told as an invalid value', text: /^Invalid 'dh-group' NOPE specified/ },
];

describe.each<readonly [string, Release, number]>([
  ['refused-1.4.jsonl', '1.4', 2],
  ['refused-rolling.jsonl', '1.5', 1],
  ['vyos-1.3.jsonl', '1.3', 2],
])('%s', (file, release, told) => {
  const judged = observationsOf(file).map(({ dump, refused }, line) => ({
    line: line + 1,
    refused: refused === null ? null : words(refused),
    own: refusalsOf(readSite('r', readSetDump(sourceFile('r.conf', dump)), release)).map(({ log }) =>
      words(log),
    ),
  }));
  const isListed = (refused: string | null) =>
    refused !== null && kinds.some(({ text }) => text.test(refused));

  test('is refused where VyOS refuses it, and in its words', () => {
    const different = judged.filter(({ refused, own }) =>
      refused === null ? own.length > 0 : !own.includes(refused) && !isListed(refused),
    );
    expect(different).toEqual([]);
  });

  test('the kinds that are listed are no more than they were', () => {
    const listed = judged.filter(
      ({ refused, own }) => refused !== null && !own.includes(refused) && isListed(refused),
    );
    expect(listed).toHaveLength(told);
  });
});
