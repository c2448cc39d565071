import { courseFormats, negotiate } from '../src/index.ts';
import { codeBlock } from '../src/report/markdown-text.ts';

/**
 * A text with what `negotiate` prints between `<!-- negotiate: FOLDER INITIATOR -->` and `<!-- /negotiate -->`, for the
 * pair of dumps in that folder. `read` gives a file's text.
 */
export function withLadders(text: string, read: (path: string) => string): string {
  return text.replace(
    /(<!-- negotiate: (\S+) ([ab]) -->\n)[\s\S]*?(<!-- \/negotiate -->)/g,
    (_, open: string, folder: string, initiator: 'a' | 'b', close: string) => {
      const course = negotiate([
        { file: 'siteA.conf', text: read(`${folder}/a.conf`) },
        { file: 'siteB.conf', text: read(`${folder}/b.conf`) },
      ]);
      const shown = courseFormats.pretty(course, { color: false, width: 88, initiator });
      const command = `$ vyos-ipsec-lint negotiate --initiator ${initiator} siteA.conf siteB.conf`;
      return `${open}${codeBlock([command, ...shown.trimEnd().split('\n')], 'text')}\n${close}`;
    },
  );
}
