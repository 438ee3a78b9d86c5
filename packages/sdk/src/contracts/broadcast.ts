import { z } from 'zod';
import { TestEvent } from './events.ts';
import { TaskId } from './request.ts';

/** What is told to whoever listens: how a test goes on (up), or that it shall stop (down). */
export const TaskEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('test'), taskId: TaskId, attempt: z.int().min(1), event: TestEvent }),
  z.object({ kind: z.literal('cancel'), taskId: TaskId, reason: z.string() }),
]);
export type TaskEvent = z.infer<typeof TaskEvent>;

/** Best effort and bounded; a cancel comes this way and is reported. Losing one costs a delay, never a task. */
export interface Broadcast extends AsyncDisposable {
  readonly contract: 'broadcast/1';
  /** Never throws and never waits: what cannot be sent is dropped. */
  emit(event: TaskEvent): void;
  /** In the order of emission for one task from one emitter. A listener that throws hurts nobody else. */
  on(taskId: string, listener: (event: TaskEvent) => void): AsyncDisposable;
  /** The same of every task: for whoever keeps an eye on all of them. */
  onAll(listener: (event: TaskEvent) => void): AsyncDisposable;
}
