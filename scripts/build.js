import { chmodSync, readFileSync } from 'node:fs';
import { build } from 'esbuild';

// One bundled file starts three times faster than the packages it is made of (npm run bench:startup).
const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const shared = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  define: { VYOS_IPSEC_LINT_VERSION: JSON.stringify(version) },
  // See there: string-width takes a quarter of the start-up, and yargs wants it for its help alone.
  alias: { 'string-width': './src/report/cell-width.ts' },
  // Names stay, so that a stack trace can be read; white space goes, since it costs time at every start.
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'none',
  logLevel: 'warning',
};
// The command is CommonJS, which Node 20 starts faster than a module; yargs asks a module where it stands.
await build({
  ...shared,
  format: 'cjs',
  define: { ...shared.define, 'import.meta.url': 'moduleUrl' },
  banner: { js: "const moduleUrl = require('node:url').pathToFileURL(__filename).href;" },
  entryPoints: ['src/cli/bin.ts'],
  outfile: 'dist/cli.cjs',
});
await build({ ...shared, format: 'esm', entryPoints: ['src/index.ts'], outfile: 'dist/index.js' });
chmodSync('dist/cli.cjs', 0o755);
