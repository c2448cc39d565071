/**
 * Mended (docs/architecture.md): the plan to mend a random pair leaves no error that it does not name, touches nothing
 * but the paths of its commands, is empty for what it mended, and is the mirror image for the sides exchanged.
 */
import { deepStrictEqual } from 'node:assert';
import fc from 'fast-check';
import { type Command, printCommand, readSetDump } from '../../grammar/index.ts';
import { fix, type Input, lint, type Plan, rewrite, type SitePlan } from '../../src/index.ts';
import type { Report } from '../../src/lint/report.ts';
import { sourceFile } from '../../src/source/index.ts';
import { DEFAULT_RELEASE, lookup, type Release, schemaBelow } from '../../src/vyos/schema/index.ts';
import { buildTree, type ConfigNode } from '../../src/vyos/tree.ts';
import { pairOfReleases } from '../arbitrary/releases.ts';
import { arbitraryPair, toDump } from '../arbitrary/site.ts';

/** The dump after the commands of a plan were typed in, and the lines that VyOS refuses were left out. */
export function typedIn({ file, text, release }: Input, { steps }: SitePlan): Input {
  const gone = steps.flatMap(({ replaces }) => replaces).toSorted((one, other) => other.start - one.start);
  const kept = gone.reduce((now, { start, end }) => now.slice(0, start) + now.slice(end), text);
  const lines = steps.map(({ verb, words }) =>
    printCommand({ verb, path: words.map((word) => ({ text: word, quoted: false })) }),
  );
  return { file, release, text: `${kept}\n${lines.join('\n')}\n` };
}

function commandsOf(text: string): readonly Command[] {
  return readSetDump(sourceFile('', text)).commands;
}

/** Every node with its values, as `path values`. */
function nodesOf(text: string, release: Release = DEFAULT_RELEASE): ReadonlySet<string> {
  const nodes = new Set<string>();
  const visit = (node: ConfigNode, above: readonly string[]) => {
    const path = [...above, node.name];
    nodes.add(JSON.stringify([path, [...node.values.keys()]]));
    for (const child of node.children.values()) visit(child, path);
  };
  for (const node of buildTree(commandsOf(text), schemaBelow(release)).children.values()) visit(node, []);
  return nodes;
}

/** The nodes that differ, and lie neither above nor below what a command names. */
function touchedElsewhere(before: string, after: string, { steps, release }: SitePlan): readonly string[] {
  const [old, now] = [nodesOf(before, release), nodesOf(after, release)];
  const differing = [...old]
    .filter((node) => !now.has(node))
    .concat([...now].filter((node) => !old.has(node)));
  return differing.filter((node) => {
    const [path]: readonly (readonly string[])[] = JSON.parse(node);
    return !steps.some(({ words }) =>
      path?.every((name, index) => words[index] === undefined || words[index] === name),
    );
  });
}

/** New lines that say nothing: a leaf without its value, or a node that other lines name as well. */
function strayLines(before: string, after: string, release: Release): readonly string[] {
  const pathsOf = (text: string) =>
    commandsOf(text).flatMap(({ verb, path }) => (verb === 'set' ? [path.map((word) => word.text)] : []));
  const old = new Set(pathsOf(before).map((path) => path.join(' ')));
  const paths = pathsOf(after);
  const isAbove = (path: readonly string[], other: readonly string[]) =>
    path.length < other.length && path.every((word, index) => other[index] === word);
  return paths
    .filter((path) => lookup(path, release)?.kind === 'leaf' || paths.some((other) => isAbove(path, other)))
    .map((path) => path.join(' '))
    .filter((path) => !old.has(path));
}

function errorsOf({ findings }: Report): readonly string[] {
  return findings.filter(({ severity }) => severity === 'error').map(({ fingerprint }) => fingerprint);
}

function commandsOfPlan({ sites }: Plan): readonly (readonly string[])[] {
  return sites.map(({ steps }) => steps.map(({ command }) => command));
}

function errorsByLink(report: Report): ReadonlyMap<string, number> {
  return new Map(
    report.links.map(({ a, b }, index) => [
      `${a.site} ${a.peer} ${b.peer}`,
      report.findings.filter(({ link, severity }) => link === index && severity === 'error').length,
    ]),
  );
}

/** Peers that have an address to call: one that is taken away makes errors go and mends nothing. */
function callingPeers({ text }: Input): readonly string[] {
  return [...nodesOf(text)]
    .filter((node) => {
      const [path, values]: readonly [readonly string[], readonly string[]] = JSON.parse(node);
      return (
        path[2] === 'site-to-site' &&
        path.at(-1) === 'remote-address' &&
        values.some((each) => each !== 'any')
      );
    })
    .map((node) => String(JSON.parse(node)[0][4]));
}

function expectMended(inputs: readonly Input[], plan: Plan): readonly Input[] {
  const mended = inputs.map((input, index) => typedIn(input, plan.sites[index] as SitePlan));
  const report = lint(mended);
  deepStrictEqual(errorsOf(report).toSorted(), plan.left.map(({ fingerprint }) => fingerprint).toSorted());
  const before = errorsByLink(lint(inputs));
  for (const [link, errors] of errorsByLink(report)) {
    if (before.get(link) === 0) deepStrictEqual({ link, errors }, { link, errors: 0 });
  }
  for (const [index, input] of inputs.entries()) {
    const calling = new Set(callingPeers(mended[index] ?? input));
    deepStrictEqual(
      callingPeers(input).filter((peer) => !calling.has(peer)),
      [],
    );
    const site = plan.sites[index] as SitePlan;
    deepStrictEqual(touchedElsewhere(input.text, mended[index]?.text ?? '', site), []);
    const text = rewrite(input, site);
    if (site.steps.length === 0) deepStrictEqual(text, input.text);
    deepStrictEqual(
      [...nodesOf(text, site.release)].toSorted(),
      [...nodesOf(mended[index]?.text ?? '', site.release)].toSorted(),
    );
    const lines = new Set(input.text.split('\n'));
    const added = text.split('\n').filter((line) => !lines.has(line));
    deepStrictEqual({ tooMany: added.length > site.steps.length }, { tooMany: false });
    deepStrictEqual(strayLines(input.text, text, site.release), []);
  }
  return mended;
}

type What = 'whole' | 'exchanged' | 'a alone' | 'b alone';
const whats = fc.constantFrom<What>('whole', 'exchanged', 'a alone', 'b alone');

/** Throws with the smallest pair for which it does not hold. */
export function checkMended(numRuns: number, seed: number): void {
  fc.assert(
    fc.property(arbitraryPair, whats, (pair, what) =>
      expectPlanned(
        [
          { file: 'a.conf', text: toDump(pair.a) },
          { file: 'b.conf', text: toDump(pair.b) },
        ],
        what,
      ),
    ),
    { numRuns, seed },
  );
}

/** The same over pairs of any two releases: the commands are in the spelling of each. */
export function checkMendedOfReleases(numRuns: number, seed: number): void {
  fc.assert(
    fc.property(pairOfReleases, whats, ({ a, b }, what) =>
      expectPlanned(
        [
          { file: 'a.conf', ...a },
          { file: 'b.conf', ...b },
        ],
        what,
      ),
    ),
    { numRuns, seed },
  );
}

function expectPlanned(inputs: readonly Input[], what: What): void {
  const plan = fix(inputs);
  deepStrictEqual(plan.found, errorsOf(lint(inputs)).length);
  if (plan.found === 0) {
    deepStrictEqual(commandsOfPlan(plan), [[], []]);
    return;
  }
  if (what === 'whole') {
    const mended = expectMended(inputs, plan);
    if (plan.exhaustive) deepStrictEqual(commandsOfPlan(fix(mended)), [[], []]);
    return;
  }
  if (what !== 'exchanged') {
    const only = what === 'a alone' ? 0 : 1;
    const oneSided = fix(inputs, { sites: [only] });
    deepStrictEqual(oneSided.sites[1 - only]?.steps, []);
    expectMended(inputs, oneSided);
    return;
  }
  const exchanged = fix(inputs.toReversed());
  deepStrictEqual(commandsOfPlan(exchanged).toReversed().map(sorted), commandsOfPlan(plan).map(sorted));
}

function sorted(texts: readonly string[]): readonly string[] {
  return texts.toSorted();
}
