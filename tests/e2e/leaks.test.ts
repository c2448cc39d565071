import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { base } from '../leaks/base.ts';
import { type Workplace, workplace } from './workplace.ts';

const secret = /Zq7Kv9|w3LtPm2/i;
const read = (name: string) => readFileSync(join('fixtures/leaks', name), 'utf8');

let place: Workplace;
beforeAll(() => {
  place = workplace();
  place.write('b.conf', base.b);
});
afterAll(() => place.remove());

describe.each(['d1_psk_node_dropped.conf', 'q3_quote_peer.conf', 'r4_peername.conf'])('%s', (name) => {
  test.each([
    ['--verbose', ['--verbose', 'a.conf', 'b.conf']],
    ['--update-baseline', ['--baseline', 'known.json', '--update-baseline', 'a.conf', 'b.conf']],
    ['fix', ['fix', 'a.conf', 'b.conf']],
    ['render', ['render', 'a.conf']],
    ['negotiate', ['negotiate', 'a.conf', 'b.conf']],
  ])('%s shows no secret', (what, args) => {
    place.write('a.conf', read(name));
    const { stdout, stderr } = place.run(args);
    expect(stdout + stderr).not.toMatch(secret);
    expect(stdout + stderr).not.toBe('');
    if (what === '--update-baseline') {
      const written = readFileSync(join(place.folder, 'known.json'), 'utf8');
      expect(written).not.toMatch(secret);
      expect(written).toContain('fingerprint');
    }
  });
});

test.each([
  ['a session', read('config_session.conf')],
  ['a dump', read('d1_psk_node_dropped.conf')],
  [
    'a dump as a text below a key',
    "sites: |\n  set vpn ipsec authentication psk X secret 'Zq7Kv9Xw3LtPm2'\n",
  ],
  ['a secret as a key', 'Zq7Kv9Xw3LtPm2: 1\n'],
  ['a secret as a severity', 'rules:\n  psk-weak: Zq7Kv9Xw3LtPm2\n'],
  ['a secret as a rule', 'rules:\n  Zq7Kv9Xw3LtPm2: off\n'],
  ['a key that stands twice', 'Zq7Kv9Xw3LtPm2: 1\nZq7Kv9Xw3LtPm2: 2\n'],
  ['a quote that is not closed', "failOn: 'Zq7Kv9Xw3LtPm2\n"],
])('of %s taken for the configuration nothing is repeated', (_, text) => {
  const file = place.write('odd.yaml', text);
  const { status, stdout, stderr } = place.run(['--config', file, 'b.conf']);
  expect(stdout + stderr).not.toMatch(secret);
  expect(stderr).toMatch(/odd\.yaml:\d+:\d+: /);
  expect(status).toBe(2);
});
