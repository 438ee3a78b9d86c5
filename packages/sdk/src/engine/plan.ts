import { randomUUID } from 'node:crypto';
import type { Checker } from '../contracts/checker.ts';
import { assertKnownSystem, isKnownSystem, knownFamily, whyUnsupported } from '../contracts/distributions.ts';
import { AltsError } from '../contracts/errors.ts';
import type { Exclusions } from '../contracts/exclusions.ts';
import type { PackageManager } from '../contracts/package-manager.ts';
import { assertContract } from '../contracts/plugin.ts';
import type { TestReport } from '../contracts/report.ts';
import type { TestRequest } from '../contracts/request.ts';
import { parseRequest } from '../contracts/request.ts';
import type { ResultStore } from '../contracts/result-store.ts';
import type { Runner } from '../contracts/runner.ts';
import type { TestSuites } from '../contracts/test-suites.ts';
import { type Baseline, baselineOf } from './baseline.ts';
import type { EventListener } from './event-stream.ts';
import { assertFitsFamily } from './family-rules.ts';
import { assertKnownRules } from './known-rules.ts';
import { type PlannedStage, planStages } from './lifecycle/plan-stages.ts';
import { assertLocalPaths } from './local-paths.ts';
import { parseBaseline, referenceRequest } from './reference.ts';
import { requestedName } from './requested-name.ts';
import { secretsOf } from './secrets.ts';

/** A further artifact that is made from the finished report. */
export interface ReportArtifact {
  readonly name: string;
  render(report: TestReport): string;
}

/** All that the engine is composed of; nothing in it is made by the engine. */
export interface EngineParts {
  readonly runner: Runner;
  readonly store: ResultStore;
  readonly packageManagers: readonly PackageManager[];
  readonly checkers: readonly Checker[];
  readonly reportArtifacts: readonly ReportArtifact[];
  readonly suites: TestSuites;
}

export interface TestOptions {
  /** Cancels the test: the running command is stopped, the environment goes, the report says `cancelled`. */
  readonly signal?: AbortSignal | undefined;
  /** Told of each event in order, while it happens; a promise is awaited before the next. */
  readonly onEvent?: EventListener | undefined;
  /** Leaves the environment running, for at most a day. Default false. */
  readonly keep?: boolean | undefined;
  /**
   * An earlier report of the same package, as an object: what it has, too, is `known` and decides nothing. A version to
   * compare with is in the request.
   */
  readonly baseline?: unknown;
  /** Stages that a document excludes packages from; each is `skipped` in the report, with the reason. */
  readonly exclusions?: Exclusions | undefined;
  /**
   * What the names of artifacts begin with, but for that of the report: where several attempts at one task write to the
   * same store, none writes over what is another's. Default: nothing.
   */
  readonly artifactPrefix?: string | undefined;
  /** As `onEvent`, of the test of the request's `baseline`, which comes first and has a task id of its own. */
  readonly onBaselineEvent?: EventListener | undefined;
}

/** A request that can be run as it is. */
export interface Plan {
  readonly taskId: string;
  readonly request: TestRequest;
  readonly parts: EngineParts;
  /** What is to run, in this order. */
  readonly stages: readonly PlannedStage[];
  readonly keep: boolean;
  /** Of the options. */
  readonly artifactPrefix: string;
  /** The report that was handed over. */
  readonly baseline?: Baseline | undefined;
  /** Of the options. */
  readonly exclusions?: Exclusions | undefined;
  /** What has to be tested first, to be compared with. */
  readonly referenceRequest?: TestRequest | undefined;
  /** It is the reference of another test: it is to see all, and no finding ends it. */
  readonly isReference?: boolean | undefined;
  /** What must not appear in logs and events. */
  readonly secrets: readonly string[];
}

/**
 * Everything that can be known to be wrong before anything starts.
 * @throws {AltsError} `invalid_request`, `invalid_plugin`
 */
export async function plan(input: unknown, parts: EngineParts, options: TestOptions): Promise<Plan> {
  const request = parseRequest(input);
  assertContract('runner', parts.runner, 'options.runner');
  assertContract('result-store', parts.store, 'options.store');
  await assertSystem(request, parts);
  assertKnownRules(request, parts.checkers);
  const reference = options.baseline === undefined ? undefined : parseBaseline(options.baseline, request);
  await assertLocalPaths(request);
  const taskId = request.taskId ?? randomUUID();
  const complete = { ...request, taskId };
  const { artifactPrefix = '' } = options;
  return {
    taskId,
    request: complete,
    parts,
    artifactPrefix,
    stages: planStages(request.lifecycle).map((stage) => ({ ...stage, log: `${artifactPrefix}${stage.log}` })),
    keep: options.keep ?? false,
    baseline: reference && baselineOf(reference),
    exclusions: options.exclusions,
    referenceRequest: referenceRequest(complete, requestedName(request.package)),
    secrets: secretsOf(request),
  };
}

/** A table knows the usual systems; a runner may know others, whose family is learnt from the system itself. */
async function assertSystem(request: TestRequest, { runner, packageManagers }: EngineParts): Promise<void> {
  const { system } = request;
  const family = knownFamily(system.distribution);
  const other = !isKnownSystem(system) && (await runner.knows?.(system));
  if (!other || whyUnsupported(system.distribution)) assertKnownSystem(system);
  if (family === undefined) return;
  if (!packageManagers.some((manager) => manager.family === family)) {
    throw new AltsError('invalid_request', `system: nothing here handles ${family} packages of ${system.distribution}`);
  }
  assertFitsFamily(request, family);
}
