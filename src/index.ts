/**
 * The library: the texts of two (or more) dumps in, a report out. It reads no file and no environment; that is the
 * command's.
 */
import { printCommand, readSetDump } from '../grammar/index.ts';
import { planFix } from './fix/index.ts';
import type { FixOptions, Plan, SitePlan } from './fix/plan.ts';
import { rewritten } from './fix/rewrite.ts';
import { lint as run } from './lint/lint.ts';
import type { Report, Tool } from './lint/report.ts';
import { linkSites } from './pairing/link.ts';
import { inert } from './report/index.ts';
import { rules } from './rules/index.ts';
import { sourceFile } from './source/index.ts';
import { loadSite } from './vyos/connections.ts';
import { readSite } from './vyos/read-site.ts';
import { renderSwanctl } from './vyos/render.ts';
import type { Site } from './vyos/site.ts';

export type { FixOptions, Left, Plan, SitePlan, Step } from './fix/plan.ts';
export type { Finding, Fix, IkeError, Location, Severity } from './lint/finding.ts';
export type { Report, ReportLink, ReportSite, UnpairedPeer } from './lint/report.ts';
export { formats } from './report/index.ts';

/** One dump: the name that the report calls its file by, and its text (`show configuration commands`). */
export interface Input {
  readonly file: string;
  readonly text: string;
  /** What the site is called. Default: the file's name without folder and extension. */
  readonly name?: string;
}

/** Put in by scripts/build.js; sources that run unbundled, as in tests, have none. */
declare const VYOS_IPSEC_LINT_VERSION: string | undefined;
declare const VYOS_IPSEC_LINT_HOME: string | undefined;
const version = typeof VYOS_IPSEC_LINT_VERSION === 'string' ? VYOS_IPSEC_LINT_VERSION : '0.0.0';
const home = typeof VYOS_IPSEC_LINT_HOME === 'string' ? VYOS_IPSEC_LINT_HOME : '';

/** Who made a report. */
export const tool: Tool = { name: 'vyos-ipsec-lint', version, home };

/** Reads the dumps, pairs their peers, negotiates each link in both directions and runs every rule. Never throws. */
export function lint(inputs: readonly Input[]): Report {
  return run(linkSites(inputs.map(siteOf)), rules, tool);
}

/**
 * The swanctl.conf that VyOS writes for a dump's peers: what the negotiation is worked out from. Secrets are masked; a
 * control character is shown as its number.
 */
export function render(input: Input): string {
  return renderSwanctl(loadSite(siteOf(input)))
    .split('\n')
    .map(inert)
    .join('\n');
}

/**
 * The fewest commands that mend the pair (or the network), and what they leave to a person. Nothing is changed:
 * `rewrite` gives the texts. Never throws.
 */
export function fix(inputs: readonly Input[], options: FixOptions = {}): Plan {
  return planFix(inputs.map(siteOf), { rules, tool }, options);
}

/**
 * The text of a dump with the commands of its part of a plan worked into it: everything that they do not change stays
 * character for character, a byte order mark too. The plan must be that of this very text.
 */
export function rewrite(input: Input, { steps }: Pick<SitePlan, 'steps'>): string {
  const site = siteOf(input);
  const mark = input.text.slice(0, input.text.length - site.file.text.length);
  const read = (text: string) => readSetDump(sourceFile(input.file, text));
  return mark + rewritten(site, steps, { read, print: printCommand });
}

function siteOf({ file, text, name }: Input): Site {
  return readSite(name ?? siteName(file), readSetDump(sourceFile(file, text)));
}

function siteName(file: string): string {
  const base = file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
  return base.replace(/\.[^.]+$/, '') || base;
}
