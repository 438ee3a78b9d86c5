import { AltsError, serializeError } from '../contracts/errors.ts';
import type { ArtifactRef, ReportedFinding, StageResult, TestReport } from '../contracts/report.ts';
import type { StageName } from '../contracts/stages.ts';
import { baselineOf } from './baseline.ts';
import { buildReport } from './build-report.ts';
import { EventStream } from './event-stream.ts';
import { type EngineParts, type Plan, plan, type TestOptions } from './plan.ts';
import { unusableReference } from './reference.ts';
import { requestedName } from './requested-name.ts';
import { runStage } from './run-stage.ts';
import { skipFindings } from './skip-findings.ts';
import { skipForWantOf, skipOfStage } from './skips.ts';
import type { StageLog } from './stage-log.ts';
import { hasJudged, type TestState, triageRules } from './test-state.ts';
import { Deadline } from './time-limit.ts';
import { waiverFindings } from './waiver-findings.ts';

/** Why a stage is not run after what came before it; undefined: it runs. */
function reasonToSkip(
  name: StageName,
  plan: Plan,
  state: TestState,
  results: readonly StageResult[],
): string | undefined {
  if (name === 'stop_environment') return undefined;
  const ended = results.find((result) => result.status !== 'passed' && result.status !== 'skipped');
  if (ended) return `${ended.name} ended with "${ended.status}"`;
  const ruled = skipOfStage(name, plan, state);
  if (ruled !== undefined) state.ruledOut.add(name);
  return ruled ?? skipForWantOf(name, plan, state);
}

const never = new AbortController().signal;

/** Runs all stages of a plan, the last one whatever happened. */
async function runStages(
  planned: Plan,
  state: TestState,
  events: EventStream,
  signal: AbortSignal,
): Promise<{ results: StageResult[]; logs: StageLog[] }> {
  const results: StageResult[] = [];
  const logs: StageLog[] = [];
  const testDeadline = new Deadline('the test', planned.request.timeoutsMs.test);
  for (const stage of planned.stages) {
    const { name } = stage;
    const cancel = name === 'stop_environment' ? never : signal;
    const { result, log } = await runStage(stage, {
      plan: planned,
      state,
      events,
      cancel,
      testDeadline,
      skip: reasonToSkip(name, planned, state, results),
    });
    results.push(result);
    logs.push(log);
  }
  return { results, logs };
}

/** Stores what is left to store: the baseline, whatever is made from the report, and the report itself, last and once. */
async function storeReport(
  report: TestReport,
  { parts, taskId, artifactPrefix: prefix }: Plan,
  reference?: TestReport,
): Promise<TestReport> {
  const artifacts: ArtifactRef[] = [...report.artifacts];
  if (reference) artifacts.push(await parts.store.put({ taskId, name: `${prefix}baseline.json` }, document(reference)));
  for (const artifact of parts.reportArtifacts) {
    artifacts.push(await parts.store.put({ taskId, name: prefix + artifact.name }, bytes(artifact.render(report))));
  }
  const complete = { ...report, artifacts };
  await parts.store.put({ taskId, name: 'report.json' }, document(complete), { once: true });
  return complete;
}

const document = (report: TestReport): AsyncGenerator<Uint8Array> => bytes(`${JSON.stringify(report, null, 2)}\n`);

async function* bytes(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

/**
 * Runs one test from a request to a report.
 * @throws {AltsError} `invalid_request` or `invalid_plugin`, before anything starts; never for a package or an
 *   infrastructure that fails, which is what the report is for
 */
export async function runTestWith(parts: EngineParts, input: unknown, options: TestOptions = {}): Promise<TestReport> {
  return runPlanned(await plan(input, parts, options), options);
}

/** Tests the reference, where there is one to be tested. Nothing of it decides, so that it goes on to its end. */
async function testReference({ referenceRequest, parts }: Plan, options: TestOptions): Promise<TestReport | undefined> {
  if (!referenceRequest) return undefined;
  const { signal, onBaselineEvent: onEvent, artifactPrefix } = options;
  const own = { signal, onEvent, artifactPrefix };
  return runPlanned({ ...(await plan(referenceRequest, parts, own)), isReference: true }, own);
}

/** What is said of the request itself, when all stages are over. */
function closingFindings(planned: Plan, state: TestState, results: readonly StageResult[]): ReportedFinding[] {
  const judged = hasJudged(planned, state);
  return [
    ...waiverFindings(triageRules(planned, state), state.tested, state.findings, judged),
    ...skipFindings(planned, state, results),
  ];
}

async function runPlanned(planned: Plan, options: TestOptions): Promise<TestReport> {
  const reference = await testReference(planned, options);
  const startedAt = new Date();
  const started = performance.now();
  const events = new EventStream(planned.taskId, options.onEvent);
  const name = requestedName(planned.request.package);
  const state: TestState = {
    tested: { name, version: null, architecture: null, origin: null, sha256: null },
    presence: { status: 'never' },
    facts: {},
    changedFiles: new Set(),
    findings: [],
    suites: [],
    kept: [],
    judged: new Set(),
    ruledOut: new Set(),
    today: startedAt.toISOString().slice(0, 10),
    baseline: reference ? baselineOf(reference) : planned.baseline,
    noBaseline: reference && unusableReference(reference),
  };
  const { results, logs } = await runStages(planned, state, events, options.signal ?? never);
  for (const finding of closingFindings(planned, state, results)) {
    state.findings.push(finding);
    await events.emit({ type: 'finding', finding });
  }
  const stored = await Promise.allSettled([...logs.map((log) => log.stored), ...state.kept]);
  const artifacts = stored.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const lost = stored.find((outcome) => outcome.status === 'rejected');
  const durationMs = Math.round(performance.now() - started);
  let report = buildReport({ plan: planned, state, results, artifacts, startedAt, durationMs });
  if (lost) report = withStoreError(report, lost.reason);
  try {
    report = await storeReport(report, planned, reference ?? planned.baseline?.report);
  } catch (error) {
    report = withStoreError(report, error);
  }
  await events.emit({ type: 'verdict', verdict: report.verdict });
  return report;
}

/** Evidence that is lost makes a passed test worthless; a worse verdict stays what it is. */
function withStoreError(report: TestReport, cause: unknown): TestReport {
  if (report.verdict !== 'passed') return report;
  return { ...report, verdict: 'error', error: serializeError(AltsError.from(cause)) };
}
