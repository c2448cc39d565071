import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { outputs } from '../src/cli/action.ts';
import { inputNames } from '../src/cli/action-inputs.ts';

/** What the repository holds of the GitHub Action: action.yml, the bundle, and the workflows of docs/. */

interface Action {
  readonly inputs: Readonly<Record<string, Described & { readonly default?: unknown }>>;
  readonly outputs: Readonly<Record<string, Described>>;
  readonly runs: { readonly using: string; readonly main: string };
  readonly name: string;
  readonly description: string;
  readonly branding: { readonly icon: string; readonly color: string };
}
interface Described {
  readonly description: string;
}
interface Step {
  readonly id?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Workflow {
  readonly on: unknown;
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[] }>>;
}

const action: Action = parse(readFileSync('action.yml', 'utf8'));
const { version, homepage } = JSON.parse(readFileSync('package.json', 'utf8'));
const reference = `${new URL(homepage).pathname.slice(1)}@v${version}`;

describe('action.yml', () => {
  test('has the inputs that the code reads, and no other', () => {
    expect(Object.keys(action.inputs)).toEqual([...inputNames]);
  });

  test('has the outputs that the code sets, and no other', () => {
    expect(Object.keys(action.outputs)).toEqual(Object.keys(outputs));
  });

  test('describes all, and starts the bundle', () => {
    const described = [action, ...Object.values(action.inputs), ...Object.values(action.outputs)];
    expect(described.filter(({ description }) => !/^.{20,}\.$/s.test(description))).toEqual([]);
    // The runner gives every input as a text.
    for (const { default: usual = '' } of Object.values(action.inputs)) expect(typeof usual).toBe('string');
    expect(action.branding).toEqual({ icon: expect.any(String), color: expect.any(String) });
    expect(action.runs.using).toBe('node24');
    expect(existsSync(action.runs.main)).toBe(true);
  });
});

const page = readFileSync('docs/github-action.md', 'utf8');
const workflows: readonly (readonly [string, Workflow])[] = [
  ['docs/github-workflow.yml', parse(readFileSync('docs/github-workflow.yml', 'utf8'))],
  ...[...page.matchAll(/^```yaml\n(.*?)^```$/gms)].map(
    ([, text = ''], index) => [`docs/github-action.md, ${index + 1}`, parse(text)] as const,
  ),
];

describe.each(workflows)('the workflow %s', (_, workflow) => {
  const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);
  const own = steps.filter(({ uses = '' }) => uses.includes('vyos-ipsec-lint'));

  test('names this action, this version, and inputs that there are', () => {
    expect(own.map(({ uses }) => uses)).toEqual([reference]);
    const named = own.flatMap((step) => Object.keys(step.with ?? {}));
    expect(named.filter((name) => !(name in action.inputs))).toEqual([]);
  });

  test('asks for outputs that there are', () => {
    const ids = own.flatMap(({ id }) => id ?? []);
    const asked = [...JSON.stringify(steps).matchAll(/steps\.([\w-]+)\.outputs\.([\w-]+)/g)];
    const ofAction = asked.filter(([, id = '']) => ids.includes(id)).map(([, , output]) => output);
    expect(ofAction.filter((output = '') => !(output in action.outputs))).toEqual([]);
  });

  test('says what the token may do', () => {
    expect(workflow.permissions).toBeDefined();
  });
});

test('docs/github-action.md tells of every input and output', () => {
  expect(workflows.length).toBeGreaterThan(3);
  const told = [...page.matchAll(/^\| ([^|]+) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name),
  );
  expect(told).toEqual([...inputNames, ...Object.keys(outputs)]);
});
