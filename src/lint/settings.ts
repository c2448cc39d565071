import type { Severity } from './finding.ts';

/** What the user wants to see of what is found. */
export interface Settings {
  /**
   * Severities by rule. `off`: its findings are dropped. A finding that its rule itself takes lighter than others stays
   * lighter.
   */
  readonly severities: Readonly<Record<string, Severity | 'off'>>;
  readonly ignores: readonly Ignore[];
  /** Fingerprints of findings that are known. */
  readonly baseline: ReadonlySet<string>;
}

/** Findings of a rule that are not to be shown: all, or those about one site or one peer. */
export interface Ignore {
  readonly rule: string;
  /** The name of the site. */
  readonly site?: string | undefined;
  readonly peer?: string | undefined;
  readonly reason: string;
}

export const noSettings: Settings = { severities: {}, ignores: [], baseline: new Set() };
