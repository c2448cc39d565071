import { expect, test } from '@jest/globals';
import type { ToldRelease } from '../../src/cli/command-line.ts';
import { withReleases } from '../../src/cli/told-releases.ts';

const inputs = [
  { file: 'sites/hub.conf', text: '', release: '1.5' as const },
  { file: 'branch.conf', text: '', name: 'Branch' },
];
const all: ToldRelease = { site: undefined, release: '1.4' };

test.each<[string, readonly ToldRelease[], readonly (string | undefined)[]]>([
  ['nothing: the configuration counts', [], ['1.5', undefined]],
  ['all of them', [all], ['1.4', '1.4']],
  ['one by its name', [{ site: 'Branch', release: '1.3' }], ['1.5', '1.3']],
  ['one by its file', [{ site: './sites/hub.conf', release: '1.3' }], ['1.3', undefined]],
  ['one by its letter', [{ site: 'b', release: '1.3' }], ['1.5', '1.3']],
  ['one is closer than all, in any order', [{ site: 'hub', release: '1.2' }, all], ['1.2', '1.4']],
  ['the last of two', [all, { site: undefined, release: '1.3' }], ['1.3', '1.3']],
])('%s', (_, told, releases) => {
  const result = withReleases(inputs, told, '.');
  expect(result.kind === 'told' && result.inputs.map(({ release }) => release)).toEqual(releases);
});

test('a name that no site has is said, with those that there are', () => {
  expect(withReleases(inputs, [{ site: 'core', release: '1.3' }], '.')).toEqual({
    kind: 'unclear',
    messages: [
      '--vyos-version core=1.3: no site is called so; type --vyos-version hub=1.3 or --vyos-version Branch=1.3',
    ],
  });
});
