import { type Broadcast, BroadcastEvent, type TaskEvent } from '../contracts/broadcast.ts';

type Listener = (event: BroadcastEvent) => void;

/** No id of a task: those are never empty. */
const ALL = '';

/** Events that wait to be delivered; more are dropped, as a broker with a bounded queue drops them. */
const MAX_WAITING = 10_000;

/** A fault of one listener, at once or later, is its own affair. */
function tell(listener: Listener, text: string): void {
  try {
    const returned: unknown = listener(BroadcastEvent.parse(JSON.parse(text)));
    if (returned instanceof Promise) returned.catch(() => undefined);
  } catch {
    // Either the listener threw, or what was sent is not an event: best effort, so it is dropped.
  }
}

class MemoryBroadcast implements Broadcast {
  readonly contract = 'broadcast/1';
  readonly #listeners = new Map<string, Set<Listener>>();
  #waiting: { readonly taskId: string; readonly text: string }[] = [];
  #disposed = false;

  emit(event: BroadcastEvent): void {
    const taskId = 'taskId' in event ? event.taskId : ALL;
    if (this.#disposed || this.#waiting.length >= MAX_WAITING) return;
    if (!this.#listeners.has(taskId) && !this.#listeners.has(ALL)) return;
    try {
      this.#waiting.push({ taskId, text: JSON.stringify(event) });
    } catch {
      return; // cannot be sent, so it is dropped
    }
    if (this.#waiting.length === 1) queueMicrotask(() => this.#deliver());
  }

  on(taskId: string, listener: (event: TaskEvent) => void): AsyncDisposable {
    return this.#add(taskId, (event) => event.kind !== 'worker' && listener(event));
  }

  onAll(listener: Listener): AsyncDisposable {
    return this.#add(ALL, listener);
  }

  #add(taskId: string, listener: Listener): AsyncDisposable {
    // A wrapper of its own: the same function may listen twice, and each is disposed alone.
    const own: Listener = (event) => listener(event);
    const listeners = this.#listeners.get(taskId) ?? new Set();
    this.#listeners.set(taskId, listeners.add(own));
    return {
      [Symbol.asyncDispose]: async () => {
        listeners.delete(own);
        if (listeners.size === 0 && this.#listeners.get(taskId) === listeners) this.#listeners.delete(taskId);
      },
    };
  }

  async [Symbol.asyncDispose]() {
    this.#disposed = true;
    this.#listeners.clear();
    this.#waiting = [];
  }

  #deliver(): void {
    const events = this.#waiting;
    this.#waiting = [];
    for (const { taskId, text } of events) {
      for (const key of new Set([taskId, ALL])) {
        for (const listener of this.#listeners.get(key) ?? []) tell(listener, text);
      }
    }
  }
}

/** Events and cancels inside one process. They pass as JSON and arrive after `emit` returned, as from a broker. */
export function memoryBroadcast(): Broadcast {
  return new MemoryBroadcast();
}
