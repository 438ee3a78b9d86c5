import type { Checker } from '../contracts/checker.ts';
import type { Environment } from '../contracts/environment.ts';
import type { AltsError } from '../contracts/errors.ts';
import type { CheckContext, Facts } from '../contracts/facts.ts';
import type { InstallTarget, PackageManager, SystemFacts } from '../contracts/package-manager.ts';
import type { Phase } from '../contracts/phases.ts';
import type { ArtifactRef, Failure, ReportedFinding, StageResult, TestedPackage } from '../contracts/report.ts';
import type { StageName } from '../contracts/stages.ts';
import type { SuiteResult } from '../contracts/suite-result.ts';
import type { Baseline } from './baseline.ts';
import type { EventStream } from './event-stream.ts';
import { TOO_MANY_FINDINGS } from './known-rules.ts';
import type { PlannedStage } from './lifecycle/plan-stages.ts';
import type { Presence } from './lifecycle/presence.ts';
import type { Plan } from './plan.ts';
import type { ReadingEnvironment } from './reading-environment.ts';
import type { StageLog } from './stage-log.ts';
import type { StageShell } from './stage-shell.ts';
import type { Deadline } from './time-limit.ts';
import type { TriageRules } from './triage.ts';

/** What is learnt on the way; each stage adds to it, and the report is written from it. */
export interface TestState {
  environment?: Environment;
  /** The same for commands that only read. */
  reader?: ReadingEnvironment;
  packageManager?: PackageManager;
  systemFacts?: SystemFacts;
  target?: InstallTarget;
  expectedArchitecture?: string;
  tested: TestedPackage;
  /** What of the package under test is in the environment now. */
  presence: Presence;
  facts: Partial<Facts>;
  /** Configuration files in which a person's change is, until the package is purged. */
  changedFiles: ReadonlySet<string>;
  readonly findings: ReportedFinding[];
  readonly suites: SuiteResult[];
  /** Artifacts other than the logs of stages, as they become durable. */
  readonly kept: Promise<ArtifactRef>[];
  /** Phases in which all checkers of that phase have come to their end. */
  readonly judged: Set<Phase>;
  /** Stages that rules have taken out. */
  readonly ruledOut: Set<StageName>;
  /** The day of the test in UTC: `2026-12-31`. */
  readonly today: string;
  baseline?: Baseline | undefined;
  /** Why there is none although one was asked for; the test ends with it before it starts an environment. */
  noBaseline?: AltsError | undefined;
}

/** What a stage says of itself besides how it ended; it stands in its result whatever comes after. */
export type StageRecord = Pick<StageResult, 'versions' | 'alsoRemoved'>;

/** What a stage has to work with. */
export interface StageContext {
  readonly plan: Plan;
  readonly planned: PlannedStage;
  readonly record: StageRecord;
  readonly state: TestState;
  readonly log: StageLog;
  readonly events: EventStream;
  /** Aborts when the test is cancelled or the stage's time is up. */
  readonly signal: AbortSignal;
  readonly deadline: Deadline;
  /** The way to the environment; there from `initial_provision` on. */
  readonly shell: StageShell;
}

/** How a stage ends when nothing was thrown. */
export type StageOutcome =
  | { readonly status: 'passed' }
  | { readonly status: 'failed'; readonly failure: Failure }
  | { readonly status: 'skipped'; readonly reason: string };

export const PASSED: StageOutcome = { status: 'passed' };

export function failed(failure: Failure): StageOutcome {
  return { status: 'failed', failure };
}

/** What a stage needs and an earlier one made; its absence is a fault of the engine. */
export function required<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`${what} is missing`);
  return value;
}

export function checkContext({ plan, state }: StageContext, phase: Phase): CheckContext {
  const { package: asked, allow } = plan.request;
  return {
    phase,
    allow,
    package: {
      name: required(state.target, 'the install target').name,
      expectedVersion: asked.version ?? state.target?.version,
      expectedArchitecture: state.expectedArchitecture,
      origin: state.tested.origin,
      expectedOrigin: 'origin' in asked ? asked.origin : undefined,
    },
  };
}

/** How findings of this test are looked at. */
export function triageRules({ request, isReference }: Plan, { today, baseline }: TestState): TriageRules {
  return { severities: request.severities, waivers: request.waivers, today, baseline, isReference };
}

/** Whether a checker has judged in every phase in which it does, and all that it found is listed. */
export function hasJudged({ parts }: Plan, { judged, findings }: TestState): (id: string) => boolean {
  const cut = new Set(findings.filter(({ rule }) => rule === TOO_MANY_FINDINGS).map(({ checker }) => checker));
  return (id) => {
    const checker = parts.checkers.find((one) => one.id === id);
    return checker !== undefined && !cut.has(id) && phasesOf(checker).every((phase) => judged.has(phase));
  };
}

export const phasesOf = ({ phases = ['installed'] }: Checker): readonly Phase[] => phases;
