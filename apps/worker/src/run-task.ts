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

type Answer = Awaited<ReturnType<TaskHandler>>;

/** Why a test was stopped that nobody cancelled: its task goes on elsewhere. */
class HandedBack extends Error {}

/** One delivery of a task: runs it, stores what came of it, and says what is to become of the message. */
export async function runTask(
  parts: WorkerParts,
  { message, delivery }: { readonly message: TaskMessage; readonly delivery: Delivery },
  options: TaskOptions,
): Promise<Answer> {
  const { taskId } = message;
  const { attempt } = delivery;
  const { store, log } = parts;
  const known = await storedVerdict(parts, taskId);
  if (known) {
    tell(parts, message, attempt, {
      type: 'verdict',
      verdict: known,
      taskId,
      sequence: 0,
      at: new Date().toISOString(),
    });
    return 'done';
  }
  const cancelling = new AbortController();
  await using _ = parts.broadcast.on(taskId, (event) => {
    if (event.kind === 'cancel') cancelling.abort(new Error(event.reason));
  });
  const handBack = AbortSignal.any([delivery.lost, options.leaving]);
  const stopped = () => cancelling.abort(new HandedBack('handed back'));
  handBack.addEventListener('abort', stopped, { once: true });
  if (handBack.aborted) stopped();
  const attemptStore = new AttemptStore(store);
  try {
    log.info({ taskId, attempt }, 'a test begins');
    const report = await runTest(message.request, {
      runner: options.runner,
      store: attemptStore,
      signal: cancelling.signal,
      onEvent: (event) => {
        if (event.type !== 'verdict') tell(parts, message, attempt, event);
      },
    });
    if (cancelling.signal.reason instanceof HandedBack) return 'retry';
    const again = attempt < options.maxAttempts && mayPass(report);
    await attemptStore.release(taskId, again ? `report-attempt-${attempt}.json` : REPORT);
    log.info({ taskId, attempt, verdict: report.verdict, again }, 'a test is over');
    if (again) return 'retry';
    const at = new Date().toISOString();
    tell(parts, message, attempt, {
      type: 'verdict',
      verdict: report.verdict,
      taskId,
      sequence: Number.MAX_SAFE_INTEGER,
      at,
    });
    return 'done';
  } catch (error) {
    const { code, message: reason } = AltsError.from(error);
    if (code === 'invalid_request' || code === 'invalid_plugin') return { reject: reason };
    throw error;
  } finally {
    handBack.removeEventListener('abort', stopped);
  }
}

function tell({ broadcast }: WorkerParts, { taskId }: TaskMessage, attempt: number, event: TestEvent): void {
  broadcast.emit({ kind: 'test', taskId, attempt, event });
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
