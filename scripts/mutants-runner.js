import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { format } from 'node:util';

// As much of Jest's interface as the tests use, without its isolation, which costs more than the tests. scripts/mutants.js
// bundles the tests with this in the place of @jest/globals.
export const { expect } = createRequire(import.meta.url)(process.env.EXPECT);

let tests = [];
let scope = { names: [], beforeEach: [], afterEach: [], beforeAll: [], afterAll: [] };

/** A title takes as many of the values of its row as it has places for. */
function titled(title, row, index) {
  const numbered = title.replaceAll('%#', index);
  return format(numbered, ...row.slice(0, numbered.match(/%[sjdifoOp]/g)?.length ?? 0));
}

const withEach = (define) =>
  Object.assign(define, {
    each:
      (rows) =>
      (title, body, ...more) =>
        [...rows].forEach((row, index) => {
          const args = Array.isArray(row) ? row : [row];
          define(titled(title, args, index), () => body(...args), ...more);
        }),
    skip: Object.assign(() => {}, { each: () => () => {} }),
  });

export const test = withEach((name, body) => {
  tests.push({ name: [...scope.names, name].join(' › '), body, scope });
});
export const it = test;
export const describe = withEach((name, body) => {
  const outer = scope;
  scope = {
    names: [...outer.names, name],
    beforeEach: [...outer.beforeEach],
    afterEach: [...outer.afterEach],
    beforeAll: [...outer.beforeAll],
    afterAll: [...outer.afterAll],
  };
  body();
  scope = outer;
});
export const beforeEach = (hook) => scope.beforeEach.push(hook);
export const afterEach = (hook) => scope.afterEach.push(hook);
export const beforeAll = (hook) => scope.beforeAll.push(hook);
export const afterAll = (hook) => scope.afterAll.push(hook);

/** Runs the files that standard input names, under the mutant that it names, and prints the tests that fail: the first, or all. */
export async function run(suite) {
  const { mutant, files, ignored, all } = JSON.parse(readFileSync(0, 'utf8'));
  globalThis.mutant = mutant;
  const known = new Set(ignored);
  const loaders = new Map(suite);
  const failed = (name) => {
    if (known.has(name)) return;
    process.stdout.write(`${name}\n`);
    if (!all) throw new Error(name);
  };
  for (const file of files) {
    tests = [];
    scope = { names: [file], beforeEach: [], afterEach: [], beforeAll: [], afterAll: [] };
    try {
      // A table of cases may be worked out while the file is loaded.
      await loaders.get(file)();
    } catch {
      failed(file);
      continue;
    }
    const done = new Set();
    const last = new Set();
    for (const { name, body, scope: own } of tests) {
      if (known.has(name)) continue;
      try {
        for (const hook of own.beforeAll.filter((each) => !done.has(each))) {
          done.add(hook);
          await hook();
        }
        for (const hook of own.afterAll) last.add(hook);
        for (const hook of own.beforeEach) await hook();
        await body();
        for (const hook of own.afterEach) await hook();
      } catch {
        failed(name.replaceAll('\n', ' '));
      }
    }
    for (const hook of last) await hook();
  }
}
