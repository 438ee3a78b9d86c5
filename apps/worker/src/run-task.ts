import {
  AltsError,
  type Bytes,
  type Delivery,
  ERROR_CODES,
  type Exclusions,
  type Runner,
  runTest,
  type TaskHandler,
  type TaskMessage,
  type TestEvent,
  type TestReport,
} from '@alts/sdk';
import { AttemptStore } from './attempt-store.ts';
import { claimAttempt } from './claim-attempt.ts';
import type { TaskParts } from './parts.ts';
import { REPORT } from './report-name.ts';
import { withCheckers } from './with-checkers.ts';

export interface TaskOptions {
  readonly runner: Runner;
  /** Attempts of a task until an infrastructure at fault is its verdict. */
  readonly maxAttempts: number;
  /** What was made of an exclusion document: to read one is not the task's business. */
  readonly exclusions?: Exclusions | undefined;
  /** Aborts when the worker has to go: what runs is handed back. */
  readonly leaving: AbortSignal;
}

/** A task, and what there is to say of its coming. */
interface Arrived {
  readonly message: TaskMessage;
  readonly delivery: Delivery;
}

type Answer = Awaited<ReturnType<TaskHandler>>;

/** Why a test was stopped that nobody cancelled: its task goes on elsewhere. */
class HandedBack extends Error {}

/** Which attempt a delivery is, with those that were made before the task was published again. */
export const attemptOf = ({ message, delivery }: Arrived): number => (message.attempts ?? 0) + delivery.attempt;

/** One delivery of a task: runs it, stores what came of it, and says what is to become of the message. */
export async function runTask(parts: TaskParts, arrived: Arrived, options: TaskOptions): Promise<Answer> {
  const { taskId } = arrived.message;
  const known = await storedVerdict(parts, taskId);
  if (known) {
    tellVerdict(parts, arrived, known);
    return 'done';
  }
  const stopping = new AbortController();
  await using _ = parts.broadcast.on(taskId, (event) => {
    if (event.kind === 'cancel') stopping.abort(new Error(event.reason));
  });
  const handBack = AbortSignal.any([arrived.delivery.lost, options.leaving]);
  const stop = () => stopping.abort(new HandedBack('handed back'));
  handBack.addEventListener('abort', stop, { once: true });
  if (handBack.aborted) stop();
  try {
    return await runAttempt(parts, arrived, { ...options, signal: stopping.signal });
  } finally {
    handBack.removeEventListener('abort', stop);
  }
}

async function runAttempt(
  parts: TaskParts,
  arrived: Arrived,
  { runner, maxAttempts, exclusions, signal }: TaskOptions & { readonly signal: AbortSignal },
): Promise<Answer> {
  const { taskId, request } = arrived.message;
  const attempt = attemptOf(arrived);
  parts.log.info({ taskId, attempt }, 'a test begins');
  const artifactPrefix = await claimAttempt(parts.store, { taskId, attempt, worker: parts.worker });
  const store = new AttemptStore(parts.store, taskId);
  let report: TestReport;
  try {
    const onEvent = (event: TestEvent) => {
      // That it is over is told when the report is stored.
      if (event.type !== 'verdict') tell(parts, arrived, event);
    };
    const container = withCheckers(parts.checkers);
    report = await runTest(request, { container, runner, store, signal, onEvent, artifactPrefix, exclusions });
  } catch (error) {
    const { code, message } = AltsError.from(error);
    if (code !== 'invalid_request' && code !== 'invalid_plugin') throw error;
    return { reject: message };
  }
  // Nothing failed: as if it had never been here.
  if (signal.reason instanceof HandedBack) return 'pass';
  const again = attempt < maxAttempts && mayPass(report);
  await store.release(again ? `report-attempt-${attempt}.json` : REPORT, report);
  parts.log.info({ taskId, attempt, verdict: report.verdict, again }, 'a test is over');
  if (again) return 'retry';
  tellVerdict(parts, arrived, report.verdict);
  return 'done';
}

function tell({ broadcast, worker }: TaskParts, arrived: Arrived, event: TestEvent): void {
  const { taskId } = arrived.message;
  broadcast.emit({ kind: 'test', taskId, attempt: attemptOf(arrived), worker, event });
}

/** The last word on a task: its report is stored. */
function tellVerdict(parts: TaskParts, arrived: Arrived, verdict: TestReport['verdict']): void {
  tell(parts, arrived, verdictEvent(arrived.message.taskId, verdict));
}

export function verdictEvent(taskId: string, verdict: TestReport['verdict']): TestEvent {
  return { type: 'verdict', verdict, taskId, sequence: Number.MAX_SAFE_INTEGER, at: new Date().toISOString() };
}

/** Only an infrastructure at fault, and only where another try may end otherwise. */
function mayPass({ verdict, error }: TestReport): boolean {
  return verdict === 'error' && error !== undefined && ERROR_CODES[error.code].retry === 'elsewhere';
}

/** A delivery that came again after its result was stored, here or in the store: nothing is tested twice. */
async function storedVerdict({ store, log }: TaskParts, taskId: string): Promise<TestReport['verdict'] | undefined> {
  const waiting = await store.waitingReport(taskId);
  if (waiting) return verdictIn(waiting);
  try {
    return await verdictIn(store.get({ taskId, name: REPORT }));
  } catch (error) {
    const { code } = AltsError.from(error);
    if (code === 'artifact_not_found') return undefined;
    if (code !== 'store_unavailable') throw error;
    // At worst it is tested twice, and the first report stays.
    log.warn({ taskId, error }, 'the store is not there: nobody can say whether this was tested before');
    return undefined;
  }
}

export async function verdictIn(report: Bytes): Promise<TestReport['verdict']> {
  return (JSON.parse(Buffer.concat(await Array.fromAsync(report)).toString()) as TestReport).verdict;
}
