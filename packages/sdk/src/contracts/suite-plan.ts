import type { Argv, ExecEnd, OutputChunk } from './environment.ts';
import type { SuiteSpec } from './suite.ts';
import type { SuiteFormat, SuiteTest, TestCase, TestKind } from './suite-result.ts';
import type { Family } from './system.ts';

/** A suite that was fetched: a directory on this machine, which goes when it is disposed of unless it is the user's. */
export interface LocalSuite extends AsyncDisposable {
  /** Root of all that was fetched; absolute. All of it is brought into the environment. */
  readonly root: string;
  /** Directory of the tests inside the root; empty for the root itself. */
  readonly dir: string;
  /** What it is called in the environment, `/tests/<name>`: letters, digits, `.`, `_`, `-`. */
  readonly name: string;
  /** For the report: URL or path, without user and password. */
  readonly source: string;
  readonly commit?: string | undefined;
}

/** What tests are planned for. */
export interface SuiteTarget {
  readonly package: string;
  readonly family: Family;
  /** As the environment's package manager calls it: `amd64`, `x86_64`. */
  readonly architecture: string;
  readonly distribution: string;
  readonly version: string;
  /** The environment can be rebooted. */
  readonly canReboot: boolean;
  /** It is a machine of its own, with a kernel of its own. */
  readonly isMachine: boolean;
  /** Ansible can reach it. */
  readonly hasInventory: boolean;
}

/** How a test is judged. `tap`: by the cases where it prints TAP, and by its exit code. `dep8`: as DEP-8 says. */
export type Protocol =
  | { readonly type: 'tap' }
  | {
      readonly type: 'dep8';
      /** Restriction `allow-stderr`; without it any output there is a failure. */
      readonly allowStderr: boolean;
      /** Restriction `skippable`: exit 77 means skipped. */
      readonly skippable: boolean;
      /** Restriction `flaky`: a failure decides nothing. */
      readonly flaky: boolean;
    };

/** One program that is to be run as a test. */
export interface PlannedTest {
  /** Unique within the suite. */
  readonly name: string;
  readonly kind: TestKind;
  /** Run in the environment; of an ansible playbook on this machine: the path of the playbook in the suite. */
  readonly command: Argv;
  /** Relative to the suite's directory in the environment. Left out: that directory. */
  readonly cwd?: string | undefined;
  /** User who runs it. Left out: the superuser. `unprivileged`: an ordinary user, whose the suite then is. */
  readonly user?: 'unprivileged' | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Dependencies in the syntax of the family, `gcc, libc6-dev (>= 2.31) | libc-dev`; installed before it is run. */
  readonly requires: readonly string[];
  /** A dependency that cannot be had skips the test: DEP-8's `skip-not-installable`. */
  readonly skipNotInstallable?: boolean | undefined;
  /** Milliseconds that the test itself asks for; the request goes before it. */
  readonly timeoutMs?: number | undefined;
  /** It prepares others: a failure decides nothing. */
  readonly optional?: boolean | undefined;
  /** It is not run: why. */
  readonly skip?: string | undefined;
  readonly protocol: Protocol;
}

/** What a suite consists of. */
export interface SuitePlan {
  readonly format: SuiteFormat;
  readonly tests: readonly PlannedTest[];
  /** What of it was not understood, one sentence each: nothing is left out in silence. */
  readonly notes: readonly string[];
}

/**
 * Reads what tests a suite has; undefined: it is of another format. A suite that breaks the rules of its format gives
 * notes and skipped tests, never an exception.
 */
export type PlanSuite = (suite: LocalSuite, spec: SuiteSpec, target: SuiteTarget) => Promise<SuitePlan | undefined>;

/** What a judge says of one attempt. */
export type Judgement = Pick<SuiteTest, 'reason' | 'cases' | 'casesOmitted'> & {
  readonly status: 'passed' | 'failed' | 'skipped' | 'timed-out' | 'flaky';
};

/** Reads what one attempt prints while it prints it, in bounded memory, and judges it at its end. */
export interface Judge {
  push(chunk: OutputChunk): void;
  end(end: ExecEnd): Judgement;
}

export type { TestCase };
