import type { Lexer } from 'chevrotain';
import { type SourceFile, sourceFile } from '../src/source/index.ts';
import { readBlocks } from './blocks.ts';
import type { Dump } from './command.ts';
import { ConfigParser, configLexer, type Part } from './config-parser.ts';
import { footerOf } from './footer.ts';
import { textProblem } from './not-text.ts';

interface Reader {
  readonly lexer: Lexer;
  readonly parser: ConfigParser;
}

/** Made at the first use and kept, because making it costs more than reading most dumps. */
let reader: Reader | undefined;

/**
 * Reads a dump in the notation of `show configuration` and config.boot. It takes any text: what is no setting is a
 * problem, or ignored for a reason.
 */
export function readConfigDump(file: SourceFile): Dump {
  return readWith(file, (text) => readWith(sourceFile(file.name, text), () => undefined));
}

/** `read` reads what is left of a damaged line, which is not repaired again: it gives undefined there. */
function readWith(file: SourceFile, read: (text: string) => Dump | undefined): Dump {
  const binary = textProblem(file);
  if (binary !== undefined) {
    return { file, notation: 'config-boot', commands: [], problems: [binary], ignored: [], glued: [] };
  }
  const blocks = readBlocks(file, parse(file.text), read);
  const footer = footerOf(file, blocks.ignored);
  return { file, notation: 'config-boot', ...blocks, ...(footer === undefined ? {} : { footer }) };
}

function parse(text: string): readonly (readonly Part[])[] {
  reader ??= {
    lexer: configLexer({ skipValidations: true }),
    parser: new ConfigParser({ skipValidations: true }),
  };
  const { lexer, parser } = reader;
  parser.input = lexer.tokenize(text).tokens;
  const lines = parser.dump();
  // The parser would keep the tokens, and with them the text, until the next dump.
  parser.input = [];
  return lines;
}
