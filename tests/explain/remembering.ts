import type { Lint } from '../../src/explain/explanation.ts';
import { lint } from '../../src/index.ts';

/** The examples are the same for each question, and judging them is most of the work. */
const known = new Map<string, ReturnType<Lint>>();
export const remembering: Lint = (inputs, options) => {
  const key = [...inputs.map(({ text }) => text), JSON.stringify(options)].join('\0');
  const report = known.get(key) ?? lint(inputs, options);
  known.set(key, report);
  return report;
};
