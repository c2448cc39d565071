import type { Word } from '../../../grammar/command.ts';
import { cover, type Located, type Span } from '../../source/index.ts';
import { spelling } from './index.ts';
import { isMasked } from './masked.ts';
import { existsIn, formsOf, RELEASES, type Release, releasesOf, type SchemaNode } from './node.ts';
import type { Level } from './places.ts';
import type { Collected, SchemaProblem } from './problem.ts';
import { acceptsValue, expectedValue } from './values.ts';

/** A word that stands where a value goes, and what stands behind it. */
export interface Given extends Located<string> {
  readonly extra: readonly Word[];
}

/** A node of a dump: what it is in the release judged by, its path, and the nodes above it, innermost last. */
export interface Place {
  readonly schema: SchemaNode;
  readonly path: readonly string[];
  readonly above: readonly Level[];
}

/** The forms that the node has in any release. */
function allForms({ path, above }: Place, depth = 1): readonly SchemaNode[] {
  return formsOf(above.at(-1)?.schema.children, path.at(-depth) ?? '');
}

function releasesThat(
  forms: readonly SchemaNode[],
  willDo: (form: SchemaNode) => boolean,
): readonly Release[] {
  const taking = forms.filter(willDo);
  return RELEASES.filter((release) => taking.some((form) => existsIn(form, release)));
}

/** The name below a tag node; `place.path` ends with it. */
export function judgeName(collected: Collected, name: Located<string>, place: Place): void {
  const { schema, path } = place;
  if (isMasked(name.value)) {
    collected.masked.push({ path, at: name.at });
    return;
  }
  const accepted = acceptsValue(schema, name.value);
  if (accepted.ok) return;
  const { ok: _, ...expected } = accepted;
  collected.problems.push({
    kind: 'invalid-value',
    subject: 'name',
    value: name.value,
    ...expected,
    takenBy: releasesThat(allForms(place, 2), (form) => acceptsValue(form, name.value).ok),
    at: name.at,
    path,
  });
}

/** A leaf without a value: the whole node in a release in which it takes none. */
export function judgeBare(collected: Collected, at: Span, place: Place): void {
  const { schema, path } = place;
  const valueless = allForms(place).find((form) => form.kind === 'valueless');
  if (valueless === undefined) {
    collected.problems.push({ kind: 'missing-value', expected: expectedValue(schema), at, path });
    return;
  }
  const spelled = valueless.renamedFrom ?? valueless.renamedTo;
  collected.problems.push({
    kind: 'wrong-release',
    subject: 'value',
    value: null,
    takenBy: releasesOf(valueless),
    ...(spelled === undefined ? {} : { instead: fillIn(spelled, path) }),
    at,
    path,
  });
}

/** A value of a leaf. */
export function judgeValue(collected: Collected, given: Given, place: Place): void {
  const { value, at, extra } = given;
  const { schema, path } = place;
  const joined = extra.length === 0 ? undefined : joinedValue(schema, given);
  const last = extra.at(-1);
  if (last !== undefined) {
    collected.problems.push({
      kind: 'extra-words',
      expected: expectedValue(schema),
      ...(joined === undefined ? {} : { didYouMean: joined }),
      at: joined === undefined ? cover(extra[0]?.at ?? last.at, last.at) : cover(at, last.at),
      path,
    });
  }
  if (joined !== undefined) return;
  if (isMasked(value)) collected.masked.push({ path, at });
  else if (!acceptsValue(schema, value).ok) collected.problems.push(refused(value, at, place));
}

function refused(value: string, at: Span, place: Place): SchemaProblem {
  const { schema, path } = place;
  const shown = schema.secret === true ? null : value;
  const takenBy = releasesThat(
    allForms(place),
    (form) => form.kind === 'leaf' && acceptsValue(form, value).ok,
  );
  if (takenBy.length > 0 && (schema.values?.every(({ kind }) => kind === 'enum') ?? false)) {
    const today = spelling(schema, value);
    const instead = today === undefined ? {} : { instead: [...path, today].join(' ') };
    return { kind: 'wrong-release', subject: 'value', value: shown, takenBy, ...instead, at, path };
  }
  const { ok: _, ...rest } = { expected: expectedValue(schema), ...acceptsValue(schema, value) };
  return { kind: 'invalid-value', subject: 'value', value: shown, ...rest, takenBy, at, path };
}

/** `dh-group 14` for `dh-group14`: the words in one, where the leaf takes that. */
function joinedValue(schema: SchemaNode, { value, extra }: Given): string | undefined {
  if (schema.values === undefined || schema.secret === true) return undefined;
  const words = [value, ...extra.map(({ text }) => text)];
  return ['', '-', '_', '/', '.']
    .map((glue) => words.join(glue))
    .find((joined) => acceptsValue(schema, joined).ok);
}

/** A valueless node that was given a value: fine when it is empty, or what another release writes. */
export function judgeNoValue(collected: Collected, { value, at, extra }: Given, place: Place): void {
  if (value === '' && extra.length === 0) return;
  const { path } = place;
  const leaf = allForms(place).find((form) => form.kind === 'leaf' && acceptsValue(form, value).ok);
  if (leaf === undefined || extra.length > 0) {
    const end = extra.at(-1)?.at ?? at;
    const shown = isMasked(value) ? null : value;
    collected.problems.push({ kind: 'unexpected-value', value: shown, at: cover(at, end), path });
    return;
  }
  collected.problems.push({
    kind: 'wrong-release',
    subject: 'value',
    value,
    takenBy: releasesOf(leaf),
    ...insteadOf(leaf, leaf.renamedTo, value, path),
    at,
    path,
  });
}

/** How the release judged by spells a node of another, with that value. */
export function insteadOf(
  schema: SchemaNode,
  template: string | undefined,
  value: string | undefined,
  path: readonly string[],
): { readonly instead?: string | null } {
  if (value !== undefined && value === schema.leftOut) return { instead: null };
  return template === undefined ? {} : { instead: fillIn(template, path) };
}

/** A spelling with the user's own names, as far as it runs beside the path. */
export function fillIn(template: string, path: readonly string[]): string {
  let beside = true;
  return template
    .split(' ')
    .map((word, index) => {
      const own = path[index];
      if (beside && own !== undefined && word.startsWith('<')) return own;
      beside &&= own === word;
      return word;
    })
    .join(' ');
}
