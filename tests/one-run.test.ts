import { readFileSync } from 'node:fs';
import { expect, jest, test } from '@jest/globals';

const actual = await import('../src/ike/run.ts');
let runs = 0;
jest.unstable_mockModule('../src/ike/run.ts', () => ({
  ...actual,
  // Phase 1 anew over an IKE_SA that stands is a rekey of IKEv1, and no negotiation.
  run: (...[parties, how]: Parameters<typeof actual.run>) => {
    if (!how?.flowStands) runs += 1;
    return actual.run(parties, how);
  },
}));
const { negotiate } = await import('../src/index.ts');

function runsFor(name: string): { readonly runs: number; readonly negotiations: number } {
  const inputs = ['a.conf', 'b.conf'].map((file) => ({
    file,
    text: readFileSync(`fixtures/pairs/${name}/${file}`, 'utf8'),
  }));
  runs = 0;
  const { report } = negotiate(inputs);
  return { runs, negotiations: report.links.flatMap(({ negotiations }) => negotiations).length };
}

test.each(['guide', 'guide-pfs', 'guide-key-exchange', 'pfs-several-tunnels', 'masked-dump'])(
  'the findings and the messages of %s come of one run for each child and direction',
  (name) => {
    const { runs: counted, negotiations } = runsFor(name);
    expect(negotiations).toBeGreaterThan(0);
    expect(counted).toBe(negotiations);
  },
);
