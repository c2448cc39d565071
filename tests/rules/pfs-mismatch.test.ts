import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { lint } from '../../src/index.ts';

const noRekey = (group: string) => `set vpn ipsec esp-group ${group} disable-rekey\n`;
const seconds = (group: string, life: number) => `set vpn ipsec esp-group ${group} lifetime '${life}'\n`;

function consequence(a: string, b: string): string {
  const dump = (side: 'a' | 'b') => readFileSync(`fixtures/pairs/rule-pfs-mismatch/${side}.conf`, 'utf8');
  const pair = { a: `${dump('a')}${a}`, b: `${dump('b')}${b}` };
  const found = lint([
    { file: 'a.conf', text: pair.a },
    { file: 'b.conf', text: pair.b },
  ]).findings.find(({ ruleId }) => ruleId === 'pfs-mismatch');
  return found?.consequence ?? '';
}

test('the first rekey is told of whoever rekeys', () => {
  expect(consequence(seconds('ESP-B', 7200), seconds('ESP-A', 3600))).toMatch(/after at most \d+ s/);
});

test.each([
  ['A', '', noRekey('ESP-A')],
  ['B', noRekey('ESP-B'), ''],
])('where %s alone rekeys it is after its time', (_, a, b) => {
  expect(consequence(a, b)).toMatch(/The first rekey, after at most \d+ s, is refused/);
});

test('where neither rekeys there is no time', () => {
  expect(consequence(noRekey('ESP-B'), noRekey('ESP-A'))).toContain(
    'The first rekey, when somebody starts one, is refused',
  );
});
