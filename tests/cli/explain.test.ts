import { describe, expect, test } from '@jest/globals';
import { explainSubjects } from '../../src/cli/explain.ts';
import { lint } from '../../src/index.ts';
import { rules } from '../../src/rules/index.ts';

const book = { rules, lint, pageOf: (id: string) => `https://example.com/${id}` };
const explained = (...words: readonly string[]) =>
  explainSubjects(words, 'pretty', book, { color: false, width: 80 });

describe('explain', () => {
  test.each(['NO_PROPOSAL_CHOSEN', 'no_proposal_chosen', '14', 'N(NO_PROP)'])(
    'of the IKE error %s lists the rules',
    (name) => {
      const { out, exitCode } = explained(name);
      expect(exitCode).toBe(0);
      expect(out).toMatch(/^\d+ rules explain NO_PROPOSAL_CHOSEN \(14\):\n/);
      for (const id of ['ike-dh-group-mismatch', 'pfs-mismatch', 'peer-address-mismatch'])
        expect(out).toMatch(new RegExp(`^${id} +error`, 'm'));
    },
  );

  test('of an error that no rule explains says so', () => {
    expect(explained('INVALID_KEY_INFORMATION')).toEqual({
      out: 'No rule explains INVALID_KEY_INFORMATION (17).\n',
      messages: [],
      exitCode: 0,
    });
  });

  test.each([
    [['no IKE config found']],
    [['no', 'IKE', 'config', 'found']],
    [
      [
        'Nov 24 14:17:24 r1 charon[81]: 07[IKE] <7> no IKE config found for 1.2.3.4...5.6.7.8, sending NO_PROPOSAL_CHOSEN',
      ],
    ],
  ])('of a line of the log lists the rules: %j', (words) => {
    const { out, exitCode } = explained(...words);
    expect(exitCode).toBe(0);
    expect(out).toContain('ike-version-mismatch');
    expect(out).toContain(
      '    no IKE config found for 198.51.100.1...203.0.113.1, sending NO_PROPOSAL_CHOSEN',
    );
    expect(out).not.toContain('psk-mismatch');
  });

  test.each([
    [['pfs-mismtch'], /"pfs-mismtch"; did you mean "pfs-mismatch"\?$/],
    [['psf-mismatch'], /did you mean "psk-mismatch" or "pfs-mismatch"\?$/],
    [['dh-group'], /did you mean "ike-dh-group-mismatch"\?$/],
    [['NO_PROPOSAL_CHOOSEN'], /did you mean "NO_PROPOSAL_CHOSEN"\?$/],
    [['zzzz'], /there is no rule and no IKE error "zzzz"; "vyos-ipsec-lint rules" lists the rules$/],
    [['zzzz', 'no shared key found'], /there is no rule and no IKE error "zzzz"; [^\n]*$/],
    [['the moon', 'pfs-mismatch'], /no rule has the line "the moon" in what the routers log; [^\n]*$/],
    [['the', 'moon', 'is', 'made'], /no rule has the line "the moon is made" in/],
    [['the moon is a cheese'], /no rule has the line "the moon is a cheese" in what the routers log/],
  ])('%j is not known, and nothing is explained', (words, message) => {
    const { out, messages, exitCode } = explained(...words);
    expect({ out, exitCode }).toEqual({ out: '', exitCode: 2 });
    expect(messages).toEqual([expect.stringMatching(message)]);
  });
});
