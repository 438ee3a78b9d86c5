import { z } from 'zod';
import type { AltsError } from './errors.ts';
import { TestEvent } from './events.ts';
import { TaskId } from './request.ts';

/** What is told to whoever listens: how a test goes on (up), or that it shall stop (down). */
export const TaskEvent = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('test'),
    taskId: TaskId,
    attempt: z.int().min(1),
    event: TestEvent,
    /** Name of the worker that says it. */
    worker: z.string().max(255).optional(),
  }),
  z.object({ kind: z.literal('cancel'), taskId: TaskId, reason: z.string() }),
]);
export type TaskEvent = z.infer<typeof TaskEvent>;

/** What a worker says of itself, every few seconds: silence means that it is gone. */
export const WorkerState = z.object({
  /** Of this process, and of no other. */
  name: z.string().min(1).max(255),
  queues: z.array(z.string().max(255)).max(1000),
  /** Tests side by side, by each runner. */
  concurrency: z.int().min(1),
  running: z.array(z.object({ taskId: TaskId, attempt: z.int().min(1) })).max(10_000),
  /** Why it takes no tasks; null when it does. */
  refuses: z.string().max(4000).nullable(),
  /** Results that wait on its disk for the store to be there. */
  spooled: z.int().nonnegative(),
  startedAt: z.iso.datetime(),
  at: z.iso.datetime(),
});
export type WorkerState = z.infer<typeof WorkerState>;

/** All that is told. */
export const BroadcastEvent = z.discriminatedUnion('kind', [
  ...TaskEvent.options,
  z.object({ kind: z.literal('worker'), state: WorkerState }),
]);
export type BroadcastEvent = z.infer<typeof BroadcastEvent>;

/** Best effort and bounded; a cancel comes this way and is reported. Losing one costs a delay, never a task. */
export interface Broadcast extends AsyncDisposable {
  readonly contract: 'broadcast/1';
  /** Never throws and never waits: what cannot be sent is dropped. */
  emit(event: BroadcastEvent): void;
  /** In the order of emission for one task from one emitter. A listener that throws hurts nobody else. */
  on(taskId: string, listener: (event: TaskEvent) => void): AsyncDisposable;
  /** The same of every task and every worker: for whoever keeps an eye on all of them. */
  onAll(listener: (event: BroadcastEvent) => void): AsyncDisposable;
  /** Tells why events do not pass: once when that begins, and again when it was over in between. Absent where they always do. */
  onProblem?(listener: (error: AltsError) => void): void;
}
