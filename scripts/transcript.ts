import { formats, lint } from '../src/index.ts';
import type { FormatName } from '../src/report/format.ts';
import { codeBlock } from '../src/report/markdown-text.ts';

/**
 * A text with the output of the command between `<!-- transcript: FOLDER FORMAT -->` and `<!-- /transcript -->`, for the
 * pair of dumps in that folder; the format is `pretty` where none is named. `read` gives a file's text.
 */
export function withTranscripts(text: string, read: (path: string) => string): string {
  return text.replace(
    /(<!-- transcript: (\S+)(?: (\S+))? -->\n)[\s\S]*?(<!-- \/transcript -->)/g,
    (_, open: string, folder: string, format: FormatName = 'pretty', close: string) => {
      const report = lint([
        { file: 'siteA.conf', text: read(`${folder}/a.conf`) },
        { file: 'siteB.conf', text: read(`${folder}/b.conf`) },
      ]);
      const printed = formats[format](report, { color: false, width: 96 }).trimEnd();
      const shown = format === 'sarif' ? firstResult(printed) : printed;
      return `${open}${codeBlock(shown.split('\n'), languages[format] ?? 'text')}\n${close}`;
    },
  );
}

const languages: Partial<Readonly<Record<FormatName, string>>> = {
  json: 'json',
  sarif: 'json',
  gitlab: 'json',
  junit: 'xml',
  checkstyle: 'xml',
  markdown: 'markdown',
};

/** The rules alone would fill pages. */
function firstResult(sarif: string): string {
  return JSON.stringify(JSON.parse(sarif).runs[0].results[0], null, 2);
}
