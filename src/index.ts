/**
 * The library: the texts of two (or more) dumps in, a report out. It reads no file and no environment; that is the
 * command's.
 */
import { readSetDump } from '../grammar/index.ts';
import { lint as run } from './lint/lint.ts';
import type { Report, Tool } from './lint/report.ts';
import { noSettings, type Settings } from './lint/settings.ts';
import type { Expectation } from './pairing/knowledge.ts';
import { linkSites } from './pairing/link.ts';
import { inert } from './report/inert.ts';
import { rules } from './rules/index.ts';
import { sourceFile } from './source/index.ts';
import { loadSite } from './vyos/connections.ts';
import { readSite } from './vyos/read-site.ts';
import { renderSwanctl } from './vyos/render.ts';
import type { Release } from './vyos/schema/index.ts';
import type { Site } from './vyos/site.ts';

export type { Finding, Fix, IkeError, Location, Severity } from './lint/finding.ts';
export type {
  Report,
  ReportLink,
  ReportRule,
  ReportSite,
  SuppressedFinding,
  Suppression,
  Tool,
  UnpairedPeer,
} from './lint/report.ts';
export type { Ignore, Settings } from './lint/settings.ts';
export type { Expectation, ExpectedEnd } from './pairing/knowledge.ts';
export { formats } from './report/index.ts';

/** One dump: the name that the report calls its file by, and its text (`show configuration commands`). */
export interface Input {
  readonly file: string;
  readonly text: string;
  /** What the site is called. Default: the file's name without folder and extension. */
  readonly name?: string | undefined;
  /** The release of VyOS that the router runs. Default: 1.4. */
  readonly release?: Release | undefined;
  /** The address at which a NAT shows the router to the world. Default: a NAT is assumed where there must be one. */
  readonly publicAddress?: string | undefined;
}

/** What the user knows of the network and wants to see of what is found. Default: nothing, and everything. */
export interface LintOptions extends Partial<Settings> {
  /** What is expected of links: whether they are there, and up. */
  readonly expectations?: readonly Expectation[];
}

/** Put in by scripts/build.js; sources that run unbundled, as in tests, have none. */
declare const VYOS_IPSEC_LINT_VERSION: string | undefined;
declare const VYOS_IPSEC_LINT_HOME: string | undefined;
const version = typeof VYOS_IPSEC_LINT_VERSION === 'string' ? VYOS_IPSEC_LINT_VERSION : '0.0.0';
const home = typeof VYOS_IPSEC_LINT_HOME === 'string' ? VYOS_IPSEC_LINT_HOME : '';

/** Who made a report. */
export const tool: Tool = { name: 'vyos-ipsec-lint', version, home };

/** Reads the dumps, pairs their peers, negotiates each link in both directions and runs every rule. Never throws. */
export function lint(inputs: readonly Input[], options: LintOptions = {}): Report {
  const { expectations = [], ...settings } = options;
  const publicAddresses = inputs.map(({ publicAddress }) => publicAddress);
  const network = linkSites(inputs.map(siteOf), { publicAddresses, expectations });
  return run(network, rules, tool, { ...noSettings, ...settings });
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

function siteOf({ file, text, name, release }: Input): Site {
  return readSite(name ?? siteName(file), readSetDump(sourceFile(file, text)), release);
}

function siteName(file: string): string {
  const base = file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
  return base.replace(/\.[^.]+$/, '') || base;
}
