/** Looks for secrets in every output of random damaged dumps: npm run leaks -- --count 20000 --seed 1 */
import { parseArgs } from 'node:util';
import { leaksOf, lengthsTold } from '../tests/leaks/check.ts';
import { leftOut } from '../tests/leaks/inputs.ts';

const { values } = parseArgs({
  options: { count: { type: 'string', default: '1000' }, seed: { type: 'string', default: '1' } },
});
const [count, seed] = [Number(values.count), Number(values.seed)];
process.stdout.write(`${count} inputs from seed ${seed}; ${leftOut}\n`);
const start = Date.now();
const leaks = leaksOf(count, seed, (done) => {
  if (done % 1000 === 0) process.stderr.write(`${done} after ${Math.round((Date.now() - start) / 1000)} s\n`);
});
const told = lengthsTold(Math.ceil(count / 10), seed);
for (const line of leaks) process.stdout.write(`LEAK ${line}\n`);
for (const line of told) process.stdout.write(`LENGTH ${line}\n`);
process.stdout.write(
  `${leaks.length} leaks, ${told.length} lengths told, ${Math.round((Date.now() - start) / 1000)} s\n`,
);
process.exitCode = leaks.length + told.length > 0 ? 1 : 0;
