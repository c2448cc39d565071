import { expect, test } from '@jest/globals';
import { byUrgency, severityLevels } from '../../src/report/severity-levels.ts';

test('the one table of levels', () => {
  expect(severityLevels).toEqual({
    error: { sarif: 'error', problem: 'error', github: 'error', gitlab: 'critical', checkstyle: 'error' },
    warning: {
      sarif: 'warning',
      problem: 'warning',
      github: 'warning',
      gitlab: 'major',
      checkstyle: 'warning',
    },
    info: { sarif: 'note', problem: 'recommendation', github: 'notice', gitlab: 'info', checkstyle: 'info' },
  });
});

test('the worst first, hidden ones last among their like, else as they were', () => {
  const of = (severity: 'error' | 'warning' | 'info', hiddenBehind: number | null = null) => ({
    severity,
    hiddenBehind,
  });
  const findings = [of('info'), of('error', 2), of('error'), of('warning'), of('error')];
  expect(byUrgency(findings)).toEqual([2, 4, 1, 3, 0]);
});
