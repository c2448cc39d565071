import type { Report } from '../lint/report.ts';

/** What a format may ask about where its text goes. */
export interface FormatOptions {
  readonly color: boolean;
  /** Cells of a line; prose is wrapped there. */
  readonly width: number;
  /** False where the terminal or its encoding knows ASCII alone. Default: true. */
  readonly unicode?: boolean;
}

/** A pure function of the report: it reads no file, no environment, no terminal. */
export type Format = (report: Report, options: FormatOptions) => string;
