import type { ExecEnd, Inventory, OutputChunk } from './environment.ts';
import type { Failure } from './report.ts';
import type { SuiteSpec } from './suite.ts';
import type { Judge, LocalSuite, Protocol, SuitePlan, SuiteTarget } from './suite-plan.ts';

export interface FetchContext {
  readonly signal: AbortSignal;
  /** A line for the log of the stage. */
  readonly note: (line: string) => void;
}

/** One run of an ansible playbook. */
export interface Play {
  readonly suite: LocalSuite;
  /** Path of the playbook in the suite. */
  readonly playbook: string;
  readonly inventory: Inventory;
  /** Of the process, and extra variables of ansible, whose values it takes as they are. */
  readonly variables: Readonly<Record<string, string>>;
  /** Milliseconds until all that it started on this machine is killed. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Awaited for each chunk. */
  readonly onOutput: (chunk: OutputChunk) => void | Promise<void>;
}

/** How it ended, or why that says nothing: one sentence. */
export type PlayResult = { readonly end: ExecEnd } | { readonly unusable: string };

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
  /**
   * Runs an ansible playbook on this machine, connected to the environment. It is code that runs on this machine, too,
   * as the user who runs the test. Nothing that it started on this machine is left.
   * @throws the signal's reason on abort
   */
  play(play: Play): Promise<PlayResult>;
}
