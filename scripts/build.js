import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
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

/**
 * Every byte is read at each start, so the names go too: the command shows no stack trace, which may hold a piece of a
 * dump. With --names they stay, for a profile (node --cpu-prof).
 */
const command = {
  ...commonJs,
  minifyIdentifiers: !process.argv.includes('--names'),
  plugins: [lazyChunks],
  write: false,
};

async function buildCommand(entry, name) {
  const result = await build({
    ...command,
    entryPoints: [`src/cli/${entry}.ts`],
    outfile: `dist/${name}.cjs`,
  });
  const [{ path, text }] = result.outputFiles;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, asciiOf(text));
  return result;
}

/**
 * Node reads a file of ASCII twice as fast, and keeps it in half of the space. What esbuild leaves beyond it stands in
 * regular expressions, where an escape says the same.
 */
function asciiOf(text) {
  return text.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

rmSync('dist', { recursive: true, force: true });
const built = [await buildCommand('bin', 'cli')];
// A set that grows while it is walked is walked to its end: a chunk may have chunks.
for (const name of chunks) built.push(await buildCommand(name, name));
built.push(
  await build({ ...shared, format: 'esm', entryPoints: ['src/index.ts'], outfile: 'dist/index.js' }),
);
chmodSync('dist/cli.cjs', 0o755);

writeDeclarations('dist/types');
writeFileSync('dist/THIRD-PARTY-LICENSES.txt', thirdPartyLicenses(inputsOf(built)));
