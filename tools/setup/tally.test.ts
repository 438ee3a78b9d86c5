import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Tally } from './tally.mjs';

let lines: string[];
beforeEach(() => {
  lines = [];
  vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
});
afterEach(() => vi.restoreAllMocks());

test('the last line has the counts of all steps', () => {
  const tally = new Tally();
  tally.add('unit tests', { passed: 12, skipped: 2 });
  tally.add('lint', { passed: 1 });
  expect(tally.finish([])).toBe(0);
  expect(lines.at(-1)).toBe('13 passed, 0 failed, 2 skipped');
});

test('one failure fails the run, and is named before the last line', () => {
  const tally = new Tally();
  tally.add('unit tests', { passed: 12 });
  tally.add('lint', { failed: 1 });
  expect(tally.finish([])).toBe(1);
  expect(lines.slice(-2)).toEqual(['\nFailed: lint', '12 passed, 1 failed, 0 skipped']);
});

test('what a failure said comes once more at the end, the last of it', async () => {
  const tally = new Tally();
  await tally.command('noise', 'sh', ['-c', 'seq 1 200; exit 3']);
  await tally.check('leftovers', async () => 'left behind:\n  a container');
  tally.add('unit tests', { passed: 12, failed: 1 }, undefined, 'a.test.ts: says so');
  lines = [];
  tally.finish([]);
  const [noise = '', ...others] = lines;
  expect(noise).toMatch(/^\nFailed: noise\n… 181 lines more above\n182\n183\n.*\n200\nsh -c .*: exit code 3$/s);
  expect(others).toEqual([
    '\nFailed: leftovers\nleft behind:\n  a container',
    '\nFailed: unit tests\na.test.ts: says so',
    '12 passed, 3 failed, 0 skipped',
  ]);
});

test('a run that tested nothing fails', () => {
  const tally = new Tally();
  tally.add('docker tests', { skipped: 3 });
  expect(tally.finish(['no-such-test'])).toBe(1);
  expect(lines.join('\n')).toContain('no test file matches no-such-test');
});

test('a program that fails is a failed test, with its whole output', async () => {
  const tally = new Tally();
  await tally.command('noise', 'sh', ['-c', 'seq 1 20000; exit 3']);
  expect(tally.finish([])).toBe(1);
  expect(lines.join('\n')).toContain('\n1\n2\n');
  expect(lines.join('\n')).toContain('\n20000\nsh -c seq 1 20000; exit 3: exit code 3');
});
