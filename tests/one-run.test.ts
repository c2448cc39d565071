import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { build, type Plugin } from 'esbuild';

/** Phase 1 anew over an IKE_SA that stands is a rekey of IKEv1, and no negotiation. */
const counted = `
export const counter = { runs: 0 };
export function run(...[parties, how]: Parameters<typeof uncounted>): Run {
  if (!how?.flowStands) counter.runs += 1;
  return uncounted(parties, how);
}`;

const counting: Plugin = {
  name: 'counting',
  setup({ onLoad }) {
    onLoad({ filter: /\/src\/ike\/run\.ts$/ }, ({ path }) => ({
      loader: 'ts',
      contents: `${readFileSync(path, 'utf8').replace('export function run(', 'function uncounted(')}${counted}`,
    }));
  },
};
const { outputFiles } = await build({
  stdin: {
    contents: "export { negotiate } from './src/index.ts'; export { counter } from './src/ike/run.ts';",
    resolveDir: process.cwd(),
  },
  plugins: [counting],
  bundle: true,
  platform: 'node',
  format: 'esm',
  write: false,
});
const { negotiate, counter }: typeof import('../src/index.ts') & { readonly counter: { runs: number } } =
  await import(`data:text/javascript,${encodeURIComponent(outputFiles[0]?.text ?? '')}`);

function runsFor(name: string): { readonly runs: number; readonly negotiations: number } {
  const inputs = ['a.conf', 'b.conf'].map((file) => ({
    file,
    text: readFileSync(`fixtures/pairs/${name}/${file}`, 'utf8'),
  }));
  counter.runs = 0;
  const { report } = negotiate(inputs);
  return {
    runs: counter.runs,
    negotiations: report.links.flatMap(({ negotiations }) => negotiations).length,
  };
}

test.each(['guide', 'guide-pfs', 'guide-key-exchange', 'pfs-several-tunnels', 'masked-dump'])(
  'the findings and the messages of %s come of one run for each child and direction',
  (name) => {
    const { runs: counted, negotiations } = runsFor(name);
    expect(negotiations).toBeGreaterThan(0);
    expect(counted).toBe(negotiations);
  },
);
