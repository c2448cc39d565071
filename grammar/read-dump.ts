import { type SourceFile, span } from '../src/source/index.ts';
import type { Dump, SyntaxProblem } from './command.ts';
import { readConfigDump } from './read-config-dump.ts';
import { readSetDump } from './read-set-dump.ts';
import { promptEnd } from './tokens.ts';

/**
 * Reads a dump in the notation that most of its lines are in: `set` commands, or braces. What stands there in the other
 * notation is a problem, but for `set` commands between the blocks. Takes any text.
 */
export function readDump(file: SourceFile): Dump {
  const other = otherNotation(file);
  if (other !== undefined) {
    return { file, notation: 'set', commands: [], problems: [other], ignored: [], glued: [] };
  }
  return isInBraces(file.text) ? readConfigDump(file) : readSetDump(file);
}

/** A file can be as large as it likes to be: its first lines are enough. */
const LOOKED_AT = 200_000;

function isInBraces(text: string): boolean {
  const start = text.slice(0, LOOKED_AT);
  let commands = 0;
  let braces = 0;
  for (const line of start.split(/[\r\n]+/)) {
    const bare = line.replace(/^[^\S\r\n]*/, '').slice(promptLength(line));
    if (/^(?:set|delete|comment|activate|deactivate)\s+\S/.test(bare)) commands += 1;
    else if (!/^(?:#|\/\/|\/\*)/.test(bare))
      braces += (bare.match(/(?:^|\s|\w|["'])[{}](?=\s|$)/g) ?? []).length;
    else if (/-config-version:/.test(bare)) braces += 1;
  }
  return braces > commands;
}

function promptLength(line: string): number {
  const text = line.trimStart().slice(0, 200);
  const end = /[#$>%]/.test(text) ? promptEnd(text, 0) : undefined;
  return end === undefined ? 0 : end + (/^\s*/.exec(text.slice(end))?.[0].length ?? 0);
}

/** JSON and XML, which VyOS and its neighbours print too. */
function otherNotation(file: SourceFile): SyntaxProblem | undefined {
  const { text } = file;
  const lead =
    /^(?:[^\S\r\n]*(?:[\w.-]+@[\w.-]+[^\r\n]*)?[\r\n]+)*\s*/.exec(text.slice(0, 2000))?.[0].length ?? 0;
  const start = text.slice(lead, lead + 2000);
  const name = /^(?:\{\s*"(?:[^"\\\r\n]|\\.)*"\s*:|\[\s*[{["])/.test(start)
    ? 'JSON'
    : /^<(?:\?xml\s|!--|[A-Za-z][\w:.-]*(?:\s[^<>]*)?>)/.test(start) && /<\/[A-Za-z]/.test(text)
      ? 'XML'
      : undefined;
  if (name === undefined) return undefined;
  return {
    kind: 'other-notation',
    message: `This is ${name}, and no dump that is read here`,
    hint: 'Give what "show configuration commands" or "show configuration" prints, or the file /config/config.boot',
    at: span(file, text.search(/\S/), text.trimEnd().length),
  };
}
