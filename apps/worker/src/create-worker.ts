import { mkdir } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { AltsError, type Exclusions, type WorkerState } from '@alts/sdk';
import { whyNotNow } from './capacity.ts';
import { FailedHere } from './failed-here.ts';
import { Intake, type QueueGroup } from './intake.ts';
import type { WorkerParts } from './parts.ts';
import { reapAll } from './reaping.ts';
import { repeat } from './repeat.ts';
import { attemptOf, runTask, verdictEvent, verdictIn } from './run-task.ts';
import { Spool } from './spool.ts';
import { SpoolingStore } from './spooling-store.ts';

export interface WorkerOptions {
  /** Queues to take from, such as `docker-x86_64-0`: what stands before the first `-` names the runner. */
  readonly queues: readonly string[];
  /** Of this worker, and of no other; default: host and process. */
  readonly name?: string | undefined;
  /** Tests side by side, by each runner; default 1. */
  readonly concurrency?: number | undefined;
  /** Attempts until an infrastructure at fault is the verdict; default 3. */
  readonly maxAttempts?: number | undefined;
  /** How long tests may go on when the worker is to stop, until they are handed back; default 5 min. */
  readonly drainMs?: number | undefined;
  /** An exclusion document for all tests: the path of a file, or an http(s) URL. */
  readonly exclusions?: string | Exclusions | undefined;
  /** Where results wait while the store is not there; default: a directory of the system's for temporary files. */
  readonly spool?: string | undefined;
  /** Takes no tasks while the spool's disk, or that of temporary files, has less; default 1 GiB. */
  readonly minFreeBytes?: number | undefined;
  /** How often it says how it is; default 5 s. */
  readonly heartbeatMs?: number | undefined;
  /** How often it is looked whether the disk has room and the runners answer; default 15 s. */
  readonly checkMs?: number | undefined;
  /** How often is removed what killed workers left on this machine; default 10 min, and at the start. */
  readonly reapMs?: number | undefined;
}

export interface Worker {
  /** Begins to take tasks. */
  start(): Promise<void>;
  /** Takes no more; waits for those that run, and hands back what is left when `drainMs` is over, or at once. */
  stop(options?: { readonly now?: boolean }): Promise<void>;
  /** How it is now. */
  state(): WorkerState;
}

const MINUTE = 60_000;
type Complete = { readonly [Key in Exclude<keyof WorkerOptions, 'exclusions'>]-?: NonNullable<WorkerOptions[Key]> };
const DEFAULTS: Omit<Complete, 'queues' | 'name'> = {
  concurrency: 1,
  maxAttempts: 3,
  drainMs: 5 * MINUTE,
  spool: join(tmpdir(), 'alts-spool'),
  minFreeBytes: 1024 ** 3,
  heartbeatMs: 5000,
  checkMs: 15_000,
  reapMs: 10 * MINUTE,
};

/**
 * Puts a worker together; it owns none of the parts that it is given, and disposes of none.
 * @throws {AltsError} `invalid_request` for a queue of a runner that is not there
 */
export function createWorker(parts: WorkerParts, options: WorkerOptions): Worker {
  return new FleetWorker(parts, options);
}

class FleetWorker implements Worker {
  readonly #parts: WorkerParts;
  readonly #options: Complete & Pick<WorkerOptions, 'exclusions'>;
  readonly #store: SpoolingStore;
  readonly #intake: Intake;
  readonly #leaving = new AbortController();
  readonly #running = new Set<{ readonly taskId: string; readonly attempt: number }>();
  readonly #failed = new FailedHere();
  readonly #startedAt = new Date().toISOString();
  #repeating: AsyncDisposable[] = [];
  #refuses: string | null = 'it has not begun yet';

  constructor(parts: WorkerParts, options: WorkerOptions) {
    const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
    this.#parts = parts;
    this.#options = { name: `${hostname()}-${process.pid}`, ...DEFAULTS, ...given, queues: options.queues };
    this.#store = new SpoolingStore(parts.store, {
      spool: new Spool(this.#options.spool),
      log: parts.log,
      onReport: async (taskId, report) => {
        const event = verdictEvent(taskId, await verdictIn(report));
        parts.broadcast.emit({ kind: 'test', taskId, attempt: 1, worker: this.#options.name, event });
      },
    });
    const groups = groupQueues(parts, options.queues);
    this.#intake = new Intake(parts.queue, groups, this.#options.concurrency, (group, message, delivery) =>
      this.#take(group, { message, delivery }),
    );
  }

  async start(): Promise<void> {
    const { runners, log } = this.#parts;
    await onDisk(this.#options.spool);
    await this.#store.start();
    await reapAll(runners, log);
    await this.#check();
    this.#repeating = [
      repeat(this.#options.heartbeatMs, async () => this.#tell()),
      repeat(this.#options.checkMs, () => this.#check()),
      repeat(this.#options.reapMs, (signal) => reapAll(runners, log, signal)),
    ];
    this.#tell();
  }

  async stop({ now = false } = {}): Promise<void> {
    this.#refuses = 'it is stopping';
    const timer = setTimeout(() => this.#leaving.abort(), now ? 0 : this.#options.drainMs);
    const [heartbeat, ...others] = this.#repeating.splice(0);
    await Promise.all(others.map((each) => each[Symbol.asyncDispose]()));
    await this.#intake.end();
    clearTimeout(timer);
    await heartbeat?.[Symbol.asyncDispose]();
    this.#tell();
    await this.#store[Symbol.asyncDispose]();
  }

  state(): WorkerState {
    const { name, queues, concurrency } = this.#options;
    return {
      name,
      queues: [...queues],
      concurrency,
      running: [...this.#running],
      refuses: this.#refuses,
      spooled: this.#store.waiting,
      startedAt: this.#startedAt,
      at: new Date().toISOString(),
    };
  }

  #tell(): void {
    this.#parts.broadcast.emit({ kind: 'worker', state: this.state() });
  }

  async #take({ runner }: QueueGroup, arrived: Parameters<typeof runTask>[1]): ReturnType<typeof runTask> {
    const running = { taskId: arrived.message.taskId, attempt: attemptOf(arrived) };
    if (this.#failed.mayPass(running)) return 'pass';
    this.#running.add(running);
    const { name: worker, maxAttempts, exclusions } = this.#options;
    const options = { runner, maxAttempts, exclusions, leaving: this.#leaving.signal };
    try {
      const answer = await runTask({ ...this.#parts, store: this.#store, worker }, arrived, options);
      if (answer === 'retry') this.#failed.add(running);
      return answer;
    } finally {
      this.#running.delete(running);
    }
  }

  /** Opens the intake when nothing is in the way of tests, and shuts it when something is. */
  async #check(): Promise<void> {
    const { runners, log } = this.#parts;
    const { spool, minFreeBytes, queues, concurrency, name } = this.#options;
    const before = this.#refuses;
    try {
      this.#refuses = await whyNotNow({ directories: [spool, tmpdir()], minFreeBytes, runners });
      if (this.#refuses !== null) {
        this.#intake.shut();
      } else if (await this.#intake.open()) log.info({ name, queues: queues.join(' '), concurrency }, 'taking tasks');
    } catch (error) {
      this.#refuses = AltsError.from(error).message;
      this.#intake.shut();
    }
    if (this.#refuses !== null && this.#refuses !== before) {
      log.warn({ reason: this.#refuses }, 'taking no tasks for the time being');
    }
  }
}

async function onDisk(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true });
  } catch (cause) {
    throw new AltsError('invalid_request', `spool: ${(cause as Error).message}`, { cause });
  }
}

function groupQueues({ runners }: WorkerParts, queues: readonly string[]): QueueGroup[] {
  const byName = Map.groupBy(queues, (queue) => queue.split('-')[0] ?? '');
  return [...byName].map(([name, own]) => {
    const runner = runners.get(name);
    if (runner) return { runner, queues: own };
    const known = [...runners.keys()].join(', ');
    throw new AltsError(
      'invalid_request',
      `queues: there is no runner "${name}" for ${own.join(', ')}; there is ${known}`,
    );
  });
}
