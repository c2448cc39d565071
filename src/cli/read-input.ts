import { existsSync, realpathSync } from 'node:fs';
import type { Input } from '../index.ts';
import { readBounded } from './read-bounded.ts';

/**
 * The texts of the files, or why the work cannot be done: one sentence for each file, without a full stop. `notes`
 * say what is odd about a text and does not stop the work.
 */
export type Inputs =
  | { readonly kind: 'read'; readonly inputs: readonly Input[]; readonly notes: readonly string[] }
  | { readonly kind: 'unreadable'; readonly messages: readonly string[] };

const wanted =
  'expected what "show configuration commands" or "show configuration" prints, or the file /config/config.boot';

/** What stands for standard input among the files, and what its text is called in reports. */
export const standardInput = '-';
const standardInputName = 'stdin';

/** Reads every file before it judges one, so that all that is wrong is said at once. */
export async function readInputs(files: readonly string[]): Promise<Inputs> {
  if (files.filter((file) => file === standardInput).length > 1) {
    return { kind: 'unreadable', messages: ['"-" was named twice: standard input is the dump of one site'] };
  }
  const results = await Promise.all(files.map(readInput));
  const messages = results.flatMap((result) => (typeof result === 'string' ? [result] : []));
  messages.push(
    ...sameFiles(files.filter((file, index) => file !== standardInput && typeof results[index] !== 'string')),
  );
  if (messages.length > 0) return { kind: 'unreadable', messages };
  const read = results.filter((result) => typeof result !== 'string');
  return { kind: 'read', inputs: read, notes: read.flatMap(({ note }) => note ?? []) };
}

interface ReadInput extends Input {
  readonly note?: string;
}

async function readInput(named: string): Promise<ReadInput | string> {
  const file = named === standardInput ? standardInputName : named;
  try {
    const packed = readBounded(named === standardInput ? 0 : file);
    if (typeof packed === 'string') return `${file}: ${packed}`;
    const bytes = isPacked(packed) ? (await import('./unpack.ts')).unpacked(packed) : packed;
    if (typeof bytes === 'string') return `${file}: ${bytes}`;
    if (bytes.length === 0) return `${file}: is empty; ${wanted}`;
    const text = textOf(bytes);
    if (text.trim() === '') return `${file}: holds nothing but blanks; ${wanted}`;
    if (text.includes('\0')) return `${file}: ${binary(bytes)}; ${wanted}`;
    return utf16Of(bytes) !== undefined || isUtf8(bytes)
      ? { file, text }
      : { file, text, note: notUtf8(file, text) };
  } catch (error) {
    return `${file === '' ? '""' : file}: ${isUndecoded(file) ? undecoded : whyUnread(error)}`;
  }
}

function whyUnread(error: unknown): string {
  const why = explainError(error);
  return why === explanations.EISDIR ? `${why}; name one of the dumps in it` : why;
}

/** The text that bytes are in UTF-8, or in UTF-16 with a byte order mark. */
export function textOf(bytes: Buffer): string {
  const utf16 = utf16Of(bytes);
  return utf16 === undefined ? bytes.toString('utf8') : new TextDecoder(utf16).decode(bytes);
}

/** The kind of UTF-16 that a byte order mark tells; undefined for none. */
export function utf16Of(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : undefined;
}

/** What holds NUL characters. Where every other byte is one, it is text after all. */
function binary(bytes: Uint8Array): string {
  const start = bytes.subarray(0, 1000);
  const zeros = (parity: number) => start.filter((byte, index) => byte === 0 && index % 2 === parity).length;
  const isMost = (count: number) => count > start.length / 4;
  if (isMost(zeros(0)) === isMost(zeros(1))) return 'is a binary file';
  const kind = isMost(zeros(1)) ? 'UTF-16LE' : 'UTF-16BE';
  return `is in ${kind} without a byte order mark: save it in UTF-8, as "iconv -f ${kind} -t UTF-8" does`;
}

/** Node gives a name that is not in UTF-8 with marks in the place of its letters, and finds no file by it. */
function isUndecoded(file: string): boolean {
  return file.includes('\ufffd') && !existsSync(file);
}

const undecoded = 'the name is not in UTF-8, and no file is found by it: rename the file, or type "- < FILE"';

/** Whether gzip packed a file: by its mark, and not by its name. */
export function isPacked(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** Two letters that cannot be decoded look alike, so a value that holds one is not compared (schema/masked.ts). */
function notUtf8(file: string, text: string): string {
  const line = text.slice(0, text.indexOf('\uFFFD')).split(/\r\n|\n|\r/).length;
  return `${file}:${line}: a letter is not in UTF-8; values with such letters are not compared, save the file in UTF-8`;
}

const explanations: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EACCES: 'no permission to read it',
  EPERM: 'no permission to read it',
  ENOTDIR: 'a part of the path is not a folder',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'the links go round in a circle',
  EISDIR: 'it is a folder',
  EROFS: 'nothing can be written there',
  ENOSPC: 'no space is left',
};

/** What the system says of a file, in words: a clause without a full stop. */
export function explainError(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return explanations[code] ?? (error instanceof Error ? error.message : 'cannot be read');
}

function sameFiles(files: readonly string[]): readonly string[] {
  const seen = new Map<string, string>();
  return files.flatMap((file) => {
    const real = realpathSync(file);
    const other = seen.get(real);
    seen.set(real, file);
    if (other === undefined) return [];
    return [`${file}: is the same file as ${other}; name the dumps of the two ends of the tunnel`];
  });
}
