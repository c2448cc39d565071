/** Checks the property that the first argument names, as often as the second says, from the seed that is the third. See outside-jest.ts. */
import { checkLeakCases, checkLeaksOfDamage, checkLengths } from '../leaks/check.ts';
import { checkGrowth } from './growth.ts';
import { checkHarmless } from './harmless.ts';
import { checkLeaks } from './leaks.ts';
import { checkMasksOfMirrors, checkMasksOfPairs } from './masked.ts';
import { checkMended, checkMendedOfReleases } from './mended.ts';
import { checkMendedInBraces } from './mended-in-braces.ts';
import { checkMirrors } from './mirror-clean.ts';
import { checkMistakenNetworks, checkNetworks } from './networks.ts';
import { checkPairs, checkPairsOfReleases } from './pairs.ts';
import { checkReleases } from './releases.ts';

const properties: Readonly<Record<string, (numRuns: number, seed: number) => unknown>> = {
  growth: checkGrowth,
  harmless: checkHarmless,
  leaks: checkLeaks,
  'leak-cases': checkLeakCases,
  'leaks-of-damage': checkLeaksOfDamage,
  'lengths-of-secrets': checkLengths,
  'masks-of-mirrors': checkMasksOfMirrors,
  'masks-of-pairs': checkMasksOfPairs,
  mended: checkMended,
  'mended-in-braces': checkMendedInBraces,
  'mirror-clean': checkMirrors,
  networks: checkNetworks,
  'networks-mistaken': checkMistakenNetworks,
  pairs: checkPairs,
  'mended-of-releases': checkMendedOfReleases,
  'pairs-of-releases': checkPairsOfReleases,
  releases: checkReleases,
};
const [name = '', numRuns, seed] = process.argv.slice(2);
const property = properties[name];
if (!property) throw new Error(`no property ${name}`);
const result = property(Number(numRuns), Number(seed));
if (result !== undefined) console.log(JSON.stringify(result));
