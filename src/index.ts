/**
 * The library: the texts of two (or more) dumps in, a report out. It reads no file and no environment; that is the
 * command's.
 */
import { readSetDump } from '../grammar/index.ts';
import { lint as run } from './lint/lint.ts';
import type { Report, Tool } from './lint/report.ts';
import { linkSites } from './pairing/link.ts';
import { inert } from './report/inert.ts';
import { rules } from './rules/index.ts';
import { sourceFile } from './source/index.ts';
import { loadSite } from './vyos/connections.ts';
import { readSite } from './vyos/read-site.ts';
import { renderSwanctl } from './vyos/render.ts';

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
  const sites = inputs.map(({ file, text, name }) =>
    readSite(name ?? siteName(file), readSetDump(sourceFile(file, text))),
  );
  return run(linkSites(sites), rules, tool);
}

/**
 * The swanctl.conf that VyOS writes for a dump's peers: what the negotiation is worked out from. Secrets are masked; a
 * control character is shown as its number.
 */
export function render({ file, text, name }: Input): string {
  const site = readSite(name ?? siteName(file), readSetDump(sourceFile(file, text)));
  return renderSwanctl(loadSite(site)).split('\n').map(inert).join('\n');
}

function siteName(file: string): string {
  const base = file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
  return base.replace(/\.[^.]+$/, '') || base;
}
