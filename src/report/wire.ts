import type { Finding } from '../lint/finding.ts';
import type { Report } from '../lint/report.ts';
import { lettersOfFinding } from './site-letter.ts';

/** What goes over the wire: `IKE_SA_INIT → NO_PROPOSAL_CHOSEN (14)`; empty where nothing does. */
export function wireText({ exchange, ikeError }: Finding, arrow: string): string {
  const notify = ikeError === null ? null : `${ikeError.notify} (${ikeError.code})`;
  return [exchange, notify].filter((part) => part !== null).join(` ${arrow} `);
}

/**
 * The message, who A and B are where the report leaves that open, and what goes over the wire, as formats without a
 * layout of their own show it.
 */
export function messageWithWire(finding: Finding, report: Report, arrow = '→'): string {
  const wire = wireText(finding, arrow);
  const message = `${finding.message}${lettersOfFinding(finding, report)}`;
  return wire === '' ? message : `${message} (${wire})`;
}

/** In which calls it bites: `whichever side initiates`; empty where it bites in none. */
export function directionText({ initiators }: Finding): string {
  const [only, ...others] = initiators;
  if (only === undefined) return '';
  return others.length > 0 ? 'whichever side initiates' : `when ${only.toUpperCase()} initiates`;
}
