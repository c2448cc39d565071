/** What VyOS itself made of random dumps (fixtures/observed/vyos), and what this project writes of them, in one shape. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { readSetDump } from '../../grammar/index.ts';
import { sourceFile } from '../../src/source/index.ts';
import { type LoadedSite, loadSite } from '../../src/strongswan/load-site.ts';
import { renderConf } from '../../src/strongswan/render.ts';
import { readSite } from '../../src/vyos/read-site.ts';
import type { Release } from '../../src/vyos/schema/index.ts';

/** Sections by their names, settings as texts. */
export interface Section {
  readonly [key: string]: string | Section;
}

/** One dump, and the file that VyOS wrote of it; `refused` where it wrote none. */
export interface Observation {
  readonly dump: string;
  readonly refused: string | null;
  readonly swanctl?: Section;
  readonly ipsecConf?: Section;
}

export function observations(name: string): readonly Observation[] {
  const text = gunzipSync(readFileSync(`fixtures/observed/vyos/${name}.jsonl.gz`)).toString('utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

export function loaded({ dump }: Observation, release: Release): LoadedSite {
  return loadSite(readSite('a', readSetDump(sourceFile('a.conf', dump)), release));
}

/** The printed swanctl.conf as VyOS's was read: without remarks and quotes. */
export function swanctlOf(site: LoadedSite): Section {
  const root: Record<string, string | Section> = {};
  const open = [root];
  for (const line of renderConf({ ...site, refusals: [] }).split('\n')) {
    const text = line.trim();
    const [, name] = /^(.+) \{$/.exec(text) ?? [];
    const [, key, value = ''] = /^([^=\s]+) =(.*)$/.exec(text) ?? [];
    const at = open.at(-1) ?? root;
    if (name !== undefined) {
      const section: Record<string, string | Section> = {};
      at[name] = section;
      open.push(section);
    } else if (text === '}') open.pop();
    else if (key !== undefined) at[key] = bare(value);
  }
  return root;
}

export function ipsecConfOf(site: LoadedSite): Section {
  const [conns = ''] = renderConf({ ...site, refusals: [] }, 'ipsec.conf').split('# ipsec.secrets');
  const sections = conns.split(/^conn /m).slice(1);
  return Object.fromEntries(
    sections.map((section) => {
      const [name = '', ...lines] = section.split('\n');
      const settings = lines.flatMap((line) => {
        const [, key, value = ''] = /^\t([^=]+)=(.*)$/.exec(line) ?? [];
        return key === undefined ? [] : [[key, bare(value)] as const];
      });
      return [name, Object.fromEntries(settings)];
    }),
  );
}

function bare(value: string): string {
  const text = value.replace(/(^|\s)#.*$/, '').trim();
  return text.startsWith('"') && text.endsWith('"') && text.length > 1 ? text.slice(1, -1) : text;
}

/** Secrets are masked here, and their ids numbered: what is compared is which there are, and for whom. */
export function withoutSecrets(root: Section): Section {
  const { secrets } = root;
  if (typeof secrets !== 'object') return root;
  const alike = (section: string | Section): string | Section => {
    if (typeof section === 'string') return section;
    const { secret, ...others } = section;
    const ids = Object.entries(others).flatMap(([key, id]) => (key.startsWith('id-') ? [String(id)] : []));
    return {
      ...Object.fromEntries(Object.entries(others).filter(([key]) => !key.startsWith('id-'))),
      ids: ids.join(' | '),
      secret: secret === undefined ? 'none' : 'one',
    };
  };
  const all = Object.entries(secrets).map(([name, section]) => [name, alike(section)] as const);
  return { ...root, secrets: Object.fromEntries(all) };
}

/** Where two differ: `connections.P.children.P-tunnel-1.priority: 7, not nothing`. */
export interface Difference {
  readonly path: readonly string[];
  readonly ours: string | undefined;
  readonly theirs: string | undefined;
}

export function differences(
  ours: string | Section | undefined,
  theirs: string | Section | undefined,
  path: readonly string[] = [],
): readonly Difference[] {
  if (typeof ours !== 'object' && typeof theirs !== 'object') {
    return ours === theirs ? [] : [{ path, ours, theirs }];
  }
  const [own, other] = [ours, theirs].map((section) => (typeof section === 'object' ? section : {}));
  const keys = new Set([...Object.keys(own ?? {}), ...Object.keys(other ?? {})]);
  return [...keys].flatMap((key) => differences(own?.[key], other?.[key], [...path, key]));
}
