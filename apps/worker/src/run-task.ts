import {
  AltsError,
  type Delivery,
  ERROR_CODES,
  type Runner,
  runTest,
  type TaskHandler,
  type TaskMessage,
  type TestEvent,
  type TestReport,
} from '@alts/sdk';
import { AttemptStore, REPORT } from './attempt-store.ts';
import type { WorkerParts } from './parts.ts';

export interface TaskOptions {
  readonly runner: Runner;
  /** Attempts of a task until an infrastructure at fault is its verdict. */
  readonly maxAttempts: number;
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

/** One delivery of a task: runs it, stores what came of it, and says what is to become of the message. */
export async function runTask(parts: WorkerParts, arrived: Arrived, options: TaskOptions): Promise<Answer> {
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
  parts: WorkerParts,
  arrived: Arrived,
  { runner, maxAttempts, signal }: TaskOptions & { readonly signal: AbortSignal },
): Promise<Answer> {
  const { taskId, request } = arrived.message;
  const { attempt } = arrived.delivery;
  const store = new AttemptStore(parts.store);
  parts.log.info({ taskId, attempt }, 'a test begins');
  let report: TestReport;
  try {
    const onEvent = (event: TestEvent) => {
      // That it is over is told when the report is stored.
      if (event.type !== 'verdict') tell(parts, arrived, event);
    };
    report = await runTest(request, { runner, store, signal, onEvent });
  } catch (error) {
    const { code, message } = AltsError.from(error);
    if (code !== 'invalid_request' && code !== 'invalid_plugin') throw error;
    return { reject: message };
  }
  if (signal.reason instanceof HandedBack) return 'retry';
  const again = attempt < maxAttempts && mayPass(report);
  await store.release(taskId, again ? `report-attempt-${attempt}.json` : REPORT);
  parts.log.info({ taskId, attempt, verdict: report.verdict, again }, 'a test is over');
  if (again) return 'retry';
  tellVerdict(parts, arrived, report.verdict);
  return 'done';
}

function tell(
  { broadcast }: WorkerParts,
  { message: { taskId }, delivery: { attempt } }: Arrived,
  event: TestEvent,
): void {
  broadcast.emit({ kind: 'test', taskId, attempt, event });
}

/** The last word on a task: its report is stored. */
function tellVerdict(parts: WorkerParts, arrived: Arrived, verdict: TestReport['verdict']): void {
  const { taskId } = arrived.message;
  const at = new Date().toISOString();
  tell(parts, arrived, { type: 'verdict', verdict, taskId, sequence: Number.MAX_SAFE_INTEGER, at });
}

/** Only an infrastructure at fault, and only where another try may end otherwise. */
function mayPass({ verdict, error }: TestReport): boolean {
  return verdict === 'error' && error !== undefined && ERROR_CODES[error.code].retry === 'elsewhere';
}

/** A delivery that came again after its result was stored: nothing is tested twice. */
async function storedVerdict({ store }: WorkerParts, taskId: string): Promise<TestReport['verdict'] | undefined> {
  try {
    const chunks = await Array.fromAsync(store.get({ taskId, name: REPORT }));
    return (JSON.parse(Buffer.concat(chunks).toString()) as TestReport).verdict;
  } catch (error) {
    if (AltsError.is(error) && error.code === 'artifact_not_found') return undefined;
    throw error;
  }
}
