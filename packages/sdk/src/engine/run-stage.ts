import { AltsError, serializeError } from '../contracts/errors.ts';
import type { StageResult } from '../contracts/report.ts';
import type { StageName } from '../contracts/stages.ts';
import type { EventStream } from './event-stream.ts';
import type { PlannedStage } from './lifecycle/plan-stages.ts';
import type { Plan } from './plan.ts';
import { StageLog } from './stage-log.ts';
import { StageShell } from './stage-shell.ts';
import { STAGE_ACTIONS } from './stages/index.ts';
import { required, type StageOutcome, type StageRecord, type TestState } from './test-state.ts';
import { Deadline } from './time-limit.ts';

/** How much longer than a command's own limit a stage waits for it to be stopped in an orderly way. */
const STOPPING_MS = 5000;

export interface StageRun {
  readonly plan: Plan;
  readonly state: TestState;
  readonly events: EventStream;
  /** Aborts when the test is cancelled. */
  readonly cancel: AbortSignal;
  /** Of the whole test. */
  readonly testDeadline: Deadline;
  /** Set when the stage is not to run: the reason. */
  readonly skip?: string | undefined;
}

/** Everything of a stage's result but its outcome. */
type Header = Pick<StageResult, 'name' | 'startedAt' | 'durationMs' | 'log' | 'exitCode'> & StageRecord;

/** Runs one stage, or records why it does not run: log, events, limit, and an outcome for whatever is thrown. */
export async function runStage(planned: PlannedStage, run: StageRun): Promise<{ result: StageResult; log: StageLog }> {
  const { plan, events } = run;
  const { name } = planned;
  const record: StageRecord = {};
  const startedAt = new Date().toISOString();
  const started = performance.now();
  const log = new StageLog({
    stage: name,
    name: planned.log,
    taskId: plan.taskId,
    store: plan.parts.store,
    events,
    secrets: plan.secrets,
  });
  await events.emit({ type: 'stage-started', stage: name });
  const { shell, outcome } = run.skip ? skipped(run.skip) : await act(planned, { ...run, record }, log);
  await log.note(describe(name, outcome));
  log.close();
  const header: Header = {
    name,
    startedAt,
    durationMs: Math.round(performance.now() - started),
    log: log.name,
    ...record,
  };
  if (shell?.exitCode !== undefined) header.exitCode = shell.exitCode;
  const result = { ...header, ...outcome } as StageResult;
  await events.emit({ type: 'stage-finished', result });
  return { result, log };
}

type Outcome = StageOutcome | { status: 'error'; error: ReturnType<typeof serializeError> } | { status: 'cancelled' };

function skipped(reason: string): { shell: undefined; outcome: Outcome } {
  return { shell: undefined, outcome: { status: 'skipped', reason } };
}

async function act(
  planned: PlannedStage,
  run: StageRun & { readonly record: StageRecord },
  log: StageLog,
): Promise<{ shell: StageShell | undefined; outcome: Outcome }> {
  const { name } = planned;
  const { plan, state, cancel, testDeadline } = run;
  const own = new Deadline(name, plan.request.timeoutsMs[name]);
  const deadline = name === 'stop_environment' ? own : Deadline.earlier(own, testDeadline);
  // Commands are stopped by the shell at the deadline, and their output says whose fault that is; this is for the rest.
  using limit = new Deadline(deadline.what, deadline.remainingMs + (state.environment ? STOPPING_MS : 0)).start();
  const signal = AbortSignal.any([cancel, limit.signal]);
  let shell: StageShell | undefined;
  const context = {
    ...run,
    planned,
    log,
    signal,
    deadline,
    get shell(): StageShell {
      const environment = required(state.environment, 'the environment');
      const reader = required(state.reader, 'the reading environment');
      shell ??= new StageShell({
        environment,
        reader,
        log,
        signal,
        deadline,
        commandLimitMs: plan.request.timeoutsMs.command,
      });
      return shell;
    },
  };
  try {
    cancel.throwIfAborted();
    const outcome = await STAGE_ACTIONS[name](context);
    return { shell, outcome };
  } catch (error) {
    if (cancel.aborted) return { shell, outcome: { status: 'cancelled' } };
    return {
      shell,
      outcome: {
        status: 'error',
        error: serializeError(AltsError.from(limit.signal.aborted ? deadline.error() : error)),
      },
    };
  }
}

function describe(name: StageName, outcome: Outcome): string {
  switch (outcome.status) {
    case 'failed':
      return `${name} failed: ${outcome.failure.message}`;
    case 'error':
      return `${name} error (${outcome.error.code}): ${[outcome.error.message, ...(outcome.error.causes ?? [])].join(': ')}`;
    case 'skipped':
      return `${name} skipped: ${outcome.reason}`;
    default:
      return `${name} ${outcome.status}`;
  }
}
