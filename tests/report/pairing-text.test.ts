import { expect, test } from '@jest/globals';
import type { Grounds, ReportLink } from '../../src/lint/report.ts';
import { pairingText } from '../../src/report/pairing-text.ts';
import { renderPretty } from '../../src/report/pretty.ts';
import * as sample from './sample.ts';

const link = sample.clean.links[0] as ReportLink;
const calls = { kind: 'remote-address', side: 'a' } as const;

test.each<readonly [string, Grounds, string | undefined]>([
  ['no doubt', { kind: 'signs', signs: [calls], against: [] }, undefined],
  [
    'a guess',
    { kind: 'guess', signs: [], against: [] },
    'Paired by a guess: each dump has one peer, and nothing else says that the two face each other',
  ],
  [
    'an identity that does not match',
    { kind: 'signs', signs: [calls], against: [{ kind: 'remote-id', side: 'b' }] },
    undefined,
  ],
  [
    'something speaks against it',
    {
      kind: 'signs',
      signs: [calls, { kind: 'psk' }, { kind: 'traffic-selectors' }],
      against: [
        { kind: 'remote-address', side: 'b' },
        { kind: 'remote-id', side: 'b' },
      ],
    },
    'Paired because siteA initiates to siteB, their pre-shared keys are for each other and their prefixes match, although siteB initiates to an address elsewhere and siteB expects another identity',
  ],
  [
    'the configuration says so',
    { kind: 'told', signs: [], against: [calls] },
    'Paired because the configuration says so, although siteA initiates to an address elsewhere',
  ],
])('%s', (_, pairing, text) => {
  expect(pairingText({ ...link, pairing })).toBe(text);
  const shown = renderPretty(
    { ...sample.clean, links: [{ ...link, pairing }] },
    { color: false, unicode: true, width: 400 },
  );
  if (text === undefined) expect(shown).not.toContain('Paired');
  else expect(shown).toContain(`\n  ${text}\n`);
});
