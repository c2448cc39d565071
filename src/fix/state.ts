import type { Command, Word } from '../../grammar/command.ts';
import type { Finding, Fix } from '../lint/finding.ts';
import type { Report } from '../lint/report.ts';
import { type SourceFile, type Span, span } from '../source/index.ts';
import type { LoadedSite } from '../strongswan/load-site.ts';
import { readCommand } from '../vyos/command.ts';
import { readSite } from '../vyos/read-site.ts';
import type { Site } from '../vyos/site.ts';
import { configurationOf } from './configuration.ts';
import type { Mended } from './plan.ts';

/** A command that was chosen, for whom, and where. */
interface Choice {
  readonly site: number;
  readonly command: string;
  readonly mends: Mended;
  /**
   * The fingerprint of the finding for which it was chosen, and which of its alternatives it belongs to. It stands or
   * falls with the others of that.
   */
  readonly origin: string;
  readonly replaces: readonly Span[];
}

/** Commands after those of the dumps, in their order. */
export type Choices = readonly Choice[];

/** Two lists of choices that leave the same configuration, whatever they were chosen for. */
export function keyOf(choices: Choices): string {
  return choices
    .map(({ site, command }) => `${site} ${command}`)
    .toSorted()
    .join('\n');
}

/** What a plan tells of a finding of the report. */
export function mendedOf({ ruleId, severity, message, link }: Finding, report: Report): Mended {
  const ends = link === null ? undefined : report.links[link];
  return { ruleId, severity, message, link: ends ? { a: ends.a, b: ends.b } : null };
}

/**
 * The choices that an alternative of a finding of the report adds; undefined where all of them were made before.
 */
export function withFix(
  choices: Choices,
  finding: Finding,
  fixes: readonly Fix[],
  report: Report,
): Choices | undefined {
  const { fingerprint } = finding;
  const mends = mendedOf(finding, report);
  const origin = JSON.stringify([fingerprint, fixes.map(({ site, commands }) => [site, commands])]);
  const added = fixes.flatMap(({ site, commands, replaces = [] }) =>
    commands.map(
      (command, index): Choice => ({
        site,
        command,
        mends,
        origin,
        // Where each line has its own successor they go in pairs, else the first stands for all.
        replaces:
          replaces.length === commands.length
            ? replaces.slice(index, index + 1)
            : index === 0
              ? replaces
              : [],
      }),
    ),
  );
  const before = new Set(choices.map(({ site, command }) => `${site} ${command}`));
  const isNew = added.some(({ site, command }) => !before.has(`${site} ${command}`));
  return isNew ? [...choices, ...added] : undefined;
}

/** The sites with the commands typed in. A site that nothing was chosen for is the same value. */
export function applied(sites: readonly Site[], choices: Choices): readonly Site[] {
  return sites.map((site, index) => {
    const own = choices.filter((choice) => choice.site === index);
    return own.length === 0 ? site : withCommands(site, own);
  });
}

function withCommands(site: Site, choices: Choices): Site {
  const { dump, name, release, releaseReason } = site;
  const replaced = new Set(choices.flatMap(({ replaces }) => replaces.map(({ start }) => start)));
  const kept = dump.commands.filter(({ at }) => !replaced.has(at.start));
  const added: Command[] = [];
  // Places are told apart by their offsets: each word has one of its own, behind the end of the dump.
  let offset = dump.file.text.length;
  for (const { command } of choices) {
    const parsed = commandAt(dump.file, offset, command);
    added.push(parsed);
    offset = parsed.at.end + 1;
  }
  return readSite(name, { ...dump, commands: [...kept, ...added] }, { release, releaseReason });
}

/**
 * Choices, from the one at `keep` on without those that change nothing: what a later one sets anew, or what is there
 * anyway. `sites` are those with all of the choices typed in.
 */
export function withoutIdle(choices: Choices, keep: number, sites: readonly LoadedSite[]): Choices {
  const idle = new Set<Choice>();
  for (const [
    index,
    {
      site: { dump, release },
    },
  ] of sites.entries()) {
    const own = choices.filter(({ site }) => site === index);
    // They stand behind all others, in their order: see withCommands.
    const first = dump.commands.length - own.length;
    let commands = dump.commands;
    const wanted = own.length === 0 ? '' : configurationOf(commands, release);
    for (const [place, choice] of own.entries()) {
      if (choices.indexOf(choice) < keep || choice.replaces.length > 0) continue;
      const typed = dump.commands[first + place];
      const others = commands.filter((command) => command !== typed);
      if (configurationOf(others, release) !== wanted) continue;
      idle.add(choice);
      commands = others;
    }
  }
  return choices.filter((choice) => !idle.has(choice));
}

function commandAt(file: SourceFile, start: number, text: string): Command {
  const { verb, words } = readCommand(text);
  const path = words.map(
    (word, index): Word => ({
      text: word,
      quoted: false,
      at: span(file, start + index + 1, start + index + 2),
    }),
  );
  return { verb, path, at: span(file, start, start + words.length + 1) };
}
