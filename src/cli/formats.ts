/** A chunk of its own (scripts/build.js): all formats but the pretty one, which alone a plain run needs. */
export { formats, renderStepSummary } from '../report/index.ts';
