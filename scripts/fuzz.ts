import { parseArgs } from 'node:util';
import { fuzz, readSeeds } from '../tests/properties/fuzz.ts';
import { describe, growsTooMuch, growthOf } from '../tests/properties/growth.ts';
import { shapes } from '../tests/properties/shapes.ts';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    shapes: { type: 'string', default: '' },
  },
});
const [count, seed] = [Number(values.count), Number(values.seed)];
const seeds = readSeeds();
const start = performance.now();
const { faults, slowest, kinds } = fuzz(seeds, count, seed, (done) => {
  if (done % 5000 === 0) process.stderr.write(`${done} of ${count}\n`);
});
for (const fault of faults) console.log(fault.what, JSON.stringify(fault.texts));
console.log(`${count} inputs from ${seeds.length} dumps, seed ${seed}: ${JSON.stringify(kinds)}`);
console.log(`${faults.length} faults; the slowest took ${Math.round(slowest)} ms`);

const wanted = Object.entries(shapes).filter(([name]) => new RegExp(values.shapes).test(name));
const grown = wanted.map(([name, shape]) => {
  const growth = growthOf(name, shape);
  if (growsTooMuch(growth)) console.log(describe(growth));
  return growth;
});
const tooMuch = grown.filter(growsTooMuch);
const [worst] = grown.toSorted((one, other) => other.large / other.small - one.large / one.small);
console.log(
  `${tooMuch.length} of ${grown.length} shapes grow too much${worst ? `; the most: ${describe(worst)}` : ''}`,
);
console.log(`${Math.round((performance.now() - start) / 1000)} s in all`);
process.exitCode = faults.length + tooMuch.length > 0 ? 1 : 0;
