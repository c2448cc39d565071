/** Tests run on the TypeScript sources; tests/e2e runs on the built bundle. */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/tests'],
  extensionsToTreatAsEsm: ['.ts'],
  // The properties run side by side.
  maxWorkers: '100%',
  transform: { '\\.ts$': '<rootDir>/tests/esbuild-transform.js' },
  // The one file that chevrotain ships: without it each test file loads hundreds of lodash-es modules anew.
  moduleNameMapper: { '^chevrotain$': '<rootDir>/node_modules/chevrotain/lib/chevrotain.mjs' },
};
