import type { ArtifactRef, StageResult, TestReport } from '../contracts/report.ts';
import { Architecture } from '../contracts/system.ts';
import { compareWith } from './baseline.ts';
import type { Plan } from './plan.ts';
import { mapTexts, redactRequest, SecretMask } from './secrets.ts';
import { hasJudged, type TestState } from './test-state.ts';
import { foldVerdict } from './verdict.ts';

interface ReportInput {
  readonly plan: Plan;
  readonly state: TestState;
  readonly results: readonly StageResult[];
  readonly artifacts: readonly ArtifactRef[];
  readonly startedAt: Date;
  readonly durationMs: number;
}

/** Folds what the stages did and learnt into one document, without secrets. */
export function buildReport({ plan, state, results, artifacts, startedAt, durationMs }: ReportInput): TestReport {
  const { system } = plan.request;
  const { environment, packageManager, systemFacts } = state;
  const stages = [...results];
  const verdict = foldVerdict(stages);
  const failing = stages.find((stage) => stage.status === 'error');
  const { findings, tested } = state;
  const baseline =
    state.baseline && compareWith(state.baseline, { findings, version: tested.version }, hasJudged(plan, state));
  const architecture = Architecture.safeParse(environment?.system.architecture ?? system.architecture);
  const report: TestReport = {
    schemaVersion: 1,
    taskId: plan.taskId,
    verdict,
    ...(verdict === 'error' && failing ? { error: failing.error } : {}),
    request: redactRequest(plan.request),
    system: {
      distribution: system.distribution,
      version: system.version,
      architecture: architecture.success ? architecture.data : null,
      family: packageManager?.family ?? null,
      name: systemFacts?.name ?? null,
      kernel: systemFacts?.kernel ?? null,
    },
    runner: { type: plan.parts.runner.name, environment: environment?.id ?? null, image: environment?.image ?? null },
    package: state.tested,
    startedAt: startedAt.toISOString(),
    durationMs,
    stages,
    findings: [...state.findings],
    suites: [...state.suites],
    ...(baseline && { baseline }),
    artifacts: [...artifacts],
  };
  return masked(report, new SecretMask(plan.secrets));
}

/** Fields that quote tools, which may quote a URL with its password. Names and closed lists are left alone. */
const QUOTING = new Set(['message', 'output', 'command', 'causes', 'evidence', 'origin']);

function masked<T>(value: T, mask: SecretMask): T {
  return mapTexts(value, (text, field) => (QUOTING.has(field) ? mask.mask(text) : text));
}
