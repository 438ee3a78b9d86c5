import { randomUUID } from 'node:crypto';
import { type Queue, TaskMessage } from '@alts/sdk/plugin';
import type { Case } from '../framework.ts';

export interface QueueSubject {
  readonly queue: Queue;
  readonly maxAttempts: number;
  /** A name that nobody else uses. */
  queueName(suffix?: string): string;
}

export type QueueCase = Case<QueueSubject>;

/** A task that is like no other. */
export function aTask(packageName = 'hello'): TaskMessage {
  return TaskMessage.parse({
    schemaVersion: 1,
    taskId: `conformance-${randomUUID()}`,
    request: { package: { name: packageName }, system: 'debian:12' },
  });
}

/** Consumes one queue, one message at a time, until the task named arrives; says what came until then. */
export async function consumeUntil(queue: Queue, name: string, lastTaskId: string): Promise<string[]> {
  const seen: string[] = [];
  const last = Promise.withResolvers<void>();
  const consumer = await queue.consume(
    [name],
    async (message) => {
      seen.push(message.taskId);
      if (message.taskId === lastTaskId) last.resolve();
      return 'done';
    },
    { concurrency: 1 },
  );
  try {
    await last.promise;
  } finally {
    await consumer[Symbol.asyncDispose]();
  }
  return seen;
}
