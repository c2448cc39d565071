import { explain } from '../src/explain/explanation.ts';
import { document, explanationToMarkdown, ruleTable } from '../src/explain/markdown.ts';
import { lint } from '../src/index.ts';
import { rules } from '../src/rules/index.ts';

/** The pages of docs/rules and the README's table, as text: all of it follows from the rules themselves. */

/** Every page by its file's name. */
export function rulePages(): ReadonlyMap<string, string> {
  return new Map([
    ['README.md', page(indexPage())],
    ...rules.map((rule) => [`${rule.id}.md`, page(explanationToMarkdown(explain(rule, lint)))] as const),
  ]);
}

const openingMark = '<!-- rules -->';
const closingMark = '<!-- /rules -->';

/** A README with the table between its marks brought up to date; as it is where it has no marks. */
export function withRulesTable(readme: string): string {
  const start = readme.indexOf(openingMark);
  const end = readme.indexOf(closingMark);
  if (start < 0 || end < start) return readme;
  return `${readme.slice(0, start)}${openingMark}\n\n${rulesTable('docs/rules/')}\n\n${readme.slice(end)}`;
}

/** One row a rule, in the order in which the exchanges trip. */
function rulesTable(folder: string): string {
  return ruleTable(rules, (id) => `${folder}${id}.md`);
}

function indexPage(): string {
  return document([
    '# Rules',
    'In the order in which the IKE exchanges trip over what they find. The IKE error is the notify that goes over the ' +
      'wire; where there is none, the router refuses the command itself, or nothing fails at once.',
    rulesTable(''),
  ]);
}

function page(text: string): string {
  return `<!-- Made by scripts/generate-docs.ts from the rule itself: change it there. -->\n\n${text}`;
}
