import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const emitted = 'node_modules/.cache/declarations';

/**
 * Writes the types of the library into a folder: the declarations that src/index.ts needs, and no others. tsc declares
 * every file of the program, and packages that put declarations into one file want the JavaScript interface of an older
 * TypeScript.
 */
export function writeDeclarations(folder) {
  rmSync(emitted, { recursive: true, force: true });
  execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.declarations.json'], {
    stdio: 'inherit',
  });
  const needed = new Set([join(emitted, 'src/index.d.ts')]);
  // A set that grows while it is walked is walked to its end.
  for (const file of needed) {
    const name = relative(join(emitted, 'src'), file);
    if (name.startsWith('..')) throw new Error(`the library's types reach out of src: ${name}`);
    const text = readFileSync(file, 'utf8').replace(importedFile, (_, before, path, after) => {
      needed.add(join(dirname(file), `${path}.d.ts`));
      return `${before}${path}.js${after}`;
    });
    const target = join(folder, name);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
}

const importedFile = /((?:\bfrom |\bimport\()['"])(\.{1,2}\/[^'"]+)\.ts(['"])/g;
