import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configurationSchemaText } from './configuration-schema.ts';
import { rulePages, withRulesTable } from './rule-pages.ts';
import { withTranscripts } from './transcript.ts';

/**
 * Writes docs/rules from the rules, the schema of the configuration file from the code, and into README.md and
 * docs/formats.md the table of rules and the transcripts, where they have marks for them.
 */

const folder = 'docs/rules';
const pages = rulePages();
mkdirSync(folder, { recursive: true });
for (const file of readdirSync(folder)) if (!pages.has(file)) rmSync(join(folder, file));
for (const [file, text] of pages) writeFileSync(join(folder, file), text);
writeFileSync('docs/configuration.schema.json', configurationSchemaText());

for (const file of ['README.md', 'docs/formats.md']) {
  if (!existsSync(file)) continue;
  const text = readFileSync(file, 'utf8');
  const current = withTranscripts(withRulesTable(text), (path) => readFileSync(path, 'utf8'));
  if (current !== text) writeFileSync(file, current);
}
console.log(`${pages.size} pages in ${folder}`);
