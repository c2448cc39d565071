import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { commonJs } from './bundle.js';
import { inputsOf, thirdPartyLicenses } from './third-party-licenses.js';

/**
 * Writes action/, or the folder that is named, which GitHub's runner starts as it stands in the repository. With --check
 * it writes nothing, and fails where the folder is not what the sources make.
 */
const { values, positionals } = parseArgs({
  options: { check: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const [folder = 'action'] = positionals;

const built = await build({
  ...commonJs,
  entryPoints: ['src/cli/action-bin.ts'],
  outfile: 'action/index.cjs',
  banner: {
    js: `// Made from src/cli/action-bin.ts by "npm run build:action".\n${commonJs.banner.js}`,
  },
  // Whoever pins an action reads what it runs.
  minifyWhitespace: false,
  minifySyntax: false,
  write: false,
});
const files = [
  [join(folder, 'index.cjs'), built.outputFiles[0].text],
  [join(folder, 'THIRD-PARTY-LICENSES.txt'), thirdPartyLicenses(inputsOf([built]))],
];

if (values.check) {
  const stale = files.filter(([file, text]) => !existsSync(file) || readFileSync(file, 'utf8') !== text);
  for (const [file] of stale) {
    console.error(`${file} is not what the sources make: run "npm run build:action" and commit it`);
  }
  process.exitCode = stale.length > 0 ? 1 : 0;
} else {
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of files) writeFileSync(file, text);
}
