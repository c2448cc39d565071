import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { build } from 'esbuild';
import { writeDeclarations } from './declarations.js';
import { thirdPartyLicenses } from './third-party-licenses.js';

// One bundled file starts three times faster than the packages it is made of (npm run bench:startup).
const { version, homepage } = JSON.parse(readFileSync('package.json', 'utf8'));
const shared = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  define: {
    VYOS_IPSEC_LINT_VERSION: JSON.stringify(version),
    VYOS_IPSEC_LINT_HOME: JSON.stringify(homepage),
  },
  // See there: string-width takes a quarter of the start-up, and yargs wants it for its help alone.
  alias: { 'string-width': './src/report/cell-width.ts' },
  // Names stay, so that a stack trace can be read; white space goes, since it costs time at every start.
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
};

/** What the command imports only when it is asked for becomes a file of its own: a start does not read what it does not need. */
const chunks = new Set();
const lazyChunks = {
  name: 'lazy-chunks',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/.*\.ts$/ }, ({ kind, path }) => {
      if (kind !== 'dynamic-import') return undefined;
      const name = basename(path, '.ts');
      chunks.add(name);
      return { path: `./${name}.cjs`, external: true };
    });
  },
};

// The command is CommonJS, which Node 20 starts faster than a module; yargs asks a module where it stands.
const command = {
  ...shared,
  format: 'cjs',
  define: { ...shared.define, 'import.meta.url': 'moduleUrl' },
  banner: { js: "const moduleUrl = require('node:url').pathToFileURL(__filename).href;" },
  plugins: [lazyChunks],
};
rmSync('dist', { recursive: true, force: true });
const built = [await build({ ...command, entryPoints: ['src/cli/bin.ts'], outfile: 'dist/cli.cjs' })];
// A set that grows while it is walked is walked to its end: a chunk may have chunks.
for (const name of chunks) {
  built.push(await build({ ...command, entryPoints: [`src/cli/${name}.ts`], outfile: `dist/${name}.cjs` }));
}
built.push(
  await build({ ...shared, format: 'esm', entryPoints: ['src/index.ts'], outfile: 'dist/index.js' }),
);
chmodSync('dist/cli.cjs', 0o755);

writeDeclarations('dist/types');
const inputs = built.flatMap(({ metafile }) =>
  Object.values(metafile.outputs).flatMap((output) => Object.keys(output.inputs)),
);
writeFileSync('dist/THIRD-PARTY-LICENSES.txt', thirdPartyLicenses(inputs));
