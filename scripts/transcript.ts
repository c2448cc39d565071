import { formats, lint } from '../src/index.ts';

/**
 * A text with the output of the command between `<!-- transcript: FOLDER -->` and `<!-- /transcript -->`, for the pair
 * of dumps in that folder. `read` gives a file's text.
 */
export function withTranscripts(text: string, read: (path: string) => string): string {
  return text.replace(
    /(<!-- transcript: (\S+) -->\n)[\s\S]*?(<!-- \/transcript -->)/g,
    (_, open: string, folder: string, close: string) => {
      const report = lint([
        { file: 'siteA.conf', text: read(`${folder}/a.conf`) },
        { file: 'siteB.conf', text: read(`${folder}/b.conf`) },
      ]);
      return `${open}\`\`\`text\n${formats.pretty(report, { color: false, width: 96 }).trimEnd()}\n\`\`\`\n${close}`;
    },
  );
}
