import { hostname } from 'node:os';
import { AltsError, type Exclusions, makeDirectory, type WorkerState } from '@alts/sdk';
import { whyNotNow } from './capacity.ts';
import { ExclusionSource } from './exclusion-source.ts';
import { FailedHere } from './failed-here.ts';
import { Intake, type QueueGroup } from './intake.ts';
import type { WorkerParts } from './parts.ts';
import { reapAll } from './reaping.ts';
import { type Repetition, repeat } from './repeat.ts';
import { attemptOf, runTask, verdictEvent, verdictIn } from './run-task.ts';
import { Spool } from './spool.ts';
import { SpoolingStore } from './spooling-store.ts';
import { within } from './within.ts';

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
  /** An exclusion document for all tests: the path of a file, or an http(s) URL; looked at with each check. */
  readonly exclusions?: string | Exclusions | undefined;
  /** Where results wait while the store is not there: a directory that outlives the next boot. */
  readonly spool: string;
  /** Takes no tasks while the disk of the spool, of temporary files or of environments has less; default 1 GiB. */
  readonly minFreeBytes?: number | undefined;
  /** How often it says how it is; default 5 s. */
  readonly heartbeatMs?: number | undefined;
  /** How often it is looked whether disks have room and runners answer; default 15 s. */
  readonly checkMs?: number | undefined;
  /** How long each of them may take to answer; default 10 s. */
  readonly answerMs?: number | undefined;
  /** How often is removed what killed workers left on this machine; default 10 min, and at the start. */
  readonly reapMs?: number | undefined;
}

export interface Worker {
  /**
   * Begins to take tasks, or says why not. May be stopped before it resolves.
   * @throws {AltsError} `invalid_request` when the spool cannot be made
   */
  start(): Promise<void>;
  /** Takes no more; waits for those that run, and hands back what is left when `drainMs` is over, or at once. */
  stop(options?: { readonly now?: boolean }): Promise<void>;
  /** How it is now. */
  state(): WorkerState;
}

const MINUTE = 60_000;
type Settings = Omit<WorkerOptions, 'exclusions'>;
type Complete = { readonly [Key in keyof Settings]-?: NonNullable<Settings[Key]> };
const DEFAULTS: Omit<Complete, 'queues' | 'name' | 'spool'> = {
  concurrency: 1,
  maxAttempts: 3,
  drainMs: 5 * MINUTE,
  minFreeBytes: 1024 ** 3,
  heartbeatMs: 5000,
  checkMs: 15_000,
  answerMs: 10_000,
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
  readonly #options: Complete;
  readonly #exclusions: ExclusionSource;
  readonly #store: SpoolingStore;
  readonly #intake: Intake;
  readonly #leaving = new AbortController();
  readonly #running = new Set<{ readonly taskId: string; readonly attempt: number }>();
  readonly #failed = new FailedHere();
  readonly #startedAt = new Date().toISOString();
  #repeating: Repetition[] = [];
  #refuses: string | null = 'it has not begun yet';
  #isStopping = false;

  constructor(parts: WorkerParts, { exclusions, ...options }: WorkerOptions) {
    const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
    this.#parts = parts;
    const { queues, spool } = options;
    this.#options = { name: `${hostname()}-${process.pid}`, ...DEFAULTS, ...given, queues, spool };
    this.#exclusions = new ExclusionSource(exclusions, parts.log);
    this.#store = new SpoolingStore(parts.store, {
      spool: new Spool(this.#options.spool),
      log: parts.log,
      onReport: async (taskId, report) => {
        const event = verdictEvent(taskId, await verdictIn(report));
        parts.broadcast.emit({ kind: 'test', taskId, attempt: 1, worker: this.#options.name, event });
      },
    });
    for (const part of [parts.queue, parts.broadcast]) {
      part.onProblem?.((error) => parts.log.warn({ error }, 'the broker cannot be used as it should'));
    }
    const groups = groupQueues(parts, options.queues);
    this.#intake = new Intake(parts.queue, groups, this.#options.concurrency, (group, message, delivery) =>
      this.#take(group, { message, delivery }),
    );
  }

  async start(): Promise<void> {
    const { runners, log } = this.#parts;
    const { spool, heartbeatMs, checkMs, reapMs } = this.#options;
    await onDisk(spool);
    await this.#store.start();
    if (this.#isStopping) return;
    const heartbeat = repeat(heartbeatMs, async () => this.#tell());
    const check = repeat(checkMs, (signal) => this.#check(signal));
    const reaping = repeat(reapMs, (signal) => reapAll(runners, log, signal));
    this.#repeating = [heartbeat, check, reaping];
    await check.first;
    this.#tell();
  }

  async stop({ now = false } = {}): Promise<void> {
    this.#isStopping = true;
    this.#refuses = 'it is stopping';
    const drainMs = now ? 0 : this.#options.drainMs;
    const timer = setTimeout(() => this.#leaving.abort(), drainMs);
    const [heartbeat, ...others] = this.#repeating.splice(0);
    const end = (each: Repetition | undefined) => each?.[Symbol.asyncDispose]();
    // They are called off, and what does not listen to that is not waited for longer than tests are.
    await within(drainMs, undefined, () => Promise.all(others.map(end))).catch(() => undefined);
    await this.#intake.end();
    clearTimeout(timer);
    await end(heartbeat);
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
    const { name: worker, maxAttempts } = this.#options;
    const options = { runner, maxAttempts, exclusions: this.#exclusions.current, leaving: this.#leaving.signal };
    try {
      const answer = await runTask({ ...this.#parts, store: this.#store, worker }, arrived, options);
      if (answer === 'retry') this.#failed.add(running);
      return answer;
    } catch (error) {
      this.#failed.add(running);
      throw error;
    } finally {
      this.#running.delete(running);
    }
  }

  /** Opens the intake when nothing is in the way of tests, and shuts it when something is. */
  async #check(signal: AbortSignal): Promise<void> {
    const { log } = this.#parts;
    const { queues, concurrency, name } = this.#options;
    let why = await this.#whyNotNow(signal);
    try {
      if (why === null && !this.#isStopping && (await this.#intake.open())) {
        log.info({ name, queues: queues.join(' '), concurrency }, 'taking tasks');
      }
    } catch (error) {
      why = AltsError.from(error).message;
    }
    // A worker that was told to stop meanwhile has the last word on what it takes.
    if (this.#isStopping) return;
    if (why !== null) this.#intake.shut();
    if (why !== null && why !== this.#refuses) log.warn({ reason: why }, 'taking no tasks for the time being');
    this.#refuses = why;
  }

  async #whyNotNow(signal: AbortSignal): Promise<string | null> {
    const { spool, minFreeBytes, answerMs } = this.#options;
    const { runners } = this.#parts;
    try {
      await this.#exclusions.refresh(answerMs, signal);
      return await whyNotNow({ spool, minFreeBytes, answerMs, runners, signal });
    } catch (error) {
      return AltsError.from(error).message;
    }
  }
}

async function onDisk(directory: string): Promise<void> {
  try {
    await makeDirectory(directory);
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
