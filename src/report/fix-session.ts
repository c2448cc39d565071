import type { Left, Mended, Plan, SitePlan, Step } from '../fix/plan.ts';
import { inert } from './inert.ts';
import { lettersExplained } from './site-letter.ts';

/** Minutes after which VyOS goes back to the saved configuration by itself. */
const minutes = 5;

/**
 * A plan as text to paste: for each site that changes a session of VyOS's configuration mode, with a comment before
 * each command. Nothing of the dumps is anything but a word of a command or part of a comment.
 */
export function renderFixSession(plan: Plan): string {
  const changing = plan.sites.flatMap((site, index) => (site.steps.length > 0 ? [{ site, index }] : []));
  const blocks = [
    headOf(plan, changing.length),
    ...changing.map(({ site, index }) => sessionOf(site, index, plan)),
    ...(plan.left.length > 0 ? [leftBlock(plan)] : []),
  ];
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function headOf({ found, mended, left, sites, exhaustive }: Plan, changing: number): readonly string[] {
  if (found === 0) return ['# Nothing to mend.'];
  const commands = sites.reduce((sum, { steps }) => sum + steps.length, 0);
  const where = changing === 1 ? 'one site' : `${changing} sites`;
  const what =
    commands === 0
      ? 'No command mends what is wrong.'
      : `${count(commands, 'command')} on ${where} ${commands === 1 ? 'mends' : 'mend'} ${mended} of ${count(found, 'finding')}.`;
  return [
    remark(what),
    ...(left.length > 0 ? [remark(`${count(left.length, 'finding')} left for you: see the end.`)] : []),
    ...(exhaustive
      ? []
      : [remark('There are many ways to mend this; a shorter one may have been passed over.')]),
  ];
}

function sessionOf(site: SitePlan, index: number, plan: Plan): readonly string[] {
  const { steps, alsoChanges } = site;
  return [
    remark(`---- ${labelOf(index, plan)} ----`),
    ...(alsoChanges.length > 0
      ? [remark(`A group that is changed is used by other peers as well: ${alsoChanges.join(', ')}.`)]
      : []),
    'configure',
    ...steps.flatMap((step) => stepLines(step, plan)),
    remark(
      `The next command asks whether to proceed: answer y. Unless you confirm within ${minutes} minutes, the`,
    ),
    remark('router goes back to its saved configuration, in most releases by a reboot.'),
    `commit-confirm ${minutes}`,
    '',
    remark(
      `Now check from operational mode, once all sites are changed: "show vpn ike sa" and "show vpn ipsec sa"`,
    ),
    remark('show the tunnels up. Only then paste the rest; before "confirm" nothing must be saved.'),
    'confirm',
    'save',
    'exit',
  ];
}

function stepLines({ verb, words, mends, weakens, replaces }: Step, plan: Plan): readonly string[] {
  return [
    remark(`${mends.ruleId}: ${messageOf(mends, plan)}`),
    ...(replaces.length > 0 ? [remark('The line of the dump that this replaces is refused by VyOS.')] : []),
    ...(weakens === null ? [] : [remark(`Mind: ${weakens}.`)]),
    shellCommand(verb, words),
  ];
}

function leftBlock(plan: Plan): readonly string[] {
  return [remark('---- left for you ----'), ...plan.left.flatMap((left) => leftLines(left, plan))];
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
    remark(`${ruleId}, on ${where}: ${messageOf(left, plan)}. ${todo}${reasons[why]}`),
    ...commands.flatMap((each) =>
      each.commands.map((command) => remark(`    ${labelOf(each.site, plan)}: ${command}`)),
    ),
  ];
}

function messageOf({ message, link }: Mended, { sites }: Plan): string {
  return `${message}${lettersExplained(link, sites)}`;
}

/** `A (siteA.conf)`; of more than two sites the name. */
function labelOf(index: number, { sites }: Plan): string {
  const { name = '', file } = sites[index] ?? {};
  return sites.length === 2
    ? `${'AB'.charAt(index)} (${file?.name ?? name})`
    : `${name} (${file?.name ?? name})`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/**
 * A comment that can be pasted into VyOS's shell: on one line, without what the line editor of VyOS acts on while it is
 * typed (`?` and the tab ask for help), or what a shell expands in a line before it reads it (`!`).
 */
function remark(text: string): string {
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
