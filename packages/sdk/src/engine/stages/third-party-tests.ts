import type { StageOutcome } from '../test-state.ts';

/** Requests name no test suites yet, and the report says that none ran. */
export async function thirdPartyTests(): Promise<StageOutcome> {
  return { status: 'skipped', reason: 'the request names no test suite' };
}
