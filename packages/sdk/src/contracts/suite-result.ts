import { z } from 'zod';

/** How one test of a suite ended. `flaky`: it failed, and passed when it was run again. `error`: it could not be run. */
export const TestStatus = z.enum(['passed', 'failed', 'skipped', 'flaky', 'timed-out', 'error']);
export type TestStatus = z.infer<typeof TestStatus>;

/** What a test is written in, and so what runs it. */
export const TestKind = z.enum(['shell', 'bats', 'python', 'ansible', 'executable', 'autopkgtest', 'tmt']);
export type TestKind = z.infer<typeof TestKind>;

/** How a suite says which tests it has. */
export const SuiteFormat = z.enum(['scripts', 'autopkgtest', 'tmt']);
export type SuiteFormat = z.infer<typeof SuiteFormat>;

/** One thing that a test looked at, by its own words: a test point of TAP. */
export const TestCase = z.object({
  /** Of a subtest: the names above it, then its own, with ` > ` between them. */
  name: z.string(),
  /** `todo`: it failed, and the test says that this is expected. */
  status: z.enum(['passed', 'failed', 'skipped', 'todo']),
  /** What the test says of it: the text of a directive. */
  reason: z.string().optional(),
  /** What was seen, cut to a few lines. */
  diagnostics: z.string().optional(),
});
export type TestCase = z.infer<typeof TestCase>;

/** One test of a suite: one program that was run, or why it was not. */
export const SuiteTest = z.object({
  name: z.string().min(1),
  kind: TestKind,
  status: TestStatus,
  /** One sentence, where there is more to say than the status. */
  reason: z.string().optional(),
  /** Of all attempts together. */
  durationMs: z.int().nonnegative(),
  /** How often it was run. */
  attempts: z.int().nonnegative(),
  /** Of the last attempt. */
  exitCode: z.int().optional(),
  /** Where a signal ended the last attempt: `SIGKILL`. */
  signal: z.string().optional(),
  /** It prepares others: when it fails, that is noted and decides nothing. */
  optional: z.literal(true).optional(),
  /** Name of the artifact that has all that it printed; there when it ran. */
  log: z.string().min(1).optional(),
  cases: z.array(TestCase),
  /** Cases that there were besides: the list has a limit. */
  casesOmitted: z.int().positive().optional(),
  /** Names of the artifacts that it left. */
  artifacts: z.array(z.string()).optional(),
});
export type SuiteTest = z.infer<typeof SuiteTest>;

/** What became of one suite of the request. */
export const SuiteResult = z.object({
  /** Where it came from, without user and password. */
  source: z.string().min(1),
  /** Of a git repository: the commit that was tested, 40 or 64 hexadecimal digits. */
  commit: z.string().optional(),
  /** Working directory of the tests in the environment. */
  directory: z.string(),
  format: SuiteFormat,
  /** Packages that were installed for the tests, `name version` each. */
  tools: z.array(z.string()),
  /** What of the suite was not understood, or not done. */
  notes: z.array(z.string()),
  tests: z.array(SuiteTest),
});
export type SuiteResult = z.infer<typeof SuiteResult>;

/** Whether a test speaks against the package. The only place where that is decided. */
export function speaksAgainst({ status, optional }: Pick<SuiteTest, 'status' | 'optional'>): boolean {
  return optional !== true && (status === 'failed' || status === 'timed-out');
}
