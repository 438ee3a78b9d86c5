import type { Log } from '../parts.ts';
import type { CallbackTable } from '../table/callback-table.ts';
import type { CallbackRow } from '../table/schema.ts';
import { type CallbackOptions, callbackTarget, callbackToken } from './callback-target.ts';

/** How many are posted side by side. */
const BATCH = 20;
const LOOK_EVERY_MS = 1000;
const POST_MS = 60_000;
const FIRST_PAUSE_MS = 5000;
const LONGEST_PAUSE_MS = 60 * 60_000;
/** Some two days of trying: 5 s, 10 s … an hour, and then every hour. */
const MAX_TRIES = 60;
const PROBLEM_CHARACTERS = 500;

/**
 * Tells clients of tasks that are over: posts what waits until the client has taken it, at least once, with an id that is
 * the same each time. Nothing that goes wrong here touches the task.
 */
export class Callbacks implements AsyncDisposable {
  readonly #table: CallbackTable;
  readonly #options: CallbackOptions;
  readonly #log: Log;
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;

  constructor({
    callbacks,
    callbackOptions,
    log,
  }: {
    readonly callbacks: CallbackTable;
    readonly callbackOptions: CallbackOptions;
    readonly log: Log;
  }) {
    this.#table = callbacks;
    this.#options = callbackOptions;
    this.#log = log;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const rows = await this.#table.claim(BATCH).catch((error: unknown) => {
        this.#log.error({ error }, 'callbacks cannot be read');
        return [];
      });
      await Promise.all(rows.map((row) => this.#post(row)));
      if (rows.length < BATCH) await pause(LOOK_EVERY_MS, this.#stop.signal);
    }
  }

  async #post(row: CallbackRow): Promise<void> {
    const { task_id: taskId, tries } = row;
    const problem = await this.#problemOf(row);
    if (this.#stop.signal.aborted) return;
    try {
      if (problem === undefined) return await this.#table.done(taskId);
      if (tries >= MAX_TRIES) {
        this.#log.error({ taskId, tries, problem }, 'a client was never told: giving up');
        return await this.#table.done(taskId);
      }
      this.#log.warn({ taskId, tries, problem }, 'a client could not be told; trying again');
      const wait = Math.min(FIRST_PAUSE_MS * 2 ** (tries - 1), LONGEST_PAUSE_MS);
      await this.#table.postpone(taskId, Date.now() + wait, problem);
    } catch (error) {
      // It was claimed for a while, and is due again after that.
      this.#log.error({ taskId, error }, 'what became of a callback cannot be written down');
    }
  }

  /** Undefined: the client has it, or there is nobody to be told. */
  async #problemOf({ task_id, href, body }: CallbackRow): Promise<string | undefined> {
    try {
      const target = callbackTarget(href, this.#options);
      if (!target) return undefined;
      const token = callbackToken(target, this.#options);
      const response = await fetch(target, {
        method: 'POST',
        body,
        // Another host may be where it leads: that one gets neither the result nor the token.
        redirect: 'manual',
        signal: AbortSignal.any([this.#stop.signal, AbortSignal.timeout(POST_MS)]),
        headers: {
          'content-type': 'application/json',
          'idempotency-key': task_id,
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
        },
      });
      if (response.ok) {
        await response.body?.cancel();
        return undefined;
      }
      const said = (await response.text()).slice(0, PROBLEM_CHARACTERS);
      return `${target.host} answered ${response.status}: ${said}`;
    } catch (error) {
      return reasonOf(error).slice(0, PROBLEM_CHARACTERS);
    }
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error
    ? `${error.message}: ${cause.message || (cause as NodeJS.ErrnoException).code}`
    : error.message;
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  signal.addEventListener('abort', () => resolve(), { once: true });
  await promise;
  clearTimeout(timer);
}
