import type { CheckContext, Facts } from './facts.ts';
import type { Phase } from './phases.ts';
import type { Finding, Severity } from './report.ts';

export interface Rule {
  /** Unique within the checker: `missing-file`. */
  readonly id: string;
  readonly severity: Severity;
  /** What it finds, in one sentence. */
  readonly summary: string;
  /** Why that breaks something, for whom, in one or two sentences. */
  readonly why: string;
  /** What a packager does about it, in one or two sentences. */
  readonly fix: string;
  /** Where the rule comes from: a policy section, a man page, a packaging guideline. */
  readonly source: string;
}

/** Judges facts. Pure: the same on a live system, on a recorded report, in a unit test. */
export interface Checker<Needs extends keyof Facts = keyof Facts> {
  readonly contract: 'checker/1';
  readonly id: string;
  /** Id, severity, and the policy section or man page that each rule comes from. */
  readonly rules: readonly Rule[];
  /** Reading a fact that is not listed here does not compile. */
  readonly needs: readonly Needs[];
  /** When it judges; default `installed` alone. */
  readonly phases?: readonly Phase[] | undefined;
  check(facts: Pick<Facts, Needs>, context: CheckContext): Iterable<Finding>;
}
