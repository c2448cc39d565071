import { readFileSync } from 'node:fs';

const { version, homepage } = JSON.parse(readFileSync('package.json', 'utf8'));

/** What all bundles have in common. One file starts three times faster than the packages it is made of (npm run bench:startup). */
export const shared = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  define: {
    VYOS_IPSEC_LINT_VERSION: JSON.stringify(version),
    VYOS_IPSEC_LINT_HOME: JSON.stringify(homepage),
  },
  // See there: string-width takes a quarter of the start-up, and yargs wants it for its help alone.
  alias: { 'string-width': './src/report/cell-width.ts' },
  // Names stay in the library, so that a stack trace can be read; white space goes, since it costs time at every start.
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
};

/** As CommonJS, which Node 20 starts faster than a module; yargs and fdir ask a module where it stands. */
export const commonJs = {
  ...shared,
  format: 'cjs',
  define: { ...shared.define, 'import.meta.url': 'moduleUrl' },
  banner: { js: "const moduleUrl = require('node:url').pathToFileURL(__filename).href;" },
};
