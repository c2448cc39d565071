/** What the format sarif writes, as far as the tests read it. */
import type { Report } from '../../src/lint/report.ts';
import type { FormatOptions } from '../../src/report/format.ts';
import { renderSarif } from '../../src/report/sarif.ts';
import { sourceFile } from '../../src/source/index.ts';

export interface Sarif {
  readonly runs: readonly [Run, ...Run[]];
}
export interface Run {
  readonly tool: { readonly driver: { readonly rules: readonly Rule[] } };
  readonly invocations: readonly { readonly toolExecutionNotifications: readonly unknown[] }[];
  readonly results: readonly Result[];
}
export interface Text {
  readonly text: string;
}
export interface Rule {
  readonly id: string;
  readonly name: string;
  readonly shortDescription: Text;
  readonly fullDescription: Text;
  readonly help: Text & { readonly markdown: string };
  readonly helpUri?: string;
  readonly properties: { readonly tags: readonly string[] };
}
export interface Place {
  readonly id?: number;
  readonly message?: Text;
  readonly physicalLocation: {
    readonly artifactLocation: { readonly uri: string; readonly uriBaseId?: string };
    readonly region: Region;
  };
}
export interface Region {
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
}
export interface Result {
  readonly ruleId: string;
  readonly ruleIndex?: number;
  readonly level: string;
  readonly message: Text;
  readonly locations: readonly Place[];
  readonly relatedLocations?: readonly Place[];
  readonly partialFingerprints: Readonly<Record<string, string>>;
  readonly fixes?: readonly SarifFix[];
  readonly suppressions?: readonly unknown[];
}
export interface SarifFix {
  readonly description: Text;
  readonly artifactChanges: readonly {
    readonly artifactLocation: { readonly uri: string };
    readonly replacements: readonly Replacement[];
  }[];
}
interface Replacement {
  readonly deletedRegion: Region;
  readonly insertedContent: Text;
}

export function sarif(report: Report, options: Partial<FormatOptions> = {}): Sarif {
  return JSON.parse(renderSarif(report, { color: false, width: 80, ...options }));
}

/** The text after a replacement of a fix, as a viewer applies it. */
export function applied(text: string, { deletedRegion: at, insertedContent }: Replacement): string {
  const { lineStarts } = sourceFile('', text);
  const offset = (line: number, column: number) => {
    const start = lineStarts[line - 1];
    if (start === undefined) throw new Error(`the text has no line ${line}`);
    return start + column - 1;
  };
  const [start, end] = [offset(at.startLine, at.startColumn), offset(at.endLine, at.endColumn)];
  return text.slice(0, start) + insertedContent.text + text.slice(end);
}
