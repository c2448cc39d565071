import { authentication } from './authentication.ts';
import type { CoverageCase } from './case.ts';
import { loading } from './loading.ts';
import { phase1 } from './phase-1.ts';
import { rekeying } from './rekeying.ts';
import { selectors } from './selectors.ts';
import { traffic } from './traffic.ts';

/** Every case of docs/coverage.md that a dump can show, with its variants. */
export const cases: readonly CoverageCase[] = [
  ...phase1,
  ...authentication,
  ...rekeying,
  ...selectors,
  ...traffic,
  ...loading,
];
