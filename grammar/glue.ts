import { TOP_LEVEL_WORDS } from '../src/source/top-level-nodes.ts';

const COMMAND_HEAD = `(set|delete)[^\\S\\r\\n]+(?:${TOP_LEVEL_WORDS.join('|')})(?!\\S)`;

/** English words that end like a verb: `# To reset vpn …` and `zone asset policy` are no commands. */
const WHOLE_WORDS =
  /(?:^|[^\p{L}])(?:re|un|pre|off|sub|super|as|data|up|on|out|in|char|mind|sun|tool)set$|(?:^|[^\p{L}])undelete$/iu;

/** The verb of a command that begins right here, where no blank precedes it: it must go on with a node of the root. */
export function gluedVerbAt(text: string, offset: number): string | undefined {
  const head = new RegExp(COMMAND_HEAD, 'y');
  head.lastIndex = offset;
  return head.exec(text)?.[1];
}

/** Where a word without quotes ends, if the next line's command was glued to it: `rule 10 excludeset nat …`. */
export function bareWordEnd(text: string, start: number, end: number): number {
  for (const verb of ['set', 'delete']) {
    const verbStart = end - verb.length;
    if (verbStart <= start || !text.startsWith(verb, verbStart)) continue;
    if (!/[\p{L}\p{N}]/u.test(text.charAt(verbStart - 1))) continue;
    if (WHOLE_WORDS.test(text.slice(Math.max(start, verbStart - 12), end))) continue;
    if (gluedVerbAt(text, verbStart) === verb) return verbStart;
  }
  return end;
}

/**
 * Where free text that began at `start` ends: at the end of the line, or where a command was glued to it.
 * A verb with a blank before it is part of the text: `# now set vpn …` stays a comment.
 */
export function remarkEnd(text: string, start: number): number {
  const stop = new RegExp(`[\\r\\n]|${COMMAND_HEAD}`, 'g');
  stop.lastIndex = start;
  for (let found = stop.exec(text); found !== null; found = stop.exec(text)) {
    const verb = found[1];
    if (verb === undefined || isEndOfRemark(text, start, found.index, verb)) return found.index;
  }
  return text.length;
}

function isEndOfRemark(text: string, start: number, offset: number, verb: string): boolean {
  const last = text.charAt(offset - 1);
  if (offset <= start || /\s/.test(last)) return false;
  if (/[\p{L}\p{N}]/u.test(last)) {
    return !WHOLE_WORDS.test(text.slice(Math.max(start, offset - 12), offset) + verb);
  }
  if (/[)\]}>.!?:;,%]/.test(last)) return true;
  if (/['"`]/.test(last)) return offset - 2 > start && /[^\s([{<]/.test(text.charAt(offset - 2));
  if (/[-=*_~#]/.test(last)) return isClosingRule(text, start, offset);
  return last > '~' && !/[‘‚“„«‹]/.test(last);
}

/** `# --- IKE ---set vpn …` was two lines; `###set vpn …` is a command that was commented out. */
function isClosingRule(text: string, start: number, offset: number): boolean {
  let ruleStart = offset - 1;
  while (ruleStart > start && text[ruleStart - 1] === text[offset - 1]) ruleStart -= 1;
  return offset - ruleStart >= 3 && /[\p{L}\p{N}]/u.test(text.slice(start, ruleStart));
}
