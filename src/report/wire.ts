import type { Finding } from '../lint/finding.ts';
import type { LinkEnds, Report } from '../lint/report.ts';
import { lettersOfFinding } from './site-name.ts';

/** What goes over the wire: `IKE_SA_INIT → NO_PROPOSAL_CHOSEN`; empty where nothing does. */
export function wireText({ exchange, ikeError }: Finding, arrow: string): string {
  return wireOf(exchange, ikeError?.notify ?? null, arrow);
}

/** The same with the notify's number, for texts that programs and searches go through. */
function numberedWire({ exchange, ikeError }: Finding, arrow: string): string {
  return wireOf(exchange, ikeError && `${ikeError.notify} (${ikeError.code})`, arrow);
}

function wireOf(exchange: string | null, notify: string | null, arrow: string): string {
  return [exchange, notify].filter((part) => part !== null).join(` ${arrow} `);
}

/**
 * The message, who A and B are where the report leaves that open, and what goes over the wire, as formats without a
 * layout of their own show it.
 */
export function messageWithWire(finding: Finding, report: Report, arrow = '→'): string {
  const wire = numberedWire(finding, arrow);
  const message = `${finding.message}${lettersOfFinding(finding, report)}`;
  return wire === '' ? message : `${message} (${wire})`;
}

/** In which calls it bites: `whichever side initiates`; empty where it bites in none. */
export function directionText({ initiators }: Finding, link: LinkEnds): string {
  const [only, ...others] = initiators;
  if (only === undefined) return '';
  return others.length > 0 ? 'whichever side initiates' : `when ${link[only].name} initiates`;
}
