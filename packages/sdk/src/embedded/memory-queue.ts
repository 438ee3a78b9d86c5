import { AltsError } from '../contracts/errors.ts';
import {
  assertQueueName,
  type DeadLetter,
  type PublishOptions,
  type Queue,
  type QueueDepth,
  type TaskHandler,
  TaskMessage,
} from '../contracts/queue.ts';
import { describeZodError } from '../contracts/request.ts';
import { type Consumer, type End, startConsumer, type WaitingTask } from './memory-consumer.ts';

const DEFAULT_ATTEMPTS = 3;

export interface MemoryQueueOptions {
  /** Deliveries of one task until it is a dead letter; default 3. */
  readonly maxAttempts?: number | undefined;
}

interface DeadTask extends WaitingTask {
  readonly reason: string;
}

/** Messages pass as JSON, as through a broker: what a broker would lose or refuse is lost or refused here too. */
function encode(message: TaskMessage): string {
  let body: string | undefined;
  try {
    body = JSON.stringify(message);
  } catch (cause) {
    throw new AltsError('invalid_request', 'message: cannot be written as JSON', { cause });
  }
  const value: unknown = body === undefined ? undefined : JSON.parse(body);
  const parsed = TaskMessage.safeParse(value);
  if (!parsed.success) throw new AltsError('invalid_request', `message: ${describeZodError(parsed.error, value)}`);
  return JSON.stringify(parsed.data);
}

function assertCount(field: string, value: number): void {
  if (Number.isInteger(value) && value >= 1) return;
  throw new AltsError('invalid_request', `${field}: ${value} is not a whole number of at least 1`);
}

class MemoryQueue implements Queue {
  readonly contract = 'queue/1';
  readonly #maxAttempts: number;
  readonly #waiting = new Map<string, WaitingTask[]>();
  readonly #dead = new Map<string, DeadTask[]>();
  readonly #consumers = new Set<Consumer>();
  #disposed = false;

  constructor(maxAttempts: number) {
    this.#maxAttempts = maxAttempts;
  }

  async publish(queue: string, message: TaskMessage, { signal, priority }: PublishOptions = {}) {
    this.#assertOpen();
    signal?.throwIfAborted();
    assertQueueName(queue);
    this.#enqueue(queue, { body: encode(message), attempts: 0, isHigh: priority === 'high' });
  }

  async consume(queues: readonly string[], handler: TaskHandler, limits: { readonly concurrency: number }) {
    this.#assertOpen();
    assertCount('concurrency', limits.concurrency);
    if (queues.length === 0) throw new AltsError('invalid_request', 'queues: none is named; name at least one');
    queues.forEach(assertQueueName);
    const consumer = startConsumer({
      queues: queues.map((name) => ({ name, waiting: this.#list(this.#waiting, name) })),
      handler,
      concurrency: limits.concurrency,
      onEnd: (queue, task, end) => this.#settle(queue, task, end),
    });
    this.#consumers.add(consumer);
    return {
      [Symbol.asyncDispose]: async () => {
        this.#consumers.delete(consumer);
        await consumer.stop();
      },
    };
  }

  async *deadLetters(queue: string, options: { readonly signal?: AbortSignal | undefined } = {}) {
    this.#assertOpen();
    assertQueueName(queue);
    for (const { body, reason, attempts } of [...this.#list(this.#dead, queue)]) {
      options.signal?.throwIfAborted();
      yield { message: TaskMessage.parse(JSON.parse(body)), reason, attempts } satisfies DeadLetter;
    }
  }

  async settleDeadLetter(queue: string, taskId: string, how: 'requeue' | 'remove'): Promise<boolean> {
    this.#assertOpen();
    assertQueueName(queue);
    const dead = this.#list(this.#dead, queue);
    const at = dead.findIndex(({ body }) => TaskMessage.parse(JSON.parse(body)).taskId === taskId);
    const [letter] = at < 0 ? [] : dead.splice(at, 1);
    if (letter && how === 'requeue') this.#enqueue(queue, { body: letter.body, attempts: 0 });
    return letter !== undefined;
  }

  async depth(queue: string): Promise<QueueDepth> {
    this.#assertOpen();
    assertQueueName(queue);
    return {
      waiting: this.#list(this.#waiting, queue).length,
      retrying: 0,
      dead: this.#list(this.#dead, queue).length,
    };
  }

  async [Symbol.asyncDispose]() {
    this.#disposed = true;
    await Promise.all([...this.#consumers].map((consumer) => consumer.stop()));
    this.#consumers.clear();
  }

  #settle(queue: string, task: WaitingTask, end: End): void {
    if (end === 'pass') {
      this.#enqueue(queue, { ...task, attempts: task.attempts - 1, isHigh: true });
    } else if ('reject' in end) {
      this.#list(this.#dead, queue).push({ ...task, reason: end.reject });
    } else if (task.attempts >= this.#maxAttempts) {
      const tries = task.attempts === 1 ? '1 attempt' : `${task.attempts} attempts`;
      this.#list(this.#dead, queue).push({ ...task, reason: `gave up after ${tries}: ${end.retry}` });
    } else {
      this.#enqueue(queue, task);
    }
  }

  #enqueue(queue: string, { isHigh = false, ...task }: WaitingTask & { readonly isHigh?: boolean }): void {
    const waiting = this.#list(this.#waiting, queue);
    const behind = waiting.findLastIndex((other) => other.isHigh === true) + 1;
    if (isHigh) waiting.splice(behind, 0, { ...task, isHigh });
    else waiting.push(task);
    for (const consumer of this.#consumers) consumer.wake();
  }

  #list<T>(lists: Map<string, T[]>, name: string): T[] {
    const list = lists.get(name) ?? [];
    lists.set(name, list);
    return list;
  }

  #assertOpen(): void {
    if (this.#disposed) throw new AltsError('queue_unavailable', 'the queue was disposed');
  }
}

/**
 * A queue inside one process, for tests and embedders. Keeps the whole contract but one promise: tasks do not
 * survive the process.
 * @throws {AltsError} `invalid_request` for `maxAttempts`
 */
export function memoryQueue(options: MemoryQueueOptions = {}): Queue {
  const maxAttempts = options.maxAttempts ?? DEFAULT_ATTEMPTS;
  assertCount('maxAttempts', maxAttempts);
  return new MemoryQueue(maxAttempts);
}
