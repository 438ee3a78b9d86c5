import type { ErrorCode, Verdict } from '@alts/sdk';

/** Exit codes of the `alts` command. */
export const EXIT = {
  passed: 0,
  /** The package is at fault. */
  failed: 1,
  /** The command line or the request is wrong; nothing was started. */
  usage: 2,
  /** The infrastructure, or ALTS itself, is at fault. */
  error: 3,
  /** As shells say it of SIGINT: 128 + 2. */
  interrupted: 130,
} as const;

/** What each verdict exits with. */
export const VERDICT_EXIT_CODES: Readonly<Record<Verdict, number>> = {
  passed: EXIT.passed,
  failed: EXIT.failed,
  error: EXIT.error,
  cancelled: EXIT.interrupted,
};

/** Worst first. An error is worse than a failure: one system that could not be tried makes the whole answer unknown. */
const WORST_FIRST: readonly Verdict[] = ['cancelled', 'error', 'failed', 'passed'];

/** The exit code for tests on several systems: the worst verdict decides. No verdict at all is an error. */
export function exitCodeOf(verdicts: readonly Verdict[]): number {
  const worst = WORST_FIRST.find((verdict) => verdicts.includes(verdict)) ?? 'error';
  return VERDICT_EXIT_CODES[worst];
}

/** What an exception exits with: the user's to correct, or not. */
export const ERROR_EXIT_CODES: Readonly<Record<ErrorCode, number>> = {
  invalid_request: EXIT.usage,
  invalid_plugin: EXIT.usage,
  wrong_system: EXIT.error,
  not_supported: EXIT.error,
  baseline_unusable: EXIT.error,
  suite_unusable: EXIT.error,
  artifact_not_found: EXIT.error,
  limit_exceeded: EXIT.error,
  internal: EXIT.error,
  runner_unavailable: EXIT.error,
  image_unavailable: EXIT.error,
  environment_lost: EXIT.error,
  repository_unavailable: EXIT.error,
  disk_full: EXIT.error,
  out_of_memory: EXIT.error,
  time_limit: EXIT.error,
  store_unavailable: EXIT.error,
  queue_unavailable: EXIT.error,
};
