import type { Severity } from '../lint/finding.ts';
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
  /**
   * Whether SARIF has the suppressed findings, too, marked as such. Default: false, for GitHub takes no notice of the
   * mark and opens an alert for each.
   */
  readonly suppressed?: boolean;
  /**
   * Whether texts for people show advice about single sites, links that fail nothing and unpaired peers whole, however
   * many there are. Default: false.
   */
  readonly verbose?: boolean;
  /** The least severity that makes the run fail: texts for people show what does so whole. Default: error. */
  readonly failOn?: Severity;
  /** Whether texts for people leave out all that is no finding. The report is one that `onlyFailing` made. Default: false. */
  readonly quiet?: boolean;
}

/** A pure function of the report: it reads no file, no environment, no terminal. */
export type Format = (report: Report, options: FormatOptions) => string;

/** Every name that `--format` takes, the default first. The formats themselves are in index.ts. */
export const formatNames = [
  'pretty',
  'concise',
  'json',
  'sarif',
  'github',
  'gitlab',
  'junit',
  'checkstyle',
  'markdown',
] as const;

/** The name of a format, as `--format` takes it. */
export type FormatName = (typeof formatNames)[number];
