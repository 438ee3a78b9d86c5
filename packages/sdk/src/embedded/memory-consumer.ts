import { type TaskHandler, TaskMessage } from '../contracts/queue.ts';

/** A task that waits, as the text that a broker would hold. */
export interface WaitingTask {
  readonly body: string;
  /** Deliveries so far. */
  readonly attempts: number;
  /** It goes before those that are not. */
  readonly isHigh?: boolean;
}

interface ConsumerOptions {
  readonly queues: readonly { readonly name: string; readonly waiting: WaitingTask[] }[];
  readonly handler: TaskHandler;
  readonly concurrency: number;
  /** What is to become of a task that is not done. */
  readonly onEnd: (queue: string, task: WaitingTask, end: End) => void;
}

export type End = { readonly retry: string } | { readonly reject: string } | 'pass';

/** Of a consumer that has passed a task: others are in this process, and take it at once. */
const REST_MS = 20;

export interface Consumer {
  /** Something may have come. Takes it later, never within the caller's call. */
  wake(): void;
  /** Takes nothing more; resolves when the handlers that run have answered. */
  stop(): Promise<void>;
}

async function answer(handler: TaskHandler, task: WaitingTask): ReturnType<TaskHandler> {
  const message = TaskMessage.parse(JSON.parse(task.body));
  // Nobody can take a message back from within the same process, so this signal never aborts.
  return handler(message, { attempt: task.attempts, lost: new AbortController().signal });
}

export function startConsumer({ queues, handler, concurrency, onEnd }: ConsumerOptions): Consumer {
  const running = new Set<Promise<void>>();
  let stopped = false;
  let resting: NodeJS.Timeout | undefined;
  let turn = 0;

  /** Queues take turns, so that a long one does not starve the others. */
  function take(): { queue: string; task: WaitingTask } | undefined {
    for (let tried = 0; tried < queues.length; tried += 1) {
      const queue = queues[turn % queues.length];
      turn += 1;
      const task = queue?.waiting.shift();
      if (queue && task) return { queue: queue.name, task: { body: task.body, attempts: task.attempts + 1 } };
    }
    return undefined;
  }

  async function run(queue: string, task: WaitingTask): Promise<void> {
    try {
      const said = await answer(handler, task);
      if (said === 'done') return;
      if (said === 'pass') return pass(queue, task);
      if (said !== null && typeof said === 'object') onEnd(queue, task, said);
      else onEnd(queue, task, { retry: said === 'retry' ? 'the handler asked for another' : `it answered ${said}` });
    } catch (error) {
      onEnd(queue, task, { retry: error instanceof Error ? error.message : String(error) });
    }
  }

  function pass(queue: string, task: WaitingTask): void {
    clearTimeout(resting);
    resting = setTimeout(() => {
      resting = undefined;
      pump();
    }, REST_MS);
    onEnd(queue, task, 'pass');
  }

  function pump(): void {
    while (!stopped && resting === undefined && running.size < concurrency) {
      const next = take();
      if (!next) return;
      const done = run(next.queue, next.task).finally(() => {
        running.delete(done);
        pump();
      });
      running.add(done);
    }
  }

  const wake = () => queueMicrotask(pump);
  wake();
  return {
    wake,
    stop: async () => {
      stopped = true;
      clearTimeout(resting);
      await Promise.all(running);
    },
  };
}
