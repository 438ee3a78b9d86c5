import { z } from 'zod';
import { SerializedError } from './errors.ts';
import { TaskId, TestRequest } from './request.ts';
import { Severity } from './severity.ts';
import { StageName } from './stages.ts';
import { SuiteResult } from './suite-result.ts';
import { Architecture, Family } from './system.ts';

/** A file kept from a test. */
export const ArtifactRef = z.object({
  name: z.string().min(1),
  /** Bytes. */
  size: z.int().nonnegative(),
  /** Lower-case hexadecimal. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type ArtifactRef = z.infer<typeof ArtifactRef>;

export { Severity };

/** One thing said against a package. */
export const Finding = z.object({
  /** Id of the checker. */
  checker: z.string().min(1),
  /** Id of the rule; unique within the checker. */
  rule: z.string().min(1),
  severity: Severity,
  /** What it is about: the path of a file, or the name of a package. */
  subject: z.string(),
  /** One sentence. */
  message: z.string().min(1),
  /** What was seen, when the sentence does not say it all. */
  evidence: z.string().optional(),
});
export type Finding = z.infer<typeof Finding>;

/**
 * What a finding counts for: only a `new` one decides. `known`: the baseline has it, too. `waived`: the request accepts it.
 */
export const FindingStatus = z.enum(['new', 'known', 'waived']);
export type FindingStatus = z.infer<typeof FindingStatus>;

const StagedFinding = Finding.extend({ stage: StageName });

/** A finding, the stage that made it, and what it counts for. */
export const ReportedFinding = StagedFinding.extend({
  status: FindingStatus.default('new'),
  /** Of the waiver; there if, and only if, the finding is waived. */
  waiver: z.object({ reason: z.string(), expires: z.iso.date().optional() }).optional(),
});
export type ReportedFinding = z.infer<typeof ReportedFinding>;

/** Whether a finding fails its stage. The only place where that is decided. */
export function decides({ severity, status }: Pick<ReportedFinding, 'severity' | 'status'>): boolean {
  return severity === 'error' && status === 'new';
}

/** `error`, `error, known`, `error, waived until 2026-12-31: we know`: what people read before a finding. */
export function formatStanding(finding: Pick<ReportedFinding, 'severity' | 'status' | 'waiver'>): string {
  const { severity, status, waiver } = finding;
  if (status === 'new') return severity;
  if (!waiver) return `${severity}, ${status}`;
  return `${severity}, ${status}${waiver.expires ? ` until ${waiver.expires}` : ''}: ${waiver.reason}`;
}

/** Why a package failed; a closed list, for programs. */
export const FailureReason = z.enum([
  'package_not_found',
  'version_not_found',
  'not_a_package',
  'wrong_architecture',
  'unmet_dependency',
  'conflict',
  'script_failed',
  'unpack_failed',
  'time_limit',
  'findings',
  'suite_not_found',
  'tests_failed',
  'removal_failed',
  'command_failed',
]);
export type FailureReason = z.infer<typeof FailureReason>;

/** The package is at fault: a fact with evidence. */
export const Failure = z.object({
  reason: FailureReason,
  /** One sentence. */
  message: z.string().min(1),
  /** The first command that failed. */
  command: z.array(z.string()).optional(),
  exitCode: z.int().optional(),
  /** Where a signal ended it: `SIGKILL`. */
  signal: z.string().optional(),
  /** The last lines of its output. */
  output: z.string().optional(),
});
export type Failure = z.infer<typeof Failure>;

const Ran = z.object({
  name: StageName,
  startedAt: z.iso.datetime(),
  durationMs: z.int().nonnegative(),
  /** Exit code of the first command that failed, or of the last that ran. */
  exitCode: z.int().optional(),
  /** Name of the artifact that has the stage's whole output. */
  log: z.string().min(1),
  /** Of an upgrade or a downgrade: what was there before it, and what came in its place. */
  versions: z.object({ from: z.string(), to: z.string() }).optional(),
  /** Packages that were removed along with the one under test, because they depend on it. */
  alsoRemoved: z.array(z.string()).optional(),
});

/** What became of one stage: a shape per outcome, so that a passed stage cannot carry a failure. */
export const StageResult = z.discriminatedUnion('status', [
  Ran.extend({ status: z.literal('passed') }),
  /** The package is at fault: never thrown, never retried. */
  Ran.extend({ status: z.literal('failed'), failure: Failure }),
  /** The infrastructure is at fault: retried elsewhere when the code says so. */
  Ran.extend({ status: z.literal('error'), error: SerializedError }),
  Ran.extend({ status: z.literal('cancelled') }),
  /** Never silent: the rule or the earlier stage that took it out. */
  Ran.extend({ status: z.literal('skipped'), reason: z.string().min(1) }),
]);
export type StageResult = z.infer<typeof StageResult>;

/** `failed`: the package is at fault. `error`: the infrastructure is. They are never mixed up. */
export const Verdict = z.enum(['passed', 'failed', 'error', 'cancelled']);
export type Verdict = z.infer<typeof Verdict>;

/** The base image or template that an environment was made from. */
export const ImageRef = z.object({ name: z.string().min(1), digest: z.string().min(1) });
export type ImageRef = z.infer<typeof ImageRef>;

/** The package that was really tested; null is what could not be learnt. */
export const TestedPackage = z.object({
  name: z.string(),
  version: z.string().nullable(),
  architecture: z.string().nullable(),
  /** The repository, file or URL that it came from; without user and password. */
  origin: z.string().nullable(),
  /** SHA-256 of the package file, lower-case hexadecimal. */
  sha256: z.string().nullable(),
});
export type TestedPackage = z.infer<typeof TestedPackage>;

/** What a test was compared with. */
export const BaselineSection = z.object({
  /** Of the test that is the reference; its whole report is the artifact `baseline.json`. */
  taskId: TaskId,
  package: TestedPackage,
  startedAt: z.iso.datetime(),
  /** Findings of the reference that are gone. Only of checkers that have come to their end in this test, too. */
  fixed: z.array(StagedFinding),
});
export type BaselineSection = z.infer<typeof BaselineSection>;

/** All that is known of a test when it is over. */
export const TestReport = z.object({
  /** The version of this document. A reader that does not know it says so instead of guessing. */
  schemaVersion: z.literal(1),
  taskId: TaskId,
  verdict: Verdict,
  /** There if, and only if, the verdict is `error`. */
  error: SerializedError.optional(),
  /** As it was understood, defaults and all; without user and password in URLs. */
  request: TestRequest,
  /** What the environment says of itself. */
  system: z.object({
    distribution: z.string(),
    version: z.string(),
    architecture: Architecture.nullable(),
    family: Family.nullable(),
    /** `PRETTY_NAME` of os-release(5). */
    name: z.string().nullable(),
    kernel: z.string().nullable(),
  }),
  runner: z.object({
    type: z.string(),
    /** The backend's own name for the environment; null when none was made. */
    environment: z.string().nullable(),
    image: ImageRef.nullable(),
  }),
  package: TestedPackage,
  startedAt: z.iso.datetime(),
  durationMs: z.int().nonnegative(),
  /** Every stage, in order; those that did not run are `skipped` with the reason. */
  stages: z.array(StageResult),
  findings: z.array(ReportedFinding),
  /** Of each suite of the request that was begun, in its order. */
  suites: z.array(SuiteResult).default([]),
  /** There when the request or the options named a baseline, and it could be had. */
  baseline: BaselineSection.optional(),
  artifacts: z.array(ArtifactRef),
});
export type TestReport = z.infer<typeof TestReport>;

/**
 * The published JSON Schema (draft 2020-12) of {@link TestReport}; also at `@alts/sdk/report.schema.json`.
 */
export function reportJsonSchema(): object {
  return z.toJSONSchema(TestReport, { io: 'output', target: 'draft-2020-12' });
}
