import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { protocolNumber } from '../../src/ike/traffic-selector.ts';

/** Debian's own, of the package netbase, which .ci/run installs. */
const file = '/etc/protocols';
const known = existsSync(file)
  ? readFileSync(file, 'utf8')
      .split('\n')
      .flatMap((line) => {
        const [, name = '', number] = /^([\w.+-]+)\s+(\d+)\b/.exec(line) ?? [];
        return number === undefined ? [] : [[name, Number(number)] as const];
      })
  : [];

(existsSync(file) ? test : test.skip)('each protocol that the system names has its number', () => {
  const unlike = known.filter(([name, number]) => {
    const own = protocolNumber(name);
    return own !== undefined && own !== number;
  });
  expect(known.length).toBeGreaterThan(40);
  expect(unlike).toEqual([]);
  // mptcp is 262: a selector has one byte.
  const unknown = known.filter(([name, number]) => number < 256 && protocolNumber(name) === undefined);
  expect(unknown).toEqual([]);
});
