import { availableParallelism } from 'node:os';

const named = process.argv.slice(2);
// Coverage is counted by Jest's own runner, which loads all sources anew for each file of tests: slow.
const isolated = named.some((argument) => argument.startsWith('--coverage'));
// What takes long and seldom breaks, processes above all: the package, pre-commit, shells, streams. CI names the folder.
const long = named.some((argument) => argument.includes('tests/long'));
// Without a terminal the runner hands a level of colours to its threads that is none, which they take for colours.
if (!process.stdout.isTTY) process.env.FORCE_COLOR ??= '0';

/**
 * Tests run on the TypeScript sources (tests/runner); tests/e2e also runs on the built bundle. The files of tests that a
 * thread takes share what they import: loading it anew for each took longer than the tests.
 */
export default {
  ...(isolated ? {} : { runner: 'jest-light-runner' }),
  testEnvironment: 'node',
  roots: ['<rootDir>/tests'],
  testPathIgnorePatterns: long ? [] : ['<rootDir>/tests/long/'],
  setupFiles: ['<rootDir>/tests/runner/setup.js'],
  // With one alone the tests run in Jest's own thread, where --watch would see the sources as they once were.
  maxWorkers: Math.max(2, availableParallelism()),
  // Only Jest's own runner looks at it.
  testTimeout: 120_000,
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/tests/runner/transform.js' },
};
