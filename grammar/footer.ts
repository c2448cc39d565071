import { cover, type SourceFile, type Span, textOf } from '../src/source/index.ts';
import type { Footer, IgnoredText } from './command.ts';

/**
 * What VyOS writes behind a saved configuration, if it stands among the comments of a dump. Since 1.3 as
 * `// vyos-config-version: "ipsec@13:…"`, in 1.2 as a block comment `=== vyatta-config-version: "ipsec@5:…" ===`; the
 * release stands in a comment of its own (vyos-1x, python/vyos/component_version.py). The last one counts.
 */
export function footerOf(file: SourceFile, ignored: readonly IgnoredText[]): Footer | undefined {
  let versions: { readonly text: string; readonly at: Span } | undefined;
  let release: { readonly text: string; readonly at: Span } | undefined;
  for (const { reason, at } of ignored) {
    if (reason !== 'comment') continue;
    const text = textOf(at);
    const numbers = /(?:vyos|vyatta)-config-version:\s*"([^"]*)"/.exec(text)?.[1];
    if (numbers !== undefined) versions = { text: numbers, at };
    const name = /\bRelease version:\s*(.*?)\s*(?:\*\/|$)/.exec(text)?.[1];
    if (name !== undefined && name !== '') release = { text: name, at };
  }
  const places = [versions, release].flatMap((part) => part?.at ?? []);
  const [first, ...others] = places;
  if (first === undefined || file.text === '') return undefined;
  return {
    versions: numbersOf(versions?.text ?? ''),
    release: release?.text,
    at: cover(first, ...others.slice(-1)),
  };
}

function numbersOf(text: string): ReadonlyMap<string, number> {
  const pairs = [...text.matchAll(/([\w-]+)@(\d+)/g)];
  return new Map(pairs.map(([, name = '', number]) => [name, Number(number)]));
}
