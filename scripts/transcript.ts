import { courseFormats, formats, lint, negotiate } from '../src/index.ts';

/**
 * A text with the output of the command between `<!-- transcript: FOLDER -->` and `<!-- /transcript -->`, for the pair
 * of dumps in that folder. `read` gives a file's text.
 */
export function withTranscripts(text: string, read: (path: string) => string): string {
  return text.replace(
    /(<!-- transcript: (\S+) -->\n)[\s\S]*?(<!-- \/transcript -->)/g,
    (_, open: string, folder: string, close: string) => {
      const report = lint(pairIn(folder, read));
      return `${open}\`\`\`text\n${formats.pretty(report, { color: false, width: 96 }).trimEnd()}\n\`\`\`\n${close}`;
    },
  );
}

/** The same for `negotiate`, between `<!-- negotiate: FOLDER INITIATOR -->` and `<!-- /negotiate -->`. */
export function withLadders(text: string, read: (path: string) => string): string {
  return text.replace(
    /(<!-- negotiate: (\S+) ([ab]) -->\n)[\s\S]*?(<!-- \/negotiate -->)/g,
    (_, open: string, folder: string, initiator: 'a' | 'b', close: string) => {
      const shown = courseFormats.pretty(negotiate(pairIn(folder, read)), {
        color: false,
        width: 88,
        initiator,
      });
      const command = `$ vyos-ipsec-lint negotiate --initiator ${initiator} siteA.conf siteB.conf`;
      return `${open}\`\`\`text\n${command}\n${shown.trimEnd()}\n\`\`\`\n${close}`;
    },
  );
}

function pairIn(folder: string, read: (path: string) => string) {
  return [
    { file: 'siteA.conf', text: read(`${folder}/a.conf`) },
    { file: 'siteB.conf', text: read(`${folder}/b.conf`) },
  ];
}
