import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formats } from '../../src/report/index.ts';
import { anyReport, secretLetters } from './arbitrary.ts';
import { location, psk, report, site, siteB } from './sample.ts';

const each = Object.entries(formats);

describe.each(each)('%s', (_, format) => {
  test('shows no character of a secret, wherever it stands', () => {
    fc.assert(
      fc.property(anyReport, fc.boolean(), fc.integer({ min: 40, max: 200 }), (of, color, width) => {
        expect(format(of, { color, width })).not.toMatch(secretLetters);
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    ['the secret', (secret: string) => secret],
    ['the quoted secret', (secret: string) => `'${secret}'`],
    ['the whole command', (secret: string) => `set vpn ipsec authentication psk P secret '${secret}'`],
    [
      'all of the line, glued commands too',
      (secret: string) => `set x set vpn ipsec authentication psk P secret '${secret}'set y`,
    ],
    ['what stands before it', () => 'psk P'],
  ])('tells nothing of its length by %s', (_, marked) => {
    const outputs = ['λ', 'λ'.repeat(50)].map((secret) => {
      const text = `set x set vpn ipsec authentication psk P secret '${secret}'set y\n`;
      const of = site('glued', text, [secret]);
      const finding = { ...psk, locations: [location(0, of, marked(secret), { value: null })] as const };
      return format(report({ sites: [of, siteB], findings: [finding] }), { color: false, width: 100 });
    });
    expect(outputs[0]).toBe(outputs[1]);
  });
});
