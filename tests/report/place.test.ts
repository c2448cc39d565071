import { describe, expect, test } from '@jest/globals';
import { placeOf } from '../../src/report/place.ts';
import { location, site, siteA } from './sample.ts';

const twoLines = site('two', "first 'line\nsecond' third\n");

describe('placeOf', () => {
  test.each([
    ['a value', siteA, "'14'", [6, 56, 6, 60]],
    [
      'a whole line with its end',
      siteA,
      "set vpn ipsec ike-group IKE-SITE-B key-exchange 'ikev2'\n",
      [5, 1, 6, 1],
    ],
    ['over two lines', twoLines, "'line\nsecond'", [1, 7, 2, 8]],
    ['a secret: its first column, not its length', siteA, 'orange-tulip-77', [4, 49, 4, 50]],
    ['within a secret: the secret', siteA, 'tulip-77', [4, 49, 4, 50]],
    ['around a secret: what is before it', siteA, "secret 'orange-tulip-77'", [4, 41, 4, 49]],
  ])('%s', (_, of, text, [line, column, endLine, endColumn]) => {
    expect(placeOf(location(0, of, text), of)).toEqual({
      file: of.file.name,
      line,
      column,
      endLine,
      endColumn,
    });
  });
});
