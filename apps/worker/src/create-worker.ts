import { AltsError, type Runner } from '@alts/sdk';
import type { WorkerParts } from './parts.ts';
import { runTask } from './run-task.ts';

export interface WorkerOptions {
  /** Queues to take from, such as `docker-x86_64-0`: what stands before the first `-` names the runner. */
  readonly queues: readonly string[];
  /** Tests side by side, by each runner; default 1. */
  readonly concurrency?: number | undefined;
  /** Attempts until an infrastructure at fault is the verdict; default 3. */
  readonly maxAttempts?: number | undefined;
  /** How long tests may go on when the worker is to stop, until they are handed back; default 5 min. */
  readonly drainMs?: number | undefined;
}

export interface Worker {
  /** Begins to take tasks. */
  start(): Promise<void>;
  /** Takes no more; waits for those that run, and hands back what is left when `drainMs` is over, or at once. */
  stop(options?: { readonly now?: boolean }): Promise<void>;
}

const DRAIN_MS = 5 * 60_000;

/**
 * Puts a worker together; it owns none of the parts that it is given, and disposes of none.
 * @throws {AltsError} `invalid_request` for a queue of a runner that is not there
 */
export function createWorker(parts: WorkerParts, options: WorkerOptions): Worker {
  const { concurrency = 1, maxAttempts = 3, drainMs = DRAIN_MS } = options;
  const groups = groupQueues(parts, options.queues);
  const leaving = new AbortController();
  const consumers: AsyncDisposable[] = [];
  return {
    async start() {
      for (const { runner, queues } of groups) {
        const consumer = await parts.queue.consume(
          queues,
          (message, delivery) =>
            runTask(parts, { message, delivery }, { runner, maxAttempts, leaving: leaving.signal }),
          { concurrency },
        );
        consumers.push(consumer);
      }
      parts.log.info({ queues: options.queues, concurrency }, 'taking tasks');
    },
    async stop({ now = false } = {}) {
      const timer = setTimeout(() => leaving.abort(), now ? 0 : drainMs);
      await Promise.all(consumers.splice(0).map((consumer) => consumer[Symbol.asyncDispose]()));
      clearTimeout(timer);
    },
  };
}

function groupQueues({ runners }: WorkerParts, queues: readonly string[]): { runner: Runner; queues: string[] }[] {
  const byName = Map.groupBy(queues, (queue) => queue.split('-')[0] ?? '');
  return [...byName].map(([name, own]) => {
    const runner = runners.get(name);
    if (runner) return { runner, queues: own };
    const known = [...runners.keys()].join(', ');
    throw new AltsError(
      'invalid_request',
      `queues: there is no runner "${name}" for ${own.join(', ')}; there is ${known}`,
    );
  });
}
