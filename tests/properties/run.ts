/** Checks the property that the first argument names, as often as the second says. See outside-jest.ts. */
import { checkMirrors } from './mirror-clean.ts';
import { checkPairs } from './pairs.ts';

const properties: Readonly<Record<string, (numRuns: number) => void>> = {
  'mirror-clean': checkMirrors,
  pairs: checkPairs,
};
const [name = '', numRuns] = process.argv.slice(2);
const property = properties[name];
if (!property) throw new Error(`no property ${name}`);
property(Number(numRuns));
