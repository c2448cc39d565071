import type { Report } from '../lint/report.ts';

/** What a format may ask about where its text goes. */
export interface FormatOptions {
  readonly color: boolean;
  /** Cells of a line; prose is wrapped there. */
  readonly width: number;
  /** False where the terminal or its encoding knows ASCII alone. Default: true. */
  readonly unicode?: boolean;
  /** Whether the terminal makes links of OSC 8. Default: false. */
  readonly hyperlinks?: boolean;
  /**
   * The path by which whoever reads the text knows a file of the report: relative to the root of the repository, with
   * slashes. Default: the name as it was given.
   */
  readonly pathOf?: (file: string) => string;
  /** Whether a file is part of the change that is looked at: a finding is shown there first. Default: none is. */
  readonly changed?: (file: string) => boolean;
}

/** A pure function of the report: it reads no file, no environment, no terminal. */
export type Format = (report: Report, options: FormatOptions) => string;
