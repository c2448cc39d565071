import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { otherGroup, sites, type Workplace, workplace } from './workplace.ts';

let place: Workplace;
beforeEach(() => {
  place = workplace();
  place.write('a.conf', sites.a);
});
afterEach(() => place.remove());

/** Lints site A against site B with more lines behind its own. */
function withLines(lines: string) {
  place.write('b.conf', `${sites.b}${lines}`);
  const { status, stdout, stderr } = place.run(['--format', 'json', 'a.conf', 'b.conf']);
  const { findings, suppressed, summary } = JSON.parse(stdout);
  return {
    status,
    stderr,
    found: findings.map(({ ruleId }: { ruleId: string }) => ruleId),
    suppressed,
    count: summary.suppressed,
  };
}

const next = '# vyos-ipsec-lint-ignore-next-line ike-dh-group-mismatch';

describe('a comment in a dump', () => {
  test('suppresses what is found on the line below, with its reason', () => {
    const { status, found, suppressed, count } = withLines(`${next} -- until the move\n${otherGroup}`);
    expect({ status, found, count }).toEqual({ status: 0, found: [], count: 1 });
    expect(suppressed).toEqual([
      {
        finding: expect.objectContaining({ ruleId: 'ike-dh-group-mismatch', severity: 'error' }),
        suppression: { by: 'comment', reason: 'until the move' },
      },
    ]);
  });

  test('suppresses a rule in all of the file', () => {
    const lines = `${otherGroup}# vyos-ipsec-lint-ignore-file ike-dh-group-mismatch -- until the move\n`;
    expect(withLines(lines)).toMatchObject({ status: 0, found: [], count: 1 });
  });

  test('is reported where it suppresses nothing', () => {
    const lines = `${next} -- until the move\nset system host-name 'b'\n`;
    expect(withLines(lines)).toMatchObject({ status: 0, found: ['suppression-unused'], count: 0 });
  });

  test('is reported where it gives no reason', () => {
    expect(withLines(`${next}\n${otherGroup}`)).toMatchObject({
      status: 0,
      found: ['suppression-invalid'],
      count: 1,
    });
  });

  test('works in a file with the line ends of Windows', () => {
    const lines = `${next} -- until the move\n${otherGroup}`;
    expect(withLines(lines.replaceAll('\n', '\r\n'))).toMatchObject({ status: 0, found: [], count: 1 });
  });
});
