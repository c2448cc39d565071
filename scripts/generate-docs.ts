import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configurationSchemaText } from './configuration-schema.ts';
import { rulePages, withRulesTable } from './rule-pages.ts';
import { withLadders, withTranscripts } from './transcript.ts';

/** Writes docs/rules from the rules, the transcript in docs/negotiate.md, the schema of the configuration file from the code, and into README.md the table of rules and the transcripts, where it has marks for them. */

const folder = 'docs/rules';
const pages = rulePages();
mkdirSync(folder, { recursive: true });
for (const file of readdirSync(folder)) if (!pages.has(file)) rmSync(join(folder, file));
for (const [file, text] of pages) writeFileSync(join(folder, file), text);
writeFileSync('docs/configuration.schema.json', configurationSchemaText());

const ladders = withLadders(readFileSync('docs/negotiate.md', 'utf8'), (path) => readFileSync(path, 'utf8'));
writeFileSync('docs/negotiate.md', ladders);

if (existsSync('README.md')) {
  const readme = readFileSync('README.md', 'utf8');
  const current = withTranscripts(withRulesTable(readme), (path) => readFileSync(path, 'utf8'));
  if (current !== readme) writeFileSync('README.md', current);
}
console.log(`${pages.size} pages in ${folder}`);
