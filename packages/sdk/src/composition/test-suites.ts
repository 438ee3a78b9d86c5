import { homedir } from 'node:os';
import { join } from 'node:path';
import type { TestSuites } from '../contracts/test-suites.ts';

/** Shared by all tests of a user: `$XDG_CACHE_HOME/alts/suites`, XDG Base Directory Specification. */
function cacheDirectory(): string {
  return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'alts', 'suites');
}

/** Third-party tests as ALTS knows them; what it takes is loaded by the first test that has some. */
export const testSuites: TestSuites = {
  async fetch(spec, context) {
    const { fetchSuite } = await import('../suites/fetch-suite.ts');
    return fetchSuite(spec, { cacheDirectory: cacheDirectory(), ...context });
  },
  async plan(suite, spec, target) {
    const { planSuite } = await import('../executors/plan-suite.ts');
    return planSuite(suite, spec, target);
  },
  async judge(protocol) {
    const { createJudge } = await import('../executors/judges/create-judge.ts');
    return createJudge(protocol);
  },
  async play(play) {
    const { runPlay } = await import('../executors/ansible/run-play.ts');
    return runPlay(play);
  },
};
