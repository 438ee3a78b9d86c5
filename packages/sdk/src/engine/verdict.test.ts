import { describe, expect, it } from 'vitest';
import type { StageResult } from '../contracts/report.ts';
import { foldVerdict } from './verdict.ts';

const stage = (status: StageResult['status']): StageResult => ({ name: 'system_info', status }) as StageResult;

describe('the verdict', () => {
  it.each([
    [['passed', 'skipped', 'passed'], 'passed'],
    [['passed', 'failed', 'skipped', 'passed'], 'failed'],
    [['passed', 'failed', 'error'], 'failed'],
    [['error', 'failed'], 'error'],
    [['passed', 'cancelled', 'error'], 'cancelled'],
    [['passed', 'error'], 'error'],
  ] as const)('of %j is %s', (statuses, verdict) => {
    expect(foldVerdict(statuses.map(stage))).toBe(verdict);
  });
});
