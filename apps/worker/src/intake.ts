import type { Delivery, Queue, Runner, TaskMessage } from '@alts/sdk';

/** Queues of one runner. */
export interface QueueGroup {
  readonly runner: Runner;
  readonly queues: readonly string[];
}

type Answer = ReturnType<Parameters<Queue['consume']>[1]>;
type Handle = (group: QueueGroup, message: TaskMessage, delivery: Delivery) => Answer;

/** One consumer of a group, and its part of the group's slots. */
interface Taking {
  readonly group: QueueGroup;
  readonly slots: number;
  running: number;
  /** It takes nothing more, and waits for its handlers. */
  isShut: boolean;
  /** Undefined until the queue has answered. */
  consumer?: AsyncDisposable;
}

/**
 * What a worker takes from its queues: it can be shut and opened while tests run. The number of messages that a consumer
 * takes is settled when it is made; so one that is opened while tests of an earlier one run has the slots that are free,
 * and the others are given to a further one when those tests are over.
 */
export class Intake {
  readonly #queue: Queue;
  readonly #groups: readonly QueueGroup[];
  readonly #concurrency: number;
  readonly #handle: Handle;
  readonly #takings = new Set<Taking>();
  readonly #ending = new Set<Promise<void>>();
  #hasEnded = false;

  /** @param concurrency messages side by side, of each group */
  constructor(queue: Queue, groups: readonly QueueGroup[], concurrency: number, handle: Handle) {
    this.#queue = queue;
    this.#groups = groups;
    this.#concurrency = concurrency;
    this.#handle = handle;
  }

  /**
   * Takes messages for all slots that are free. To be called again and again, never twice at a time.
   * @returns whether it was shut, and is open now
   * @throws {AltsError} what the queue throws
   */
  async open(): Promise<boolean> {
    const wasShut = ![...this.#takings].some(({ isShut }) => !isShut);
    let hasOpened = false;
    for (const group of this.#groups) {
      const slots = this.#freeSlots(group);
      if (slots === 0 || this.#hasEnded) continue;
      await this.#consume(group, slots);
      hasOpened = true;
    }
    return wasShut && hasOpened;
  }

  /** Takes nothing more; what runs goes on. */
  shut(): void {
    for (const taking of this.#takings) {
      if (taking.isShut) continue;
      taking.isShut = true;
      this.#end(taking);
    }
  }

  /** Takes nothing more, also where it is just being opened, and waits for what runs. */
  async end(): Promise<void> {
    this.#hasEnded = true;
    this.shut();
    await Promise.all(this.#ending);
  }

  #freeSlots(group: QueueGroup): number {
    let taken = 0;
    for (const taking of this.#takings) {
      if (taking.group === group) taken += taking.isShut ? taking.running : taking.slots;
    }
    return this.#concurrency - taken;
  }

  async #consume(group: QueueGroup, slots: number): Promise<void> {
    const taking: Taking = { group, slots, running: 0, isShut: false };
    this.#takings.add(taking);
    try {
      taking.consumer = await this.#queue.consume(group.queues, (...delivered) => this.#run(taking, ...delivered), {
        concurrency: slots,
      });
    } catch (error) {
      this.#takings.delete(taking);
      throw error;
    }
    if (taking.isShut) this.#end(taking);
  }

  async #run(taking: Taking, message: TaskMessage, delivery: Delivery): Promise<Awaited<Answer>> {
    // It was under way when the consumer was shut, and its slot may be another's by now.
    if (taking.isShut) return 'pass';
    taking.running += 1;
    try {
      return await this.#handle(taking.group, message, delivery);
    } finally {
      taking.running -= 1;
    }
  }

  /** One that the queue has not answered for yet is ended when it has. */
  #end(taking: Taking): void {
    if (!taking.consumer) return;
    const ending = Promise.resolve(taking.consumer[Symbol.asyncDispose]()).finally(() => {
      this.#takings.delete(taking);
      this.#ending.delete(ending);
    });
    this.#ending.add(ending);
  }
}
