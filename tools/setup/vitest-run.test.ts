import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from './repository.mjs';
import { failuresOf } from './vitest-run.mjs';

const file = (name: string, rest: object) => ({ name: join(ROOT, name), status: 'failed', message: '', ...rest });
const failed = (fullName: string, ...failureMessages: string[]) => ({ fullName, status: 'failed', failureMessages });

test('a failed test is told by its file, its name and the beginning of each of its errors', () => {
  const errors = [`expected 1 to be 2\n${'at somewhere\n'.repeat(100)}`, 'never reached'];
  const assertionResults = [{ fullName: 'adds', status: 'passed', failureMessages: [] }, failed('sums', ...errors)];
  const told = failuresOf({ testResults: [file('packages/a.test.ts', { assertionResults })] });
  expect(told.split('\n').slice(0, 3)).toEqual(['packages/a.test.ts: sums', 'expected 1 to be 2', 'at somewhere']);
  expect(told.split('\n').slice(-2)).toEqual(['at somewhere', 'never reached']);
  expect(told.split('\n')).toHaveLength(10);
  expect(told).not.toContain('adds');
});

test('a file that could not be loaded is told with the reason', () => {
  const testResults = [file('a.test.ts', { assertionResults: [], message: 'SyntaxError: x' })];
  expect(failuresOf({ testResults })).toBe('a.test.ts: could not be run\nSyntaxError: x');
});

test('of many failures the first are told, and how many there are more', () => {
  const assertionResults = Array.from({ length: 25 }, (_, at) => failed(`t${at}`, 'x'));
  const told = failuresOf({ testResults: [file('a.test.ts', { assertionResults })] });
  expect(told).toContain('a.test.ts: t19\nx');
  expect(told).toMatch(/\n\n… and 5 more$/);
});
