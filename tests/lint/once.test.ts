import { expect, test } from '@jest/globals';
import { readSetDump } from '../../grammar/index.ts';
import { tool } from '../../src/index.ts';
import { courseOf } from '../../src/lint/follow.ts';
import { lint } from '../../src/lint/lint.ts';
import type { LinkRule, Rule } from '../../src/lint/rule.ts';
import { linkSites } from '../../src/pairing/link.ts';
import { examplePair } from '../../src/rules/example-pair.ts';
import { rules } from '../../src/rules/index.ts';
import { sourceFile } from '../../src/source/index.ts';
import { readSite } from '../../src/vyos/read-site.ts';

test('a rule is asked once of a link, for the findings and for the messages', () => {
  const asked: string[] = [];
  const counted = rules.map((rule): Rule => {
    if (rule.scope !== 'link') return rule;
    const check: LinkRule['check'] = (...given) => {
      asked.push(rule.id);
      return rule.check(...given);
    };
    return { ...rule, check };
  });
  const sites = (['a', 'b'] as const).map((name) =>
    readSite(name, readSetDump(sourceFile(`${name}.conf`, examplePair[name]))),
  );
  const network = linkSites(sites);
  const course = courseOf(network, counted, lint(network, counted, tool));
  expect(course.links).toHaveLength(1);
  expect(asked).toEqual(rules.filter(({ scope }) => scope === 'link').map(({ id }) => id));
});
