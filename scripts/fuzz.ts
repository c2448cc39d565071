import { parseArgs } from 'node:util';
import { fuzz, readSeeds } from '../tests/properties/fuzz.ts';

const { values } = parseArgs({
  options: { count: { type: 'string', default: '100000' }, seed: { type: 'string', default: '1' } },
});
const [count, seed] = [Number(values.count), Number(values.seed)];
const seeds = readSeeds();
const start = performance.now();
const { faults, slowest, kinds } = fuzz(seeds, count, seed, (done) => {
  if (done % 5000 === 0) process.stderr.write(`${done} of ${count}\n`);
});
for (const fault of faults) console.log(fault.what, JSON.stringify(fault.texts));
const seconds = Math.round((performance.now() - start) / 1000);
console.log(`${count} inputs from ${seeds.length} dumps, seed ${seed}: ${JSON.stringify(kinds)}`);
console.log(`${faults.length} faults; the slowest took ${Math.round(slowest)} ms; ${seconds} s in all`);
process.exitCode = faults.length > 0 ? 1 : 0;
