import { z } from 'zod';
import type { Abortable } from './environment.ts';
import { AltsError } from './errors.ts';
import { TaskId, TestRequest } from './request.ts';

/** One task as it travels. What does not parse goes to the dead letters, and is never guessed at. */
export const TaskMessage = z.object({
  schemaVersion: z.literal(1),
  taskId: TaskId,
  request: TestRequest,
  /** Attempts that were made of it before it was published again; those that the queue counts come on top. */
  attempts: z.int().nonnegative().optional(),
});
export type TaskMessage = z.infer<typeof TaskMessage>;

/** What there is to say of one delivery besides the message. */
export interface Delivery {
  /** 1 at the first try. Attempts that died with their worker count too. */
  readonly attempt: number;
  /** Aborts when the broker took the message back: stop, report nothing, another attempt owns the task. */
  readonly lost: AbortSignal;
}

/**
 * The answer is the return value: it can be neither forgotten nor given twice, and it is the (late) acknowledgement.
 * `done`: finished, whatever the verdict. `retry`: deliver it again, until the queue's limit of attempts is reached;
 * then it is a dead letter. `pass`: as if it had never been delivered, and before all others; the consumer that passed it
 * takes nothing for a moment, so that others come first, where there are any. `reject`: a dead letter now, with the reason.
 * A throw is a retry.
 */
export type TaskHandler = (
  message: TaskMessage,
  delivery: Delivery,
) => Promise<'done' | 'retry' | 'pass' | { readonly reject: string }>;

/** `high` goes before all that is normal, for as long as it was not delivered once. */
export const Priority = z.enum(['normal', 'high']);
export type Priority = z.infer<typeof Priority>;

export interface PublishOptions extends Abortable {
  /** Default normal. */
  readonly priority?: Priority | undefined;
}

/** Names of AMQP have 255 bytes, and queues that belong to a queue have its name and a little more. */
const MAX_NAME_BYTES = 200;

/**
 * Of every queue: a name that works with one works with all.
 * @throws {AltsError} `invalid_request` for a name that is empty, or has more than 200 bytes
 */
export function assertQueueName(name: string): void {
  const bytes = Buffer.byteLength(name);
  if (bytes > 0 && bytes <= MAX_NAME_BYTES) return;
  throw new AltsError(
    'invalid_request',
    `queue: ${JSON.stringify(name.slice(0, 40))} has ${bytes} bytes; a name has 1 to ${MAX_NAME_BYTES}`,
  );
}

/**
 * Durable, at least once. What may get lost (cancel, events) has {@link Broadcast}. Names of queues are those that
 * {@link assertQueueName} allows; others are `invalid_request`.
 */
export interface Queue extends AsyncDisposable {
  readonly contract: 'queue/1';
  /**
   * Resolves when the task survives the death of any one process (the broker confirmed it).
   * @throws {AltsError} `queue_unavailable` when it was not confirmed; `invalid_request` for a message that is not one
   */
  publish(queue: string, message: TaskMessage, options?: PublishOptions): Promise<void>;
  /**
   * Takes at most `concurrency` messages at a time from all the queues together.
   * Disposing stops taking, then waits for the handlers that run.
   */
  consume(
    queues: readonly string[],
    handler: TaskHandler,
    limits: { readonly concurrency: number },
  ): Promise<AsyncDisposable>;
  /** Messages that were rejected or ran out of attempts, oldest first, with the reason; they stay where they are. */
  deadLetters(queue: string, options?: Abortable): AsyncIterable<DeadLetter>;
  /**
   * Takes the dead letter of a task out: `requeue` puts it back among the tasks, as one that was never tried; `remove`
   * forgets it.
   * @returns false: there is none of that task
   * @throws {AltsError} `queue_unavailable`
   */
  settleDeadLetter(queue: string, taskId: string, how: 'requeue' | 'remove'): Promise<boolean>;
  /**
   * How many messages there are; what handlers have at the moment is in none of them.
   * @throws {AltsError} `queue_unavailable`
   */
  depth(queue: string): Promise<QueueDepth>;
  /**
   * Tells of what goes wrong where nobody waits for an answer, such as a queue that cannot be taken from any more: once
   * when it begins, and again when it was over in between. Absent where nothing can.
   */
  onProblem?(listener: (error: AltsError) => void): void;
}

/** Numbers of messages. */
export interface QueueDepth {
  /** That anybody may take. */
  readonly waiting: number;
  /** That shall be tried again after a while. */
  readonly retrying: number;
  readonly dead: number;
}

export interface DeadLetter {
  /** Undefined when what arrived was not a {@link TaskMessage}. */
  readonly message: TaskMessage | undefined;
  readonly reason: string;
  readonly attempts: number;
}
