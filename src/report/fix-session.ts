import type { Left, Mended, Plan, SitePlan, Step } from '../fix/plan.ts';
import { positionAt } from '../source/index.ts';
import { inert } from './inert.ts';
import { wrapped } from './paper.ts';
import { lettersExplained } from './site-name.ts';

/** Minutes after which VyOS goes back to the saved configuration by itself. */
const minutes = 5;

/**
 * A plan as text to paste: for each site that changes a session of VyOS's configuration mode in two halves, with a
 * remark above the commands of each finding. Nothing of the dumps is anything but a word of a command or part of a
 * remark.
 */
export function renderFixSession(plan: Plan): string {
  const changing = plan.sites.flatMap((site, index) => (site.steps.length > 0 ? [{ site, index }] : []));
  const first = changing.map(({ site, index }) => changeOf(site, index, plan));
  const second = changing.map(({ index }) => confirmationOf(index, plan));
  const blocks = [
    headOf(plan, changing.length),
    // No empty line: it would answer `commit-confirm` with yes where both halves are pasted at once.
    ...first.slice(0, -1),
    ...(changing.length > 0 ? [[...(first.at(-1) ?? []), '#', ...(second[0] ?? [])]] : []),
    ...second.slice(1),
    ...(plan.left.length > 0 ? [leftBlock(plan)] : []),
    ...(plan.notJudged.length > 0 ? [notJudgedBlock(plan)] : []),
  ];
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function headOf(plan: Plan, changing: number): readonly string[] {
  const { left, notJudged, exhaustive, warnings } = plan;
  return [
    ...remark(outcomeOf(plan, changing)),
    ...(left.length > 0 ? remark(`${count(left.length, 'finding')} left for you: see the end.`) : []),
    ...(warnings === 0
      ? []
      : remark(
          `${count(warnings, 'warning')} ${warnings === 1 ? 'remains' : 'remain'}: --fail-on warning mends what can ` +
            `be mended of ${warnings === 1 ? 'it' : 'them'}.`,
        )),
    ...(notJudged.length === 0
      ? []
      : remark(
          'What the dumps do not show is not judged, and may still keep a tunnel down: ' +
            `${[...new Set(notJudged.map(({ why }) => why))].join('; ')}. See the end.`,
        )),
    ...(exhaustive
      ? []
      : remark('There are many ways to mend this; a shorter one may have been passed over.')),
  ];
}

function outcomeOf({ found, mended, sites, warnings, notJudged }: Plan, changing: number): string {
  if (found === 0 && warnings > 0) return 'There is no error to mend.';
  if (found === 0)
    return notJudged.length > 0 ? 'Nothing to mend in what the dumps show.' : 'Nothing to mend.';
  const commands = sites.reduce((sum, { steps }) => sum + steps.length, 0);
  if (commands === 0) return 'No command mends what is wrong.';
  const where = changing === 1 ? 'one site' : `${changing} sites`;
  const verb = commands === 1 ? 'mends' : 'mend';
  return `${count(commands, 'command')} on ${where} ${verb} ${mended} of ${count(found, 'finding')}.`;
}

function changeOf(site: SitePlan, index: number, plan: Plan): readonly string[] {
  const { steps, alsoChanges } = site;
  return [
    heading(labelOf(index, plan)),
    ...(alsoChanges.length > 0
      ? remark(`A group that is changed is used by other peers as well: ${alsoChanges.join(', ')}.`)
      : []),
    'configure',
    ...byFinding(steps, plan).flatMap((group) => stepsLines(group, plan)),
    ...remark(
      `The next command asks whether to proceed: answer y. Unless you confirm within ${minutes} minutes, the router ` +
        'goes back to its saved configuration, in most releases by a reboot. Paste no further than that: what is ' +
        'meant for later would confirm and save before anything was checked.',
    ),
    `commit-confirm ${minutes}`,
  ];
}

/**
 * What follows `commit-confirm`. Pasted with it, it is taken for the answer: 1.4 asks again after each line that is
 * neither yes nor no nor empty (vyos-1x python/vyos/utils/io.py), and 1.3 takes the first y or n of the text, which
 * must be an n (vyatta-config-mgmt.pl, Prompt's -y1).
 */
const onlyWhenUp = 'only when the tunnel is up';

function confirmationOf(index: number, plan: Plan): readonly string[] {
  return [
    heading(`${onlyWhenUp}: ${labelOf(index, plan)}`),
    ...remark(
      'Check from operational mode, once all sites are changed: "show vpn ike sa" and "show vpn ipsec sa" show the ' +
        'tunnels up. Only then paste this; before "confirm" nothing must be saved.',
    ),
    'confirm',
    'save',
    'exit',
  ];
}

/** Steps that stand together and mend the same. */
function byFinding(steps: readonly Step[], plan: Plan): readonly (readonly [Step, ...Step[]])[] {
  const groups: [Step, ...Step[]][] = [];
  for (const step of steps) {
    const last = groups.at(-1);
    const same = last && purposeOf(last[0], plan) === purposeOf(step, plan);
    if (same) last.push(step);
    else groups.push([step]);
  }
  return groups;
}

function stepsLines(steps: readonly [Step, ...Step[]], plan: Plan): readonly string[] {
  return [
    ...remark(purposeOf(steps[0], plan)),
    ...steps.flatMap(({ verb, words, weakens, replaces }) => [
      ...(replaces.length > 0 ? remark('The line of the dump that this replaces is refused by VyOS.') : []),
      ...(weakens === null ? [] : remark(`Mind: ${weakens}.`)),
      shellCommand(verb, words),
    ]),
  ];
}

function leftBlock(plan: Plan): readonly string[] {
  return [heading('left for you'), ...plan.left.flatMap((left) => leftLines(left, plan))];
}

function notJudgedBlock(plan: Plan): readonly string[] {
  return [
    heading('not judged'),
    ...plan.notJudged.flatMap(({ why, a, b, places }) => [
      ...remark(
        `${labelOf(a.site, plan)} peer ${a.peer} and ${labelOf(b.site, plan)} peer ${b.peer}: ${why}. ` +
          'This is neither a pass nor a fault.',
      ),
      ...places.map(({ site, at, path }) =>
        remarkLine(
          `    ${labelOf(site, plan)}, line ${positionAt(at.file, at.start).line}: ${path.join(' ')}`,
        ),
      ),
    ]),
  ];
}

const reasons: Readonly<Record<Left['why'], string>> = {
  'no-command': '',
  'other-site': ' A command would mend it on a site that --on does not allow:',
  'not-clean': ' A command that would mend it breaks something else:',
};

function leftLines(left: Left, plan: Plan): readonly string[] {
  const { ruleId, sites, todo, why, commands } = left;
  const where = sites.map((site) => labelOf(site, plan)).join(' and ');
  return [
    ...remark(`${ruleId}, on ${where}: ${messageOf(left, plan)}. ${todo}${reasons[why]}`),
    ...commands.flatMap((each) =>
      each.commands.map((command) => remarkLine(`    ${labelOf(each.site, plan)}: ${command}`)),
    ),
  ];
}

/** What a command is for, as its remark says. */
function purposeOf({ mends }: Step, plan: Plan): string {
  return `${mends.ruleId}: ${messageOf(mends, plan)}`;
}

function messageOf({ message, link }: Mended, { sites }: Plan): string {
  return `${message}${lettersExplained(link, sites)}`;
}

/** `hq (hq.conf)` */
function labelOf(index: number, { sites }: Plan): string {
  const { called = '', file } = sites[index] ?? {};
  return `${called} (${file?.name ?? called})`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function heading(text: string): string {
  return remarkLine(`---- ${text} ----`);
}

/** Columns of a remark, its sign included. */
const columns = 100;

/** Prose as remarks, broken at spaces. */
function remark(text: string): readonly string[] {
  return wrapped(text, columns - '# '.length).map(remarkLine);
}

/**
 * A comment that can be pasted into VyOS's shell: on one line, without what the line editor of VyOS acts on while it is
 * typed (`?` and the tab ask for help), or what a shell expands in a line before it reads it (`!`).
 */
function remarkLine(text: string): string {
  return `# ${inert(text).replaceAll('?', '.').replaceAll('!', '.')}`;
}

/** A command for VyOS's shell, which is bash: nothing in a word is read as anything but itself. */
export function shellCommand(verb: string, words: readonly string[]): string {
  return [verb, ...words.map(shellWord)].join(' ');
}

function shellWord(word: string, index: number, all: readonly string[]): string {
  if (index < all.length - 1 && /^[\w@%+:,./-][\w@%+=:,./-]*$/.test(word)) return word;
  // `?` cannot be typed; bash takes it by its number, and a control character too.
  const special = /[?'\p{Cc}]/u;
  if (!special.test(word)) return `'${word}'`;
  const coded = word.replace(/[\\'?\p{Cc}]/gu, (character) =>
    character === '\\' ? '\\\\' : `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`,
  );
  return `$'${coded}'`;
}
