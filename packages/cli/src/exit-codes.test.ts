import { ERROR_CODES } from '@alts/sdk/plugin';
import { describe, expect, it } from 'vitest';
import { ERROR_EXIT_CODES, exitCodeOf } from './exit-codes.ts';

describe('the exit code', () => {
  it.each([
    [['passed'], 0],
    [['failed'], 1],
    [['error'], 3],
    [['cancelled'], 130],
    [['passed', 'failed', 'passed'], 1],
    [['failed', 'error', 'passed'], 3],
    [['error', 'cancelled', 'failed'], 130],
    [[], 3],
  ] as const)('of %j is %i: the worst decides', (verdicts, code) => expect(exitCodeOf(verdicts)).toBe(code));

  it('is known for every error code', () => {
    expect(Object.keys(ERROR_EXIT_CODES).sort()).toEqual(Object.keys(ERROR_CODES).sort());
  });
});
