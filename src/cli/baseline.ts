import * as z from 'zod';
import type { Report } from '../index.ts';
import { exitCodes } from './exit-codes.ts';
import { readBounded } from './read-bounded.ts';
import { writeWhole } from './write-files.ts';

/** A file of findings that are known. What stands beside a fingerprint is for whoever reads the file. */
const baselineSchema = z.object({
  schemaVersion: z.literal(1),
  findings: z.array(z.object({ fingerprint: z.string().min(1) })),
});

/** The fingerprints of a baseline file, or why it cannot be read: a sentence without a full stop. */
export function readBaseline(file: string): ReadonlySet<string> | string {
  let bytes: Buffer | string;
  try {
    bytes = readBounded(file);
  } catch {
    return `${file}: the baseline cannot be read; --update-baseline writes it`;
  }
  if (typeof bytes === 'string') return `${file}: ${bytes}`;
  try {
    const { findings } = baselineSchema.parse(JSON.parse(bytes.toString('utf8')));
    return new Set(findings.map(({ fingerprint }) => fingerprint));
  } catch {
    return `${file}: is no baseline of this tool; --update-baseline writes one`;
  }
}

/** Writes a baseline of all that a report shows. It is made of fingerprints and messages, which hold no secret. */
export async function writeBaseline(
  file: string,
  report: Report,
  cwd: string,
  complain: (message: string) => void,
): Promise<number> {
  const order = ({ ruleId, fingerprint }: (typeof report.findings)[number]) => `${ruleId} ${fingerprint}`;
  // What cannot be read is never known: what it says may be another thing each time.
  const findings = report.findings
    .filter(({ ruleId }) => ruleId !== 'syntax-error')
    .toSorted((one, other) => (order(one) < order(other) ? -1 : 1))
    .map(({ ruleId, message, fingerprint }) => ({ ruleId, message, fingerprint }));
  const text = `${JSON.stringify({ schemaVersion: 1, findings }, null, 2)}\n`;
  const messages = await writeWhole([{ file, text }], cwd);
  for (const message of messages) complain(message);
  if (messages.length > 0) return exitCodes.failed;
  const what = findings.length === 1 ? '1 finding is' : `${findings.length} findings are`;
  complain(`${file}: ${what} known from now on`);
  return exitCodes.clean;
}

/** What is to be said of a baseline that holds findings which are gone. */
export function staleNotes(file: string, known: ReadonlySet<string>, report: Report): readonly string[] {
  const found = new Set(report.suppressed.map(({ finding }) => finding.fingerprint));
  const gone = [...known].filter((fingerprint) => !found.has(fingerprint)).length;
  if (gone === 0) return [];
  const what = gone === 1 ? '1 finding of it is gone' : `${gone} findings of it are gone`;
  return [`${file}: ${what}; --update-baseline takes ${gone === 1 ? 'it' : 'them'} out`];
}
