import { spawnSync } from 'node:child_process';

/**
 * Prints how much longer linting the guide's pair takes than starting Node alone: the median of runs that take turns,
 * so that a busy machine slows both alike.
 */
const pair = ['fixtures/pairs/guide/a.conf', 'fixtures/pairs/guide/b.conf'];
const contestants = { 'node -e 0': ['-e', '0'], 'the guide pair': ['dist/cli.cjs', ...pair] };
const rounds = Number(process.argv[2] ?? 20);

function milliseconds(args) {
  const start = process.hrtime.bigint();
  const { status } = spawnSync(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}`);
  return Number(process.hrtime.bigint() - start) / 1e6;
}

const times = Object.fromEntries(Object.keys(contestants).map((name) => [name, []]));
for (let round = 0; round <= rounds; round += 1) {
  for (const [name, args] of Object.entries(contestants)) {
    const taken = milliseconds(args);
    if (round > 0) times[name].push(taken);
  }
}
const median = (values) => values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)];
const [base, linting] = Object.values(times).map(median);
for (const [name, values] of Object.entries(times))
  console.log(`${name}: median ${median(values).toFixed(0)} ms`);
console.log(`ratio: ${(linting / base).toFixed(2)} (median of ${rounds} runs each, taking turns)`);
