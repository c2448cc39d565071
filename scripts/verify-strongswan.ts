/**
 * Checks the forecast against two real strongSwan daemons: random pairs of sites, each loaded into both, every child
 * initiated from each side. See tests/ground-truth.
 */
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { arbitraryPairOf, type PairSpec, walledPair } from '../tests/arbitrary/site.ts';
import { describeDisagreement, type Tally, tally } from '../tests/ground-truth/describe.ts';
import { type Direction, disagreements, type Examination, examine } from '../tests/ground-truth/examine.ts';
import { type Laboratory, startLaboratory } from '../tests/ground-truth/laboratory.ts';
import { missingRequirements } from '../tests/ground-truth/requirements.ts';
import { runSender, senderArgument } from '../tests/ground-truth/sender.ts';

const usage = `Usage: npm run verify:strongswan -- [options]

Takes random pairs of VyOS sites, loads each into two real strongSwan daemons in two network
namespaces, and compares what they do with what vyos-ipsec-lint forecasts: every child initiated
from each side, rekeyed from each side, once more over the IKE_SA of another, and packets through it.
Needs root and Debian's strongSwan packages.

  --pairs N            how many pairs (default 100)
  --seed S             the seed of the random pairs (default: a new one, which is printed)
  --path P             examines again the one pair that an earlier run named, with its seed
  --changes C          at most so many differences between the two sites (default 4)
  --fixed              examines each pair after vyos-ipsec-lint fix has mended it: what the plan does not
                       leave to a person must come up and stay up through a rekey
  --walled             only pairs with a firewall before one of the sites, or both, as nftables has it
  --lanes L            how many laboratories run side by side (default 3)
  --keep-going         does not stop at the first disagreement, and shrinks none
  --skip-if-missing    exits with 0 where something is missing
  --help               this text

Exit code: 0 all agree; 1 a disagreement; 2 bad usage or a broken laboratory; 3 something is missing here.
`;

const exitCode = { agree: 0, disagree: 1, broken: 2, missing: 3 } as const;

interface Options {
  readonly pairs: number;
  readonly seed: number;
  readonly path: string | undefined;
  readonly lanes: number;
  readonly changes: number;
  readonly fixed: boolean;
  readonly walled: boolean;
  readonly keepGoing: boolean;
  readonly skipIfMissing: boolean;
}

/** The options; or what is to be printed instead, with the exit code. */
function readOptions(argv: readonly string[]): Options | { readonly text: string; readonly code: number } {
  let values: ReturnType<typeof parse>;
  try {
    values = parse(argv);
  } catch (error) {
    return { text: `${error instanceof Error ? error.message : error}\n\n${usage}`, code: exitCode.broken };
  }
  if (values.help) return { text: usage, code: 0 };
  const numbers = {
    pairs: Number(values.pairs ?? 100),
    seed: Number(values.seed ?? Math.floor(Math.random() * 0x7fffffff)),
    lanes: Number(values.lanes ?? 3),
    changes: Number(values.changes ?? 4),
  };
  for (const [name, number] of Object.entries(numbers)) {
    const least = name === 'seed' ? Number.MIN_SAFE_INTEGER : 1;
    if (!Number.isSafeInteger(number) || number < least) {
      return { text: `--${name} takes a whole number\n\n${usage}`, code: exitCode.broken };
    }
  }
  return {
    ...numbers,
    path: values.path,
    fixed: values.fixed ?? false,
    walled: values.walled ?? false,
    keepGoing: values['keep-going'] ?? false,
    skipIfMissing: values['skip-if-missing'] ?? false,
  };
}

function parse(argv: readonly string[]) {
  return parseArgs({
    args: [...argv],
    options: {
      pairs: { type: 'string' },
      seed: { type: 'string' },
      path: { type: 'string' },
      lanes: { type: 'string' },
      changes: { type: 'string' },
      fixed: { type: 'boolean' },
      walled: { type: 'boolean' },
      'keep-going': { type: 'boolean' },
      'skip-if-missing': { type: 'boolean' },
      help: { type: 'boolean' },
    },
  }).values;
}

interface Found {
  readonly path: string;
  readonly pair: PairSpec;
  readonly examination: Examination;
}

/**
 * Examines up to three times what does not agree, at last between daemons that are started for it: on a busy machine a
 * daemon may give up too early, and one that has seen many pairs may hold something of an earlier one. What the model has
 * wrong disagrees each time.
 */
async function examineSurely(laboratory: Laboratory, pair: PairSpec, options: Options): Promise<Examination> {
  for (const attempt of ['disagreed', 'disagreed twice']) {
    const examination = await examine(laboratory, pair, options);
    if (disagreements(examination).length === 0) return examination;
    process.stderr.write(`a pair ${attempt}; it is examined again\n`);
  }
  const fresh = await startLaboratory();
  try {
    return await examine(fresh, pair, options);
  } finally {
    await fresh.close();
  }
}

function pairsOf({ changes, walled }: Options): fc.Arbitrary<PairSpec> {
  return walled ? walledPair : arbitraryPairOf(changes);
}

async function verify(options: Options, laboratories: readonly Laboratory[]): Promise<number> {
  const { seed } = options;
  const pairs = fc.sample(pairsOf(options), { seed, numRuns: options.pairs });
  const found: Found[] = [];
  const directions: Direction[] = [];
  let next = 0;
  let done = 0;
  const lane = async (laboratory: Laboratory) => {
    while (next < pairs.length && (found.length === 0 || options.keepGoing)) {
      const index = next++;
      const pair = pairs[index];
      if (!pair) return;
      const examination = await examineSurely(laboratory, pair, options);
      directions.push(...examination.directions);
      done += 1;
      if (disagreements(examination).length > 0) {
        found.push({ path: `${index}`, pair, examination });
        if (options.keepGoing) process.stdout.write(describeDisagreement(`${index}`, pair, examination));
      }
      if (done % 50 === 0) process.stderr.write(`${done} of ${pairs.length} pairs\n`);
    }
  };
  await Promise.all(laboratories.map(lane));
  const [first] = found.toSorted((one, other) => Number(one.path) - Number(other.path));
  if (first && !options.keepGoing) {
    process.stderr.write(`pair ${first.path} disagrees; looking for the smallest that does\n`);
    const [laboratory] = laboratories;
    if (laboratory) process.stdout.write(await smallest(laboratory, options, first));
  }
  process.stdout.write(`${summary(done, tally(directions))}\n`);
  return first ? exitCode.disagree : exitCode.agree;
}

/** fast-check's own shrinking, with the daemons as the judge. */
async function smallest(laboratory: Laboratory, options: Options, found: Found): Promise<string> {
  const { seed, changes } = options;
  let last = found.examination;
  let pair = found.pair;
  const property = fc.asyncProperty(pairsOf(options), async (candidate) => {
    const examination = await examineSurely(laboratory, candidate, options);
    if (disagreements(examination).length === 0) return true;
    last = examination;
    pair = candidate;
    return false;
  });
  const details = await fc.check(property, { seed, path: found.path, numRuns: 1 });
  const path = details.counterexamplePath ?? found.path;
  const again = `repeat it with: npm run verify:strongswan -- --seed ${seed} --changes ${changes}${options.fixed ? ' --fixed' : ''}${options.walled ? ' --walled' : ''} --path ${path}\n`;
  return `${describeDisagreement(path, pair, last)}${again}`;
}

/** One pair again, whether it agrees now or not. */
async function repeat(options: Options, path: string, laboratory: Laboratory): Promise<number> {
  let code: number = exitCode.agree;
  const property = fc.asyncProperty(pairsOf(options), async (pair) => {
    const examination = await examine(laboratory, pair, options);
    process.stdout.write(describeDisagreement(path, pair, examination));
    process.stdout.write(`${summary(1, tally(examination.directions))}\n`);
    if (disagreements(examination).length > 0) code = exitCode.disagree;
  });
  await fc.check(property, { seed: options.seed, path, numRuns: 1, endOnFailure: true });
  return code;
}

function summary(pairs: number, { agree, unknown, beyond, disagree }: Tally): string {
  const out = beyond > 0 ? `, ${beyond} beyond the laboratory` : '';
  return `${pairs} pairs, ${agree} directions agree, ${unknown} unknown${out}, ${disagree} disagree`;
}

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if ('text' in options) {
    (options.code === 0 ? process.stdout : process.stderr).write(options.text);
    return options.code;
  }
  const missing = missingRequirements();
  if (missing.length > 0) {
    const lines = missing.map((each) => `  ${each}\n`).join('');
    if (options.skipIfMissing) {
      process.stdout.write(`skipped: the laboratory cannot run here.\n${lines}`);
      return exitCode.agree;
    }
    process.stderr.write(`The laboratory cannot run here.\n${lines}`);
    return exitCode.missing;
  }
  const laboratories: Laboratory[] = [];
  const closeAll = () => Promise.all(laboratories.splice(0).map(({ close }) => close()));
  const stop = (signal: NodeJS.Signals) => {
    void closeAll().finally(() => process.exit(signal === 'SIGINT' ? 130 : 143));
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  try {
    const lanes = options.path === undefined ? options.lanes : 1;
    const starting = Array.from({ length: lanes }, async () => laboratories.push(await startLaboratory()));
    await Promise.all(starting);
    const [laboratory] = laboratories;
    process.stdout.write(`seed ${options.seed}\n`);
    if (options.path !== undefined && laboratory) return await repeat(options, options.path, laboratory);
    return await verify(options, laboratories);
  } catch (error) {
    process.stderr.write(`the laboratory broke: ${error instanceof Error ? error.stack : error}\n`);
    return exitCode.broken;
  } finally {
    await closeAll();
  }
}

if (process.argv[2] === senderArgument) await runSender();
else process.exit(await main());
