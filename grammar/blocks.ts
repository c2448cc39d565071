import type { IToken } from 'chevrotain';
import { cover, type SourceFile, type Span, span } from '../src/source/index.ts';
import { TOP_LEVEL_WORDS } from '../src/source/top-level-nodes.ts';
import { closesNothing, missingOpen, strayMark, unclear } from './block-problems.ts';
import type { Command, Dump, IgnoredText, SyntaxProblem, Word } from './command.ts';
import type { Part } from './config-parser.ts';
import { ConfigMaskedRest, ConfigOutput, ConfigPrompt, PagerMark } from './config-tokens.ts';
import { readWords } from './config-words.ts';
import { type Group, groupsOf } from './joined.ts';
import { repaired } from './repair.ts';
import { type Placed, place, type Structure } from './structure.ts';
import { sessionLineEnd } from './tokens.ts';
import { tokenSpan } from './words.ts';

type Read = Pick<Dump, 'commands' | 'problems' | 'ignored' | 'glued'>;

/** A block that is open. */
interface Frame {
  readonly path: readonly Word[];
  /** The words of its heading, and where they begin. */
  readonly own: readonly Word[];
  readonly start: number;
  /** Undefined where the brace is missing. */
  readonly open: Span | undefined;
  readonly indent: number | undefined;
  /** Why nothing in it is read: what is wrong with its heading; `-`, which a commit would delete; or the depth, told before. */
  readonly unread: SyntaxProblem | 'deleted' | 'too-deep' | undefined;
  readonly inactive: boolean;
  emitted: boolean;
  /** How many blocks are open in it that are only counted. */
  deeper: number;
  /** Whether a block stands too deep in it, which is told for all around it. */
  isTooDeep: boolean;
}

/** VyOS's own configuration is some twelve blocks deep. What stands deeper is counted and not kept. */
const DEEPEST = 100;

interface Growth {
  readonly file: SourceFile;
  readonly structure: Structure;
  /** Reads a line again that was damaged. */
  readonly read: (text: string) => Dump | undefined;
  readonly commands: Command[];
  readonly problems: SyntaxProblem[];
  readonly ignored: IgnoredText[];
  readonly glued: Span[];
  readonly stack: Frame[];
  /** The indices of the commands that stand in no block. */
  readonly loose: number[];
  /** Where the part ends that was read last. */
  lastEnd: number;
  /** How many blocks of the stack are not read. */
  unread: number;
  /** Whether it was told that blocks stand too deep. */
  isTooDeep: boolean;
}

/**
 * Makes commands of the parts of a text in braces. Where the braces do not pair, the indentation tells which of them is
 * missing or too much, as VyOS writes four blanks for each block.
 */
export function readBlocks(
  file: SourceFile,
  lines: readonly (readonly Part[])[],
  read: (text: string) => Dump | undefined,
): Read {
  const growth: Growth = {
    file,
    structure: place(file, lines),
    read,
    commands: [],
    problems: [],
    ignored: [],
    glued: [],
    stack: [],
    loose: [],
    lastEnd: 0,
    unread: 0,
    isTooDeep: false,
  };
  const { placed } = growth.structure;
  for (let index = 0; index < placed.length; index += 1) {
    const part = placed[index];
    if (part === undefined) continue;
    index += readPart(growth, part, placed[index + 1]);
    growth.lastEnd = (placed[index] ?? part).at.end;
  }
  closeRest(growth);
  const commands = withoutLoose(growth);
  const { problems, ignored, glued } = growth;
  return {
    commands,
    problems: problems.toSorted((one, other) => one.at.start - other.at.start),
    ignored,
    glued,
  };
}

/** Reads a part; gives how many of the parts behind it are read with it. */
function readPart(growth: Growth, part: Placed, next: Placed | undefined): number {
  if (part.isDeleted && part.kind === 'words' && part.role === 'leaf') {
    pass(growth, { reason: 'session-output', at: part.at });
    return 0;
  }
  switch (part.kind) {
    case 'ignored':
      pass(growth, ignoredText(part));
      return 0;
    case 'diff':
      pass(growth, { reason: 'session-output', at: part.at });
      return 0;
    case 'open-comment':
      tell(growth, {
        kind: 'unterminated-quote',
        message: 'A comment is opened and not closed',
        hint: 'End it with */',
        at: part.at,
      });
      return 0;
    case 'open':
      strayOpen(growth, part);
      return 0;
    case 'close':
      close(growth, part, next);
      return 0;
    case 'words':
      leaveUnclosed(growth, part);
      if (part.role === 'leaf') {
        readLeaf(growth, part);
        return 0;
      }
      openBlock(growth, part, part.role === 'heading' ? next : undefined);
      return part.role === 'heading' && next?.kind === 'open' ? 1 : 0;
  }
}

function ignoredText({ token, at }: Placed): IgnoredText {
  switch (token?.tokenType) {
    case ConfigPrompt:
      return { reason: 'prompt', at };
    case ConfigOutput:
    case PagerMark:
      return { reason: 'session-output', at };
    case ConfigMaskedRest:
      return { reason: 'masked', at };
    default:
      return { reason: 'comment', at };
  }
}

function pass(growth: Growth, ignored: IgnoredText): void {
  if (growth.unread === 0) growth.ignored.push(ignored);
}

function tell(growth: Growth, problem: SyntaxProblem): void {
  if (growth.unread === 0) growth.problems.push(problem);
}

/** An open brace with nothing before it: a block without a name, which is lost. */
function strayOpen(growth: Growth, { at }: Placed): void {
  const problem: SyntaxProblem = {
    kind: 'extra-brace',
    message: 'A brace opens a block that has no name',
    hint: 'Write the name of the node before it, on the same line; or remove both braces of the block',
    at,
  };
  push(growth, { own: [], start: at.start, open: at, indent: undefined, inactive: false, unread: problem });
}

function push(growth: Growth, frame: Omit<Frame, 'path' | 'emitted' | 'deeper' | 'isTooDeep'>): void {
  const { stack } = growth;
  const above = stack.at(-1);
  if (above !== undefined && stack.length > DEEPEST) {
    if (frame.open !== undefined) above.deeper += 1;
    return;
  }
  const isTooDeep = stack.length === DEEPEST && frame.unread === undefined && growth.unread === 0;
  const { unread, start } = isTooDeep ? tooDeep(growth, frame) : frame;
  if (frame.open !== undefined && unread === undefined) pass(growth, { reason: 'brace', at: frame.open });
  const path = unread === undefined ? [...(above?.path ?? []), ...frame.own] : [];
  stack.push({ ...frame, unread, start, path, emitted: false, deeper: 0, isTooDeep });
  if (unread !== undefined) growth.unread += 1;
}

/** One problem tells of all blocks that stand too deep, and of those around the first that hold nothing else. */
function tooDeep(
  growth: Growth,
  { own, open, start }: Pick<Frame, 'own' | 'open' | 'start'>,
): Pick<Frame, 'unread' | 'start'> {
  const outermost = growth.stack.find(({ emitted }) => !emitted);
  for (const frame of growth.stack) {
    frame.emitted = true;
    frame.isTooDeep = true;
  }
  const from = outermost?.start ?? start;
  const at = open ?? own[0]?.at ?? span(growth.file, start, start);
  if (growth.isTooDeep) return { unread: 'too-deep', start: from };
  growth.isTooDeep = true;
  const hint = 'A brace before it that should close a block is missing, or this is no dump of VyOS';
  const message = `Blocks stand more than ${DEEPEST} deep in each other`;
  return { unread: { kind: 'too-deep', message, hint, at }, start: from };
}

/** Ends the block that was opened last. `end`: where its text ends. */
function pop(growth: Growth, end: number): void {
  const frame = growth.stack.pop();
  if (frame === undefined) return;
  const { unread, own, path, inactive } = frame;
  if (unread !== undefined) {
    growth.unread -= 1;
    const at = span(growth.file, frame.start, end);
    if (unread === 'deleted') pass(growth, { reason: 'session-output', at });
    else if (unread === 'too-deep') pass(growth, { reason: 'too-deep', at });
    else tell(growth, { ...unread, lost: at });
    return;
  }
  const [first, ...others] = own.map((word) => word.at);
  if (growth.unread > 0 || first === undefined) return;
  const at = cover(first, ...others.slice(-1));
  if (!frame.emitted) emit(growth, { verb: 'set', path, at });
  if (inactive) growth.commands.push({ verb: 'deactivate', path, at });
}

/** Every block around a command is spoken of by it. */
function emit(growth: Growth, command: Command): void {
  growth.commands.push(command);
  for (let index = growth.stack.length - 1; index >= 0; index -= 1) {
    const frame = growth.stack[index];
    if (frame === undefined || frame.emitted) return;
    frame.emitted = true;
  }
}

function openBlock(growth: Growth, part: Placed, open: Placed | undefined): void {
  const { file, stack } = growth;
  const above = stack.at(-1);
  if (above !== undefined && stack.length > DEEPEST) {
    if (open !== undefined) above.deeper += 1;
    return;
  }
  const groups = part.crowded ? groupsOf(part.words) : [];
  const own = groups.at(-1)?.words ?? part.words;
  for (const group of groups.slice(0, -1)) readGroup(growth, group);
  const isJoined = groups.length > 1;
  if (isJoined && part.inactive !== undefined) passMark(growth, part.inactive);
  const first = own[0]?.[0] ?? part.inactive;
  const start = Math.min(first?.startOffset ?? part.at.start, part.at.end);
  const at = span(file, isJoined ? start : part.at.start, part.at.end);
  const frame = {
    start: at.start,
    open: open?.at,
    indent: part.indent,
    inactive: part.inactive !== undefined,
  };
  if (part.isDeleted) {
    push(growth, { ...frame, own: [], unread: 'deleted' });
    return;
  }
  const read = readWords(file, own, at);
  if (groups.at(-1)?.kind === 'unclear') {
    push(growth, { ...frame, own: [], unread: unclear(at) });
  } else if (read.kind === 'problem') {
    push(growth, { ...frame, own: [], unread: read.problem });
  } else if (read.words.length === 0) {
    push(growth, { ...frame, own: [], unread: strayMark(at) });
  } else {
    if (open === undefined) tell(growth, missingOpen(at));
    if (!isJoined && part.inactive !== undefined) passMark(growth, part.inactive);
    push(growth, { ...frame, own: read.words, unread: undefined });
  }
}

function readLeaf(growth: Growth, part: Placed): void {
  const groups = part.crowded ? groupsOf(part.words) : [];
  const [first] = groups;
  if (groups.length > 1 || first?.kind === 'unclear') {
    // Which of them it deactivates cannot be told.
    if (part.inactive !== undefined) passMark(growth, part.inactive);
    for (const group of groups) readGroup(growth, group);
    return;
  }
  readSetting(growth, part.words, part.at, part.inactive);
}

/** A part of a line whose line ends were lost. */
function readGroup(growth: Growth, { kind, words }: Group): void {
  const first = words[0]?.[0];
  const last = words.at(-1)?.at(-1);
  if (first === undefined || last === undefined) return;
  const at = span(growth.file, first.startOffset, last.startOffset + last.image.length);
  if (kind === 'unclear') {
    tell(growth, unclear(at));
    return;
  }
  if (readSetting(growth, words, at, undefined)) growth.glued.push(at);
}

/** One leaf with its value. Gives whether it was read. */
function readSetting(
  growth: Growth,
  words: Placed['words'],
  at: Span,
  inactive: IToken | undefined,
): boolean {
  const { file, stack } = growth;
  if (growth.unread > 0) return false;
  const above = stack.at(-1);
  if (above === undefined && isSession(file, at)) {
    pass(growth, { reason: 'session-word', at });
    return false;
  }
  const read = readWords(file, words, at);
  if (read.kind === 'problem') {
    tell(growth, withMeaning(growth, read.problem));
    return false;
  }
  const [first, ...others] = read.words.map((word) => word.at);
  if (first === undefined) {
    tell(growth, strayMark(at));
    return false;
  }
  if (inactive !== undefined) passMark(growth, inactive);
  const place = cover(first, ...others.slice(-1));
  const [verb, top] = read.words;
  if (above === undefined && isCommand(verb, top)) {
    const path = read.words.slice(1);
    growth.commands.push({ verb: verb?.text === 'delete' ? 'delete' : 'set', path, at: place });
    return true;
  }
  const path = [...(above?.path ?? []), ...read.words];
  if (above === undefined) growth.loose.push(growth.commands.length);
  emit(growth, { verb: 'set', path, at: place });
  if (inactive !== undefined) growth.commands.push({ verb: 'deactivate', path, at: place });
  return true;
}

/** What a damaged setting was, in its block. */
function withMeaning({ file, stack, read }: Growth, problem: SyntaxProblem): SyntaxProblem {
  const setting = repaired(file, problem, read);
  if (setting === undefined) return problem;
  return { ...problem, meant: { ...setting, path: [...(stack.at(-1)?.path ?? []), ...setting.path] } };
}

function passMark(growth: Growth, inactive: IToken): void {
  pass(growth, { reason: 'session-output', at: tokenSpan(growth.file, inactive) });
}

/** `show configuration` and the like, as they were typed, prompt or not. */
function isSession({ text }: SourceFile, { start, end }: Span): boolean {
  const isPager = /^(?:sudo[^\S\r\n]+)?(?:cat|more|less|run)\s/.test(text.slice(start, start + 20));
  return isPager || (sessionLineEnd(text, start) ?? 0) >= end;
}

/** A `set` command between the blocks. */
function isCommand(verb: Word | undefined, top: Word | undefined): boolean {
  if (verb?.text !== 'set' && verb?.text !== 'delete') return false;
  return !verb.quoted && top !== undefined && TOP_LEVEL_WORDS.includes(top.text);
}

/** Where a line stands no deeper than the heading of a block, the brace that closes the block is missing. */
function leaveUnclosed(growth: Growth, { indent }: Placed): void {
  if (!growth.structure.byIndent || indent === undefined) return;
  for (let top = growth.stack.at(-1); top?.indent !== undefined; top = growth.stack.at(-1)) {
    if (indent > top.indent) return;
    notClosed(growth, top, 'No brace closes this block before the line that stands beside it');
  }
}

function notClosed(growth: Growth, { open, isTooDeep }: Frame, message: string): void {
  const hint = 'Write } on a line of its own behind the last line of the block';
  const { ignored } = growth;
  const isUnread = growth.unread > 0;
  pop(growth, growth.lastEnd);
  if (open === undefined || isUnread || isTooDeep) return;
  // The brace is told of, and so it is not passed over.
  const index = ignored.findLastIndex(({ reason, at }) => reason === 'brace' && at.start === open.start);
  if (index >= 0) ignored.splice(index, 1);
  tell(growth, { kind: 'missing-brace', message, hint, at: open });
}

function close(growth: Growth, part: Placed, next: Placed | undefined): void {
  const { stack, structure } = growth;
  const above = stack.at(-1);
  if (above !== undefined && above.deeper > 0) {
    const isOutside = structure.byIndent && (part.indent ?? Infinity) <= (above.indent ?? -1);
    if (!isOutside) {
      above.deeper -= 1;
      return;
    }
  }
  if (structure.byIndent && part.indent !== undefined) {
    const { indent } = part;
    const isLater = next?.kind === 'words' && next.indent !== undefined && next.indent > indent;
    const beside = stack.findLastIndex((frame) => frame.indent === indent);
    const top = stack.at(-1)?.indent;
    const closesNone = beside < 0 && top !== undefined && indent > top;
    // What stands deeper behind the brace is still in the block that it would close.
    if (closesNone || (isLater && stack.length > 0)) {
      extraClose(growth, part.at);
      return;
    }
    while (beside >= 0 && stack.length > beside + 1) {
      const frame = stack.at(-1);
      if (frame === undefined) break;
      notClosed(growth, frame, 'No brace closes this block before that of the block around it');
    }
  }
  if (stack.length === 0) {
    extraClose(growth, part.at);
    return;
  }
  if (growth.unread === 0 && stack.at(-1)?.unread === undefined) {
    pass(growth, { reason: 'brace', at: part.at });
  }
  pop(growth, part.at.end);
}

function extraClose(growth: Growth, at: Span): void {
  tell(growth, closesNothing(at));
}

/** The text ends: told once, at the block that was opened last. */
function closeRest(growth: Growth): void {
  const { stack } = growth;
  const around = stack.length - 1;
  const blocks = around > 0 ? ` and ${around === 1 ? 'the one' : `the ${around}`} around it` : '';
  const message = `The text ends inside this block${blocks}`;
  let isTold = false;
  while (stack.length > 0) {
    const frame = stack.at(-1);
    if (frame === undefined) return;
    if (isTold || growth.unread > 0) pop(growth, growth.lastEnd);
    else {
      const before = growth.problems.length;
      notClosed(growth, frame, message);
      isTold = growth.problems.length > before;
    }
  }
}

/** Where a dump has nodes of VyOS's root, what stands outside of all blocks is no setting. */
function withoutLoose({ commands, problems, loose }: Growth): readonly Command[] {
  const tops = new Set(commands.map(({ path }) => path[0]?.text ?? ''));
  if (loose.length === 0 || !TOP_LEVEL_WORDS.some((name) => tops.has(name))) return commands;
  for (const index of loose) {
    const at = commands[index]?.at;
    if (at === undefined) continue;
    const hint = 'A setting belongs into a block, such as vpn { ipsec { … } }; a remark begins with //';
    problems.push({ kind: 'unknown-command', message: 'This stands outside of all blocks', hint, at });
  }
  const isLoose = new Set(loose.map((index) => commands[index]?.at.start));
  return commands.filter(({ path: [first], at }) => first?.at.start !== at.start || !isLoose.has(at.start));
}
