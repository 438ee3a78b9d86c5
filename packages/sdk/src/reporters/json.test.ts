import { expect, it } from 'vitest';
import { json } from './json.ts';
import { ERROR_REPORT, SCRIPT_FAILED_REPORT } from './reports.fixture.ts';

it('is the report itself, or an array of several', () => {
  expect(JSON.parse(json([SCRIPT_FAILED_REPORT]))).toEqual(SCRIPT_FAILED_REPORT);
  expect(JSON.parse(json([SCRIPT_FAILED_REPORT, ERROR_REPORT]))).toEqual([SCRIPT_FAILED_REPORT, ERROR_REPORT]);
});
