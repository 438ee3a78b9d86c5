import type { Delivery, Queue, Runner, TaskMessage } from '@alts/sdk';

/** Queues of one runner. */
export interface QueueGroup {
  readonly runner: Runner;
  readonly queues: readonly string[];
}

type Handle = (
  group: QueueGroup,
  message: TaskMessage,
  delivery: Delivery,
) => ReturnType<Parameters<Queue['consume']>[1]>;

/** What a worker takes from its queues: it can be shut and opened while tests run. */
export class Intake {
  readonly #queue: Queue;
  readonly #groups: readonly QueueGroup[];
  readonly #concurrency: number;
  readonly #handle: Handle;
  #consumers: AsyncDisposable[] = [];
  /** Consumers that take nothing more, and wait for their handlers. */
  readonly #ending = new Set<Promise<void>>();

  constructor(queue: Queue, groups: readonly QueueGroup[], concurrency: number, handle: Handle) {
    this.#queue = queue;
    this.#groups = groups;
    this.#concurrency = concurrency;
    this.#handle = handle;
  }

  /**
   * @returns whether it was shut, and is open now
   * @throws {AltsError} what the queue throws
   */
  async open(): Promise<boolean> {
    if (this.#consumers.length > 0 || this.#ending.size > 0) return false;
    for (const group of this.#groups) {
      const consumer = await this.#queue.consume(
        group.queues,
        (message, delivery) => this.#handle(group, message, delivery),
        { concurrency: this.#concurrency },
      );
      this.#consumers.push(consumer);
    }
    return true;
  }

  /** Takes nothing more; what runs goes on. Opened again when that is over: slots are counted by consumer. */
  shut(): void {
    for (const consumer of this.#consumers.splice(0)) {
      const ending = Promise.resolve(consumer[Symbol.asyncDispose]()).finally(() => this.#ending.delete(ending));
      this.#ending.add(ending);
    }
  }

  /** Takes nothing more, and waits for what runs. */
  async end(): Promise<void> {
    this.shut();
    await Promise.all(this.#ending);
  }
}
