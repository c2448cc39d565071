import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { marked, type Token } from 'marked';
import { lint } from '../../src/index.ts';
import type { Report } from '../../src/lint/report.ts';
import { isAdvice } from '../../src/report/attention.ts';
import type { FormatOptions } from '../../src/report/format.ts';
import { renderMarkdown, renderStepSummary } from '../../src/report/markdown.ts';
import { codeBlock, codeSpan, htmlCode, markdownLink, markdownText } from '../../src/report/markdown-text.ts';
import { anyReport, runnersCommand } from './arbitrary.ts';
import * as sample from './sample.ts';

function markdown(report: Report, options: Partial<FormatOptions> = {}): string {
  return renderMarkdown(report, { color: false, width: 80, ...options });
}

test('a table for the link, and the rest folded away', () => {
  const findings = [{ ...sample.dhGroup, consequence: 'No IKE_SA comes about.' }];
  expect(markdown(sample.report({ findings }))).toBe(`<!-- vyos-ipsec-lint -->

## vyos-ipsec-lint: 1 error in 1 link

### \`siteA\` peer \`SITE-B\` ⇄ \`siteB\` peer \`SITE-A\`

| Severity | Rule | What is wrong | Where | Other side |
| --- | --- | --- | --- | --- |
| error | [\`ike-dh-group-mismatch\`](${sample.dhGroupRule.page}) | No common Diffie-Hellman group: A offers 14, B accepts 2 (IKE_SA_INIT → NO_PROPOSAL_CHOSEN (14)) | \`siteA.conf:6\` | \`siteB.conf:4\` |

<details>
<summary>What <code>ike-dh-group-mismatch</code> <code>siteA.conf:6</code> comes to, and what mends it</summary>

No IKE_SA comes about.

Log of siteA, initiator:

\`\`\`text
received NO_PROPOSAL_CHOSEN notify error
\`\`\`

Log of siteB, responder:

\`\`\`text
received proposals unacceptable
\`\`\`

Fix on siteB:

\`\`\`
set vpn ipsec ike-group IKE-SITE-A proposal 1 dh-group '14'
\`\`\`

or on siteA:

\`\`\`
set vpn ipsec ike-group IKE-SITE-B proposal 1 dh-group '2'
\`\`\`

</details>
`);
});

test.each<readonly [string, Report, string]>([
  ['a clean link', sample.clean, '\n\nNo mismatch: the tunnel comes up.\n'],
  [
    'a clean link with a suppressed finding',
    {
      ...sample.clean,
      suppressed: [{ finding: sample.dhGroup, suppression: { by: 'baseline', reason: null } }],
    },
    '\n\n1 finding suppressed, no other: the tunnel comes up.\n',
  ],
  [
    'an unpaired peer',
    sample.report({
      unpaired: [{ site: 0, peer: 'SITE-C', why: 'no dump has 203.0.113.9', candidates: [] }],
    }),
    '\n- `siteA.conf` peer `SITE-C`: no dump has 203.0.113.9\n',
  ],
  [
    'a finding of a site',
    sample.report({ findings: [{ ...sample.pfs, severity: 'error' }] }),
    '\n### `siteA` `siteA.conf`\n\n| Severity',
  ],
  [
    'what hides a finding',
    sample.report({ findings: [sample.dhGroup, sample.psk] }),
    '\nShows up once ike-dh-group-mismatch is mended, which fails earlier.\n',
  ],
])('%s is shown', (_, report, text) => {
  expect(markdown(report)).toContain(text);
});

describe('in a line of prose', () => {
  test.each([
    ['No IKE_SA comes up: A has 14.', 'No IKE_SA comes up: A has 14.'],
    ['prefix 10.1.0.0/24, at most 3272 s', 'prefix 10.1.0.0/24, at most 3272 s'],
    ['the peer @user, or #12', 'the peer `@user`, or `#12`'],
    ['site-b@example.com', '`site-b@example.com`'],
    ['(https://example.com)', '(`https://example.com`)'],
    ['www.example.com GH-12 0123abc', '`www.example.com` `GH-12` `0123abc`'],
    ['<script>alert(1)</script>', '`<script>alert(1)</script`>'.replace('`>', '>`')],
    ['a|b', '`a\\u{7c}b`'],
    ['`x` ``y', '`` `x` `` ``` ``y ```'],
    ['[x](http://y) ![z](w) *b* __c__ ~d~', '`[x](http://y`) `![z](w`) `*b*` `__c__` `~d~`'],
    ['a\nb\u001b', '`a\\u{a}b\\u{1b}`'],
    ['', ''],
  ])('%j is %j', (text, shown) => {
    expect(markdownText(text)).toBe(shown);
  });
});

test('code holds what it holds', () => {
  expect(codeSpan('a`b')).toBe('``a`b``');
  expect(codeSpan(' a ')).toBe('`  a  `');
  expect(codeSpan('  ')).toBe('` `');
  expect(codeBlock(['```', 'x\ny'])).toBe('````\n```\nx\\u{a}y\n````');
  expect(htmlCode('<b>&"')).toBe('<code>&#60;b&#62;&#38;&#34;</code>');
  expect(markdownLink('a', 'javascript:alert(1)')).toBe('`a`');
  expect(markdownLink('a', 'https://example.com/a) b')).toBe('`a`');
});

/** Every token of a text, as GitHub's Markdown reads it, with what stands in it. */
function tokensOf(text: string): readonly Token[] {
  const all: Token[] = [];
  marked.walkTokens(marked.lexer(text, { gfm: true }), (token) => {
    all.push(token);
  });
  return all;
}

const ownHtml =
  /^(?:<!-- vyos-ipsec-lint -->|<details>\n<summary>What (?:<code>[^<>]*<\/code> ?){1,2}comes to, and what mends it<\/summary>|<\/details>)\s*$/;

function expectInert(text: string, report: Report): void {
  for (const token of tokensOf(text)) {
    expect(['em', 'strong', 'del', 'image', 'def', 'blockquote', 'hr', 'br', 'escape']).not.toContain(
      token.type,
    );
    if (token.type === 'html') expect(token.raw).toMatch(ownHtml);
    if (token.type === 'link') expect(report.rules.map(({ page }) => page)).toContain(token.href);
    // What a mention, an address or a reference would be made of.
    if (token.type === 'text' && !('tokens' in token && token.tokens)) {
      expect(token.raw).not.toMatch(/[@#]\w|https?:|www\.|GH-\d|[0-9a-f]{7}|[<>|]/i);
    }
  }
}

describe('any report', () => {
  test('is inert', () => {
    fc.assert(
      fc.property(anyReport, (report) => {
        const text = markdown(report);
        expectInert(text, report);
        expect(text.replaceAll('\n', '')).not.toMatch(/##\[|[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
        for (const line of text.split('\n')) expect(line).not.toMatch(runnersCommand);
      }),
      { numRuns: 50 },
    );
  });

  test('has a row of five cells for each finding and each kind of advice, and details that are closed', () => {
    fc.assert(
      fc.property(anyReport, (report) => {
        const text = markdown(report);
        const rows = tokensOf(text).flatMap((token) => (token.type === 'table' ? token.rows : []));
        const shown = report.findings.filter(
          ({ link, locations }) => link !== null || report.sites[locations[0].site] !== undefined,
        );
        const told = new Set(
          shown.map((finding, index) =>
            isAdvice(finding, report, {}) ? `${finding.severity} ${finding.ruleId}` : index,
          ),
        );
        expect(rows).toHaveLength(told.size);
        for (const row of rows) expect(row).toHaveLength(5);
        expect(text.match(/^<details>$/gm)?.length ?? 0).toBe(told.size);
        expect(text.match(/^<\/details>$/gm)?.length ?? 0).toBe(told.size);
      }),
    );
  });
});

test.each(readdirSync('fixtures/pairs'))('the pair %s is inert', (name) => {
  const dump = (side: string) => ({
    file: `${side}.conf`,
    text: readFileSync(`fixtures/pairs/${name}/${side}.conf`, 'utf8'),
  });
  const report = lint([dump('a'), dump('b')]);
  expectInert(markdown(report), report);
});

describe('what has no room', () => {
  const many = (number: number): Report =>
    sample.report({
      findings: [
        ...Array.from({ length: number }, () => ({ ...sample.pfs, link: 0, consequence: '→ '.repeat(200) })),
        sample.dhGroup,
      ],
    });

  test('is left out in whole findings, the worst being kept', () => {
    const text = markdown(many(200));
    expect(text.length).toBeLessThanOrEqual(65_536);
    expect(text.length).toBeGreaterThan(60_000);
    const [, missing] =
      /\n\nLeft out: (\d+) of 201 findings, for a comment on GitHub holds 65,536/.exec(text) ?? [];
    expect(text.match(/^\| (?:error|info) /gm)).toHaveLength(201 - Number(missing));
    expect(text.match(/^<details>$/gm)).toHaveLength(201 - Number(missing));
    expect(text).toContain('| error | ');
    expect(text).toMatch(/<\/details>\n$/);
  });

  test('has room in the summary of a step, which holds 1 MiB', () => {
    const options = { color: false, width: 80 };
    expect(renderStepSummary(many(200), options)).not.toContain('Left out');
    const text = renderStepSummary(many(2_000), options);
    expect(new TextEncoder().encode(text).length).toBeLessThanOrEqual(1_048_576);
    expect(text).toMatch(/Left out: \d+ of 2001 findings, for a step's summary on GitHub holds 1 MiB/);
  });

  test('may be links without findings and unpaired peers', () => {
    const [link] = sample.clean.links;
    const links = Array.from({ length: 2_000 }, () => link as Report['links'][number]);
    const unpaired = Array.from({ length: 2_000 }, () => ({
      site: 0,
      peer: 'P',
      why: 'nobody has 203.0.113.9',
      candidates: [],
    }));
    const text = markdown({ ...sample.clean, links, unpaired });
    expect(text.length).toBeLessThanOrEqual(65_536);
    expect(text).toMatch(/Left out: \d+ links without findings, 2000 unpaired peers, for/);
  });
});
