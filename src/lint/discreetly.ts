import type { SourceFile } from '../source/index.ts';
import type { Guard } from '../vyos/secret-places.ts';

/**
 * The same data with each text as a guard lets it be seen; a command that would be another one then is left out, and a
 * fix with it. Dumps stay as they are: they hold the places, and each format masks what it shows of them.
 */
export function discreetly<T>(data: T, { isNeeded, discreet }: Guard): T {
  return isNeeded ? (masked(data, discreet, new Map()) as T) : data;
}

/**
 * `made`: what stands in several places of the data is one thing in the result as well. An entry of the user's own
 * configuration stays the one that it is.
 */
function masked(data: unknown, discreet: Guard['discreet'], made: Map<object, unknown>): unknown {
  if (typeof data === 'string') return discreet(data);
  if (typeof data !== 'object' || data === null || isFile(data)) return data;
  if (made.has(data)) return made.get(data);
  const result = Array.isArray(data)
    ? data.filter((each) => !isSpoilt(each, discreet)).map((each) => masked(each, discreet, made))
    : isPlainObject(data)
      ? Object.fromEntries(
          Object.entries(data).map(([key, value]) => [
            key,
            key === 'ignore' ? value : masked(value, discreet, made),
          ]),
        )
      : data;
  made.set(data, result);
  return result;
}

function isPlainObject(data: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(data);
  return prototype === Object.prototype || prototype === null;
}

function isFile(data: object): data is SourceFile {
  return 'lineStarts' in data;
}

/** A fix, or a step of a plan, whose commands name what must not be seen. */
function isSpoilt(data: unknown, discreet: Guard['discreet']): boolean {
  if (typeof data !== 'object' || data === null) return false;
  const commands: unknown = 'commands' in data ? data.commands : 'command' in data ? [data.command] : [];
  if (!Array.isArray(commands)) return false;
  return commands.some((command) => typeof command === 'string' && discreet(command) !== command);
}
