import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { build } from 'esbuild';
import { commonJs, shared } from './bundle.js';
import { writeDeclarations } from './declarations.js';
import { inputsOf, thirdPartyLicenses } from './third-party-licenses.js';

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

const command = { ...commonJs, plugins: [lazyChunks] };
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
writeFileSync('dist/THIRD-PARTY-LICENSES.txt', thirdPartyLicenses(inputsOf(built)));
