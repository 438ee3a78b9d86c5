import type { SuiteTest, TestCase, TestStatus } from '../contracts/suite-result.ts';
import type { Palette } from './palette.ts';
import { safeLine } from './safe-text.ts';
import { shortDuration } from './short-duration.ts';

/** How many cases of a test are shown; `report.json` has more. */
const MAX_CASES = 200;

type Shown = TestStatus | TestCase['status'];
const SIGNS: Readonly<Record<Shown, string>> = {
  passed: '✓',
  failed: '✗',
  'timed-out': '✗',
  error: '!',
  flaky: '!',
  skipped: '-',
  todo: '-',
};
const ROLES: Readonly<Record<Shown, 'good' | 'bad' | 'warning' | 'dim'>> = {
  passed: 'good',
  failed: 'bad',
  'timed-out': 'bad',
  error: 'warning',
  flaky: 'warning',
  skipped: 'dim',
  todo: 'dim',
};

const sign = (status: Shown, palette: Palette): string => palette[ROLES[status]](SIGNS[status]);
const because = (reason: string | undefined): string => (reason ? `: ${safeLine(reason, 500)}` : '');

/** `  ✓ 10_smoke (bats) 0.3s`, and below it each of its cases. */
export function testLines(test: SuiteTest, palette: Palette): string[] {
  const { name, kind, status, reason, durationMs, attempts, cases } = test;
  const took = attempts === 0 ? '' : ` ${shortDuration(durationMs)}`;
  const said = status === 'passed' && !reason ? '' : ` ${status}${because(reason)}`;
  const head = `  ${sign(status, palette)} ${safeLine(name)} (${kind})${took}${said}${test.optional && status !== 'passed' ? ' (decides nothing)' : ''}`;
  const shown = cases.slice(0, MAX_CASES).map((one) => `      ${caseLine(one, palette)}`);
  const more = cases.length - shown.length + (test.casesOmitted ?? 0);
  return [head, ...shown, ...(more > 0 ? [palette.dim(`      and ${more} more cases`)] : [])];
}

function caseLine({ name, status, reason }: TestCase, palette: Palette): string {
  const said = status === 'passed' && !reason ? '' : ` ${status}${because(reason)}`;
  return `${sign(status, palette)} ${safeLine(name || 'unnamed', 500)}${said}`;
}
