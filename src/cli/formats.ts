/** The formats that a plain run does not need: the build makes a chunk of this. */
export { formats } from '../report/index.ts';
