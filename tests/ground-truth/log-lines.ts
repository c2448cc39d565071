/** Whether both operators will find the lines that a forecast names, in their order. */
import type { Log, Role } from '../../src/ike/outcome.ts';
import type { Logs } from './diagnose.ts';

export interface MissingLine {
  readonly role: Role;
  readonly line: string;
}

/** The laboratory gives up sooner than a router, and message ids are random. */
function normalised(line: string): string {
  return line
    .replace(/giving up after \d+ retransmits/, 'giving up after N retransmits')
    .replace(/message ID \d+/, 'message ID N')
    .trimEnd();
}

/** The first line of each end that is not where the forecast has it. charon's own lines begin `09[IKE] `. */
export function missingLines(forecast: Log, logs: Logs): readonly MissingLine[] {
  return (['initiator', 'responder'] as const).flatMap((role) => {
    const written = logs[role].map((line) => normalised(line.replace(/^\d+\[\w+\] /, '')));
    let from = 0;
    for (const line of forecast[role]) {
      const at = written.indexOf(normalised(line), from);
      if (at < 0) return [{ role, line }];
      from = at + 1;
    }
    return [];
  });
}
