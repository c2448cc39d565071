/**
 * Looks at the properties that are named, or at all of them: npm run properties -- pairs leaks --runs 10000 --seed 1.
 * As many at once as there are processors, each in a process of its own, which is started with --here.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { properties, usualSeed } from '../tests/properties/all.ts';

const { values, positionals } = parseArgs({
  options: {
    runs: { type: 'string' },
    seed: { type: 'string', default: `${usualSeed}` },
    here: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const names = positionals.length > 0 ? positionals : Object.keys(properties);
const unknown = names.filter((name) => !Object.hasOwn(properties, name));
const [seed, runs] = [Number(values.seed), values.runs === undefined ? undefined : Number(values.runs)];
if (unknown.length > 0 || !Number.isInteger(seed) || (runs !== undefined && !(runs > 0))) {
  process.stderr.write(
    `npm run properties -- [NAME...] [--runs N] [--seed S]; the names are ${Object.keys(properties).join(', ')}\n`,
  );
  process.exitCode = 2;
} else if (values.here) {
  for (const name of names) lookHere(name);
} else {
  const queue = [...names];
  const worker = async () => {
    for (let name = queue.shift(); name !== undefined; name = queue.shift()) await lookElsewhere(name);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
}

function lookHere(name: string): void {
  const property = properties[name];
  if (property === undefined) return;
  const result = property.check(runs ?? property.runs, seed);
  if (result !== undefined) process.stdout.write(`${JSON.stringify(result)}\n`);
}

async function lookElsewhere(name: string): Promise<void> {
  const start = performance.now();
  const more = values.runs === undefined ? [] : ['--runs', values.runs];
  const child = spawn(
    process.execPath,
    [...process.execArgv, process.argv[1] ?? '', name, '--here', '--seed', values.seed, ...more],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const [out, err, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  const took = Math.round((performance.now() - start) / 1000);
  const counted = `${runs ?? properties[name]?.runs} runs, seed ${seed}, ${took} s`;
  process.stdout.write(`${status === 0 ? 'holds' : 'FAILS'}  ${name} (${counted})\n${out}${err}`);
  if (status !== 0) process.exitCode = 1;
}
