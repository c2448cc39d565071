import type { FormatOptions } from '../report/format.ts';

/** All that a run may know of the process it is in. */
export interface Surroundings {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder to which file names are relative. */
  readonly cwd: string;
  /** Whether standard output is a terminal, and standard error. */
  readonly terminal: boolean;
  readonly errTerminal: boolean;
  /** Columns of the terminal; undefined where there is none. */
  readonly columns: number | undefined;
  /** The day, as `2026-11-24`. */
  readonly today: string;
  /** Aborted once what is printed reaches nobody any more: a disk is full, or the reader is gone. */
  readonly lost: AbortSignal;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Says why the work could not be done: a sentence without a full stop. */
  readonly fail: (message: string) => void;
}

export type Color = 'auto' | 'always' | 'never';

/** How a text for people is laid out on standard output. */
export function layoutOf(color: Color, surroundings: Surroundings): FormatOptions {
  return {
    color: wantsColor(color, surroundings),
    width: widthOf(surroundings),
    unicode: wantsUnicode(surroundings),
  };
}

/** `--color` first, then NO_COLOR, then FORCE_COLOR, then whether there is a terminal that knows colours. */
function wantsColor(option: Color, { env, terminal }: Surroundings): boolean {
  if (option !== 'auto') return option === 'always';
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false;
  if (env.FORCE_COLOR !== undefined) return !['0', 'false'].includes(env.FORCE_COLOR);
  return terminal && env.TERM !== 'dumb';
}

/** A locale that says outright that it has no Unicode gets plain ASCII. */
function wantsUnicode({ env }: Surroundings): boolean {
  const locale = [env.LC_ALL, env.LC_CTYPE, env.LANG].find((value) => value !== undefined && value !== '');
  return locale === undefined || !/^(?:C|POSIX)$/.test(locale);
}

export function widthOf({ columns, env }: Surroundings): number {
  const wanted = columns ?? Number(env.COLUMNS);
  return Number.isInteger(wanted) && wanted > 0 ? wanted : 100;
}
