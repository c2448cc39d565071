/** From a random site to what is found of it. */
import { readSetDump } from '../../grammar/index.ts';
import { tool } from '../../src/index.ts';
import { lint } from '../../src/lint/lint.ts';
import type { Report } from '../../src/lint/report.ts';
import { linkSites, type Network } from '../../src/pairing/link.ts';
import { rules } from '../../src/rules/index.ts';
import { sourceFile } from '../../src/source/index.ts';
import { readSite } from '../../src/vyos/read-site.ts';
import type { Site } from '../../src/vyos/site.ts';
import { type SiteSpec, toDump } from '../arbitrary/site.ts';

export interface Judged {
  readonly network: Network;
  readonly report: Report;
}

export function siteOf(name: string, spec: SiteSpec): Site {
  return readSite(name, readSetDump(sourceFile(`${name}.conf`, toDump(spec))));
}

export function judge(...sites: readonly Site[]): Judged {
  const network = linkSites(sites);
  return { network, report: lint(network, rules, tool) };
}
