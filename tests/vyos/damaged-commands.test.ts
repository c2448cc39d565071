import { describe, expect, test } from '@jest/globals';
import { readDump } from '../../grammar/index.ts';
import { lint } from '../../src/index.ts';
import { sourceFile, textOf } from '../../src/source/index.ts';
import { commandsOf } from '../../src/vyos/damaged-commands.ts';

const secret = 'never-to-be-shown-42';
const valuesOf = (text: string) =>
  commandsOf(readDump(sourceFile('r1.conf', text))).map(({ path }) => path.at(-1)?.text);

describe('a damaged line', () => {
  test('is read in its place', () => {
    const group = 'set vpn ipsec ike-group I';
    expect(valuesOf(`${group} lifetime '1'\n\`${group} lifetime '2'\`\n${group} lifetime '3'\n`)).toEqual([
      '1',
      '2',
      '3',
    ]);
  });

  test('leaves a secret that is damaged itself unknown, and one that is not as it is', () => {
    const psk = 'vpn ipsec authentication psk P secret';
    expect(valuesOf(`set ${psk} ${secret}\u06ea\n`)).toEqual(['\ufffd']);
    expect(valuesOf(`\`set ${psk} '${secret}'\`\n`)).toEqual([secret]);
  });

  test('does not give its secret away where that stands again', () => {
    const text =
      `\`set vpn ipsec authentication psk P secret '${secret}'\`\n` +
      `set interfaces dummy dum0 description 'psk is ${secret}'\n`;
    const [site] = lint([{ file: 'r1.conf', text }]).sites;
    const hidden = (site?.secrets ?? []).map(textOf).join('\n');
    expect(hidden.split(secret).length - 1).toBeGreaterThanOrEqual(2);
  });
});
