import type { Failure } from './report.ts';
import type { SuiteSpec } from './suite.ts';
import type { Judge, LocalSuite, Protocol, SuitePlan, SuiteTarget } from './suite-plan.ts';

export interface FetchContext {
  readonly signal: AbortSignal;
  /** A line for the log of the stage. */
  readonly note: (line: string) => void;
}

/** Third-party tests: how they are had, which there are, and what they say. */
export interface TestSuites {
  /**
   * Brings a suite to this machine.
   * @returns a {@link Failure} `suite_not_found` where there is no such ref, directory or file
   * @throws {AltsError} `repository_unavailable`, `limit_exceeded`, `disk_full`, `not_supported`
   */
  fetch(spec: SuiteSpec, context: FetchContext): Promise<Failure | LocalSuite>;
  plan(suite: LocalSuite, spec: SuiteSpec, target: SuiteTarget): Promise<SuitePlan>;
  /** For one attempt of one test. */
  judge(protocol: Protocol): Promise<Judge>;
}
