/**
 * The library: the texts of two (or more) dumps in, a report out. It reads no file, no environment and no clock, and
 * keeps nothing between two calls; files and terminals are the command's.
 *
 * No text makes it throw. What cannot be read of a dump, or judged, is told by findings like all else (`syntax-error`,
 * `not-judged`); dumps without a tunnel, or whose peers do not face each other, give a report whose `links` are empty.
 * Only a call that its types forbid may throw a TypeError.
 */
import { printCommand, readConfigDump, readDump, readSetDump } from '../grammar/index.ts';
import { planFix } from './fix/index.ts';
import type { FixOptions, Plan, SitePlan } from './fix/plan.ts';
import { rewritten } from './fix/rewrite.ts';
import type { Course } from './lint/course.ts';
import { discreetly } from './lint/discreetly.ts';
import { courseOf } from './lint/follow.ts';
import { lint as run } from './lint/lint.ts';
import type { Report, Tool } from './lint/report.ts';
import { noSettings, type Settings } from './lint/settings.ts';
import type { Expectation } from './pairing/expectation.ts';
import type { Knowledge, PeerKnowledge } from './pairing/knowledge.ts';
import { linkSites } from './pairing/link.ts';
import { inert } from './report/inert.ts';
import { rules } from './rules/index.ts';
import { siteName, sourceFile } from './source/index.ts';
import { loadSite } from './strongswan/load-site.ts';
import type { ConfNotation } from './strongswan/notation.ts';
import { renderConf } from './strongswan/render.ts';
import { readSite } from './vyos/read-site.ts';
import { rooted } from './vyos/rooted.ts';
import type { Release } from './vyos/schema/node.ts';
import { guardOf } from './vyos/secret-places.ts';
import type { Site } from './vyos/site.ts';

export type { FixOptions, Left, Mended, NotJudged, Plan, Preference, SitePlan, Step } from './fix/plan.ts';
export type {
  ChildOutcome,
  Established,
  Exchange,
  Failed,
  Failure,
  LaterFailure,
  Log,
  Negotiation,
  Notify,
  Reason,
  Role,
  Side,
  Unknown,
} from './ike/outcome.ts';
export type {
  ChildCourse,
  Clock,
  Course,
  DirectionCourse,
  LadderEnd,
  LinkCourse,
  Message,
  Payload,
  RekeyFate,
  Sequence,
  Timeline,
  TimelineEnd,
  WireExchange,
} from './lint/course.ts';
export type { Finding, Fix, IkeError, Location, Severity } from './lint/finding.ts';
export type {
  LinkEnds,
  Report,
  ReportLink,
  ReportRule,
  ReportSite,
  RuleSource,
  SuppressedFinding,
  Suppression,
  Tool,
  UnpairedPeer,
} from './lint/report.ts';
export type { Ignore, Settings } from './lint/settings.ts';
export type { Expectation, ExpectedEnd } from './pairing/expectation.ts';
export type { Counterpart, PeerKnowledge } from './pairing/knowledge.ts';
export type { CourseFormat, CourseFormatName, CourseOptions } from './report/course-format.ts';
export { courseFormats } from './report/course-formats.ts';
export type { Format, FormatName, FormatOptions } from './report/index.ts';
export { formats } from './report/index.ts';
export type { Position, SourceFile, Span } from './source/index.ts';
export { positionAt } from './source/index.ts';
export type { Release } from './vyos/schema/node.ts';

/** One dump: the name that the report calls its file by, and its text, as `set` commands or in braces. */
export interface Input {
  /** Any name: no file is read. Names are compared as they are. */
  readonly file: string;
  /** The whole text, decoded; lines end with LF, CRLF or a lone CR. */
  readonly text: string;
  /** What the site is called. Default: the file's name without folder and extension. */
  readonly name?: string | undefined;
  /**
   * The release of VyOS that the router runs. Default: what the dump tells by its footer or its nodes, else 1.4.
   */
  readonly release?: Release | undefined;
  /** The address at which a NAT shows the router to the world. Default: a NAT is assumed where there must be one. */
  readonly publicAddress?: string | undefined;
  /** Whom its peers face, where the dumps do not tell. */
  readonly peers?: readonly PeerKnowledge[] | undefined;
}

/** What the user knows of the network and wants to see of what is found. Default: nothing, and everything. */
export interface LintOptions extends Partial<Settings> {
  /** What is expected of links: whether they are there, and up. */
  readonly expectations?: readonly Expectation[];
  /** Told of each dump that was read, and of each link that was judged. */
  readonly onProgress?: (progress: Progress) => void;
}

/** How far a run is: `done` of `total` dumps or links. */
export interface Progress {
  readonly stage: 'reading' | 'judging';
  readonly done: number;
  readonly total: number;
}

/** Put in by scripts/build.js; sources that run unbundled, as in tests, have none. */
declare const VYOS_IPSEC_LINT_VERSION: string | undefined;
declare const VYOS_IPSEC_LINT_HOME: string | undefined;
const version = typeof VYOS_IPSEC_LINT_VERSION === 'string' ? VYOS_IPSEC_LINT_VERSION : '0.0.0';
const home = typeof VYOS_IPSEC_LINT_HOME === 'string' ? VYOS_IPSEC_LINT_HOME : '';

/** Who made a report. */
export const tool: Tool = { name: 'vyos-ipsec-lint', version, home };

/**
 * Reads the dumps, pairs their peers, negotiates each link in both directions and runs every rule. What comes out is
 * plain data. The ends `a` and `b` of a link are in the order of `inputs`; sites and links are named by their
 * index. No text makes it throw.
 */
export function lint(inputs: readonly Input[], options: LintOptions = {}): Report {
  const { expectations = [], onProgress = () => {}, ...settings } = options;
  const knowledge = knowledgeOf(inputs, expectations);
  const sites = inputs.map((input, index) => {
    const site = siteOf(input);
    onProgress({ stage: 'reading', done: index + 1, total: inputs.length });
    return site;
  });
  const network = linkSites(sites, knowledge, (done, total) => onProgress({ stage: 'judging', done, total }));
  return run(network, rules, tool, { ...noSettings, ...settings });
}

/**
 * Follows every negotiation between the peers of the dumps that face each other, as `vyos-ipsec-lint negotiate` does:
 * the messages of each direction and where they stop, the rekeys, and when the timers fire. Of `options` it takes what
 * is expected of links: peers that are both named there face each other. Plain data; no text makes it throw.
 */
export function negotiate(
  inputs: readonly Input[],
  { expectations = [] }: Pick<LintOptions, 'expectations'> = {},
): Course {
  const network = linkSites(inputs.map(siteOf), knowledgeOf(inputs, expectations));
  const course = courseOf(network, rules, run(network, rules, tool));
  return discreetly(course, guardOf(network.sites.map(({ site }) => site.dump)));
}

/** How `render` prints. Default: as swanctl.conf. */
export interface RenderOptions {
  /** `ipsec.conf`, with ipsec.secrets, is what VyOS 1.2 and 1.3 write; of 1.2 it is known from its source alone. */
  readonly as?: ConfNotation | undefined;
}

/**
 * The swanctl.conf that VyOS writes for a dump's peers, or that what it writes amounts to: what the negotiation is worked
 * out from. Secrets are masked; a control character is shown as its number.
 */
export function render(input: Input, { as: notation }: RenderOptions = {}): string {
  const site = siteOf(input);
  return guardOf([site.dump])
    .discreet(renderConf(loadSite(site), notation))
    .split('\n')
    .map(inert)
    .join('\n');
}

/**
 * The fewest commands that mend the pair (or the network), and what they leave to a person. Nothing is changed:
 * `rewrite` gives the texts. What is not to be seen by `options` is not mended. No text makes it throw.
 */
export function fix(inputs: readonly Input[], options: FixOptions & LintOptions = {}): Plan {
  const { expectations = [], sites, failOn, prefer, ...settings } = options;
  const knowledge = knowledgeOf(inputs, expectations);
  const lintSites = (all: readonly Site[]) => {
    const network = linkSites(all, knowledge);
    return { network, report: run(network, rules, tool, { ...noSettings, ...settings }) };
  };
  const all = inputs.map(siteOf);
  const plan = planFix(all, { rules, lint: lintSites }, { sites, failOn, prefer });
  return discreetly(plan, guardOf(all.map(({ dump }) => dump)));
}

/**
 * The text of a dump with the commands of its part of a plan worked into it: everything that they do not change stays
 * character for character, a byte order mark too. The plan must be that of this very text.
 */
export function rewrite(input: Input, { steps }: Pick<SitePlan, 'steps'>): string {
  const site = siteOf(input);
  const mark = input.text.slice(0, input.text.length - site.file.text.length);
  const reader = site.dump.notation === 'set' ? readSetDump : readConfigDump;
  const read = (text: string) => rooted(reader(sourceFile(input.file, text)));
  return mark + rewritten(site, steps, { read, print: printCommand });
}

function knowledgeOf(inputs: readonly Input[], expectations: readonly Expectation[]): Knowledge {
  return {
    publicAddresses: inputs.map(({ publicAddress }) => publicAddress),
    peers: inputs.map(({ peers }) => peers),
    expectations,
  };
}

function siteOf({ file, text, name, release }: Input): Site {
  return readSite(name ?? siteName(file), rooted(readDump(sourceFile(file, text))), release);
}
