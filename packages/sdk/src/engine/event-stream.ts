import type { TestEvent } from '../contracts/events.ts';

/** Whoever wants to know. A promise is awaited: a slow listener slows the test down instead of filling memory. */
export type EventListener = (event: TestEvent) => void | Promise<void>;

type WithoutHeader<T> = T extends unknown ? Omit<T, 'taskId' | 'sequence' | 'at'> : never;
export type EventBody = WithoutHeader<TestEvent>;

/** Numbers events and hands them on one at a time, in order. */
export class EventStream {
  readonly #taskId: string;
  readonly #listener: EventListener | undefined;
  #sequence = 0;
  #last: Promise<void> = Promise.resolve();

  constructor(taskId: string, listener: EventListener | undefined) {
    this.#taskId = taskId;
    this.#listener = listener;
  }

  /** Resolves when the listener has dealt with it. A listener that fails is its own problem, never the test's. */
  emit(body: EventBody): Promise<void> {
    const listener = this.#listener;
    if (!listener) return this.#last;
    const header = { taskId: this.#taskId, sequence: this.#sequence++, at: new Date().toISOString() };
    const event = { ...header, ...body } as TestEvent;
    this.#last = this.#last.then(async () => {
      try {
        await listener(event);
      } catch {
        // The listener was told; that it could not cope must not change a verdict.
      }
    });
    return this.#last;
  }
}
