import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { parse } from '@babel/parser';
import { build } from 'esbuild';
import { globSync } from 'tinyglobby';
import { shared } from './bundle.js';

/**
 * Changes the sources in small ways, one at a time, and looks whether a test fails: npm run mutants -- --count 100 --seed S.
 * All mutants are in one bundle, each behind a switch, with the tests that can reach it; a process tries one of them, in the
 * tests that import its file, and stops at the first that fails. The seed is the commit, if none is given.
 */
const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '100' },
    seed: { type: 'string' },
    within: { type: 'string', default: 'src/{ike,strongswan,rules}/**/*.ts' },
    only: { type: 'string' },
    tests: {
      type: 'string',
      default: 'tests/{explain,fix,ike,lint,pairing,properties,report,rules,strongswan,vyos}/**/*.test.ts',
    },
  },
});
const leastKilled = 0.92;
/** Milliseconds; who takes longer runs for ever. */
const patience = 300_000;
const seed = values.seed ?? execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' }).trim();

const comparisons = {
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '===': '!==',
  '!==': '===',
  '==': '!=',
  '!=': '==',
};

/** What can be changed in a file, each with its place and the text that a switch puts there. */
function sitesOf(file) {
  const text = readFileSync(file, 'utf8');
  const { program } = parse(text, { sourceType: 'module', plugins: ['typescript'] });
  const sites = [];
  const of = (node) => text.slice(node.start, node.end);
  const add = (node, was, becomes, put) => {
    const start = text.lastIndexOf('\n', node.start) + 1;
    const line = text.slice(start, text.indexOf('\n', node.start)).trim();
    const number = text.slice(0, node.start).split('\n').length;
    sites.push({ file, start: node.start, end: node.end, number, line, change: `${was} → ${becomes}`, put });
  };
  const choose = (node, was, becomes, mutated) =>
    add(node, was, becomes, (id) => `(globalThis.mutant === ${id} ? (${mutated}) : (${of(node)}))`);
  const visit = (node, parent, key) => {
    if (node === null || typeof node !== 'object') return;
    if (Array.isArray(node)) {
      for (const each of node) visit(each, parent, key);
      return;
    }
    if (typeof node.type !== 'string') return;
    // Types are gone when it runs.
    if (node.type.startsWith('TS') && !/^TS(?:As|Satisfies|NonNull)/.test(node.type)) return;
    if (node.type === 'ImportDeclaration') return;
    const between = (operator) => `${of(node.left)} ${operator} ${of(node.right)}`;
    if (node.type === 'BinaryExpression' && comparisons[node.operator])
      choose(node, node.operator, comparisons[node.operator], between(comparisons[node.operator]));
    if (node.type === 'LogicalExpression' && node.operator !== '??') {
      const other = node.operator === '&&' ? '||' : '&&';
      choose(node, node.operator, other, `(${of(node.left)}) ${other} (${of(node.right)})`);
    }
    const isKey = parent?.type === 'ObjectProperty' && key === 'key' && !parent.computed;
    if (node.type === 'NumericLiteral' && !isKey)
      choose(node, `${node.value}`, `${node.value + 1}`, `${node.value + 1}`);
    if (node.type === 'BooleanLiteral') choose(node, `${node.value}`, `${!node.value}`, `${!node.value}`);
    if (node.type === 'UnaryExpression' && node.operator === '!')
      choose(node, '!', 'nothing', of(node.argument));
    const isCall = parent?.type === 'CallExpression' || parent?.type === 'OptionalCallExpression';
    if (isCall && key === 'callee' && /MemberExpression$/.test(node.type) && !node.computed) {
      const other = { some: 'every', every: 'some' }[node.property.name];
      const dot = text.lastIndexOf('.', node.property.start);
      if (other !== undefined) {
        const place = { start: node.optional ? dot + 1 : dot, end: node.property.end };
        add(
          place,
          node.property.name,
          other,
          (id) => `[globalThis.mutant === ${id} ? '${other}' : '${node.property.name}']`,
        );
      }
    }
    for (const [name, child] of Object.entries(node)) {
      if (
        !['loc', 'extra', 'leadingComments', 'trailingComments', 'typeAnnotation', 'typeParameters'].includes(
          name,
        )
      )
        visit(child, node, name);
    }
  };
  visit(program, null, '');
  return sites;
}

/** xmur3 and mulberry32: the same draw for the same seed. */
function randomFrom(word) {
  let state = 1779033703;
  for (const letter of word) state = Math.imul(state ^ letter.charCodeAt(0), 3432918353);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Of two that lie in each other the first that is drawn. */
function draw(sites, count) {
  const random = randomFrom(seed);
  const rest = [...sites];
  const drawn = [];
  while (drawn.length < count && rest.length > 0) {
    const [site] = rest.splice(Math.floor(random() * rest.length), 1);
    const overlaps = drawn.some(
      ({ file, start, end }) => file === site.file && start < site.end && site.start < end,
    );
    if (!overlaps) drawn.push(site);
  }
  return drawn.map((site, index) => ({ ...site, id: index + 1 }));
}

const isEquivalent = (mutant) =>
  equivalent.some(
    ({ file, line, change }) => file === mutant.file && line === mutant.line && change === mutant.change,
  );
const equivalent = JSON.parse(readFileSync('scripts/equivalent-mutants.json', 'utf8'));
const all = globSync(values.within).toSorted().flatMap(sitesOf);
const mutants = draw(
  all.filter((site) => !isEquivalent(site)),
  Number(values.count),
);
const tests = [
  ...globSync(values.tests),
  ...globSync('tests/{rules,fixtures,observed,coverage,docs}.test.ts'),
].toSorted();

const folder = mkdtempSync(join(tmpdir(), 'mutants-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const outfile = join(folder, 'tests.mjs');
const mutate = {
  name: 'mutate',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/, namespace: 'file' }, ({ path }) => {
      const own = mutants.filter(({ file }) => resolve(file) === path);
      const contents = own
        .toSorted((one, other) => other.start - one.start)
        .reduce(
          (text, { start, end, put, id }) => text.slice(0, start) + put(id) + text.slice(end),
          readFileSync(path, 'utf8'),
        );
      // In a bundle each file would stand where the bundle does.
      const placed = contents.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href));
      return { contents: placed, loader: 'ts' };
    });
  },
};
const suite = tests.map((file) => `[${JSON.stringify(file)}, () => import(${JSON.stringify(`./${file}`)})]`);
const { metafile } = await build({
  ...shared,
  minifyWhitespace: false,
  minifySyntax: false,
  stdin: {
    contents: `import { run } from './scripts/mutants-runner.js';\nawait run([${suite.join(',\n')}]);\n`,
    resolveDir: '.',
  },
  format: 'esm',
  target: 'node20',
  outfile,
  alias: { ...shared.alias, '@jest/globals': './scripts/mutants-runner.js' },
  external: ['esbuild', 'expect'],
  banner: {
    js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);",
  },
  plugins: [mutate],
});

/** All files that a file imports, itself among them. */
function reachedFrom(file) {
  const reached = new Set([file]);
  for (const each of reached) for (const { path } of metafile.inputs[each]?.imports ?? []) reached.add(path);
  return reached;
}
const reach = new Map(tests.map((file) => [file, reachedFrom(file)]));
/** The tests that reach a file, those first that reach least else. */
const testsOf = ({ file }) =>
  tests
    .filter((test) => reach.get(test).has(file))
    .toSorted((one, other) => reach.get(one).size - reach.get(other).size);

function attempt(id, files, ignored) {
  return new Promise((done) => {
    const child = spawn(process.execPath, [outfile], {
      stdio: ['pipe', 'pipe', id === 0 ? 'inherit' : 'ignore'],
      env: { ...process.env, EXPECT: resolve('node_modules/expect/build/index.js') },
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), patience);
    let said = '';
    child.stdout.on('data', (text) => {
      said += text;
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      done({ code, failed: said.split('\n').filter((line) => line !== '') });
    });
    child.stdin.end(JSON.stringify({ mutant: id, files, ignored, all: id === 0 }));
  });
}

const start = performance.now();
const seconds = () => `${Math.round((performance.now() - start) / 1000)} s`;
console.log(`${mutants.length} of ${all.length} mutants, seed ${seed}, ${tests.length} files of tests`);
// What does not run outside Jest, or fails as it is, tells nothing.
const share = (part) => tests.filter((_, index) => index % availableParallelism() === part);
const shares = await Promise.all(
  Array.from({ length: availableParallelism() }, (_, part) => attempt(0, share(part), [])),
);
if (shares.some(({ code }) => code !== 0)) throw new Error('the tests do not run without a mutant');
const ignored = shares.flatMap(({ failed }) => failed);
if (ignored.length > 0)
  console.log(`not counted, for they fail without a mutant:\n  ${ignored.join('\n  ')}`);
console.log(`without a mutant: ${seconds()}`);

const wanted = mutants.filter(
  ({ id }) => values.only === undefined || values.only.split(',').includes(`${id}`),
);
const queue = [...wanted];
const survivors = [];
const worker = async () => {
  for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
    const { code, failed } = await attempt(mutant.id, testsOf(mutant), ignored);
    const what = `${mutant.id} ${mutant.file}:${mutant.number} ${mutant.change}`;
    console.log(
      code === 0 ? `SURVIVES ${what}\n  ${mutant.line}` : `killed   ${what} by ${failed[0] ?? 'its end'}`,
    );
    if (code === 0) survivors.push(mutant);
  }
};
await Promise.all(Array.from({ length: availableParallelism() }, worker));
const killed = wanted.length - survivors.length;
console.log(
  `${killed} of ${wanted.length} killed (${Math.round((100 * killed) / wanted.length)} %), ${seconds()}`,
);
process.exitCode = killed >= leastKilled * wanted.length ? 0 : 1;
