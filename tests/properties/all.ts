/** Every property, and how often it is looked at. */
import { deepStrictEqual } from 'node:assert';
import { checkLeakCases, checkLeaksOfDamage, checkLengths } from '../leaks/check.ts';
import { checkFirewallWalk } from './firewall-walk.ts';
import { fuzz, readSeeds } from './fuzz.ts';
import { checkGrowth } from './growth.ts';
import { checkHarmless } from './harmless.ts';
import { checkLeaks } from './leaks.ts';
import { checkMasksOfMirrors, checkMasksOfPairs } from './masked.ts';
import { checkMended, checkMendedOfReleases } from './mended.ts';
import { checkMendedInBraces } from './mended-in-braces.ts';
import { checkMirrors } from './mirror-clean.ts';
import { checkMistakenNetworks, checkNetworks } from './networks.ts';
import { checkOneRecord } from './one-record.ts';
import { checkPairs, checkPairsOfReleases, checkRoutedPairs } from './pairs.ts';
import { checkRecordOrder } from './record-order.ts';
import { checkReleases } from './releases.ts';
import { checkSarifFixes } from './sarif-fixes.ts';

export interface Property {
  readonly says: string;
  /** Throws with the smallest input for which it does not hold. */
  readonly check: (runs: number, seed: number) => unknown;
  /** How many inputs `npm run properties` looks at. */
  readonly runs: number;
  /** How many `npm test` looks at: half a second. None, where one takes longer, or the tests beside it would count. */
  readonly slice: number;
}

/** One seed, so that a change is not blamed for what it did not do. */
export const usualSeed = 1256003783;

export const properties: Readonly<Record<string, Property>> = {
  mended: {
    says: 'the plan to mend a random pair leaves no error that it does not name, and touches nothing else',
    check: checkMended,
    runs: 1000,
    slice: 3,
  },
  pairs: {
    says: 'sound, complete and symmetric over random pairs',
    check: checkPairs,
    runs: 10_000,
    slice: 20,
  },
  'one-record': {
    says: 'findings, logs, forecast and render say what the record has, and a site the same alone as in a pair',
    check: checkOneRecord,
    runs: 1000,
    slice: 12,
  },
  'routed-pairs': {
    says: 'sound, complete and symmetric whatever the routers do to the packets of IKE',
    check: checkRoutedPairs,
    runs: 500,
    slice: 6,
  },
  harmless: {
    says: 'what a fix types is whole, gives no side more than its counterpart has, and harms no packet and no other link',
    check: checkHarmless,
    runs: 40,
    slice: 0,
  },
  'record-order': {
    says: 'the findings of a link stand in the order in which its negotiations fail, whatever two or three things are wrong',
    check: checkRecordOrder,
    runs: 600,
    slice: 12,
  },
  'firewall-walk': {
    says: 'a firewall does to a packet what is said of it, and is unknown only where routers may differ',
    check: checkFirewallWalk,
    runs: 5000,
    slice: 150,
  },
  'sarif-fixes': {
    says: 'each fix in sarif, worked into the files of a fixture, mends its finding; each run is a pair in one of three forms',
    check: checkSarifFixes,
    runs: 1000,
    slice: 9,
  },
  'pairs-of-releases': {
    says: 'sound, complete and symmetric over random pairs of releases',
    check: checkPairsOfReleases,
    runs: 2000,
    slice: 20,
  },
  releases: {
    says: 'a site of each release agrees with its mirror of each other: each run judges all sixteen pairs',
    check: checkReleases,
    runs: 160,
    slice: 2,
  },
  'mended-of-releases': {
    says: 'mended in the spelling of each release',
    check: checkMendedOfReleases,
    runs: 200,
    slice: 4,
  },
  'mirror-clean': {
    says: 'a random site has no error against its mirror',
    check: checkMirrors,
    runs: 4000,
    slice: 20,
  },
  growth: {
    says: 'twice the text of what was once quadratic takes about twice as long; each run is a shape',
    check: checkGrowth,
    runs: 5,
    slice: 0,
  },
  networks: {
    says: 'in a network whose truth is known each link is right, or ambiguous where nobody could tell',
    check: checkNetworks,
    runs: 1000,
    slice: 12,
  },
  'networks-mistaken': {
    says: 'what is mistaken at one end of a link pairs no strangers',
    check: checkMistakenNetworks,
    runs: 1000,
    slice: 12,
  },
  'masks-of-mirrors': {
    says: 'masks of a pair that agrees make no error and no warning',
    check: checkMasksOfMirrors,
    runs: 1000,
    slice: 12,
  },
  'masks-of-pairs': {
    says: 'masks of any pair take findings away, and bring none',
    check: checkMasksOfPairs,
    runs: 500,
    slice: 12,
  },
  'mended-in-braces': {
    says: 'a plan for dumps in braces is that for set commands, and what is written means the same',
    check: checkMendedInBraces,
    runs: 60,
    slice: 2,
  },
  leaks: {
    says: 'no secret of a random pair is in any output: each run looks at every format',
    check: checkLeaks,
    runs: 400,
    slice: 6,
  },
  'leaks-of-damage': {
    says: 'nor of dumps in which the line of a secret is damaged: npm run leaks looks at more',
    check: checkLeaksOfDamage,
    runs: 300,
    slice: 6,
  },
  'lengths-of-secrets': {
    says: 'nor does any output tell how long a secret is',
    check: checkLengths,
    runs: 60,
    slice: 2,
  },
  'leak-cases': {
    says: 'nor of the inputs that once leaked: each run is a file of fixtures/leaks',
    check: checkLeakCases,
    runs: 1000,
    slice: 5,
  },
  fuzz: {
    says: 'what nobody meant crashes nothing, and no line of it is dropped',
    check: checkFuzz,
    runs: 400,
    slice: 25,
  },
};

function checkFuzz(runs: number, seed: number): void {
  const seeds = readSeeds();
  deepStrictEqual({ enough: seeds.length > 100 }, { enough: true });
  const { faults } = fuzz(seeds, runs, seed);
  // How long it takes depends on what else the machine does: npm run fuzz looks at that.
  deepStrictEqual(
    faults.filter(({ what }) => !what.includes(': took ')),
    [],
  );
}
