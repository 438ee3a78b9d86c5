import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AltsError,
  type ArtifactKey,
  type BroadcastEvent,
  type Checker,
  directoryStore,
  memoryBroadcast,
  memoryQueue,
  parseRequest,
  type ResultStore,
  type Runner,
  type TaskMessage,
  type TestReport,
} from '@alts/sdk';
import { onTestFinished } from 'vitest';
import { createWorker, type Worker, type WorkerOptions } from './create-worker.ts';

export const QUEUE = 'docker-x86_64-0';

/** A runner whose backend does not answer, which is found out only when a test begins. */
function unreachable(): Runner {
  const provision = async () => {
    throw new AltsError('runner_unavailable', 'nobody answers');
  };
  return { ...waitingRunner(), provision };
}

/** A store that can be switched off; there is none of that kind in this process, so it is the directory behind a switch. */
function switched(store: ResultStore): ResultStore & { isOn: boolean } {
  const assertOn = () => {
    if (!made.isOn) throw new AltsError('store_unavailable', 'switched off');
  };
  const made: ResultStore & { isOn: boolean } = {
    contract: 'result-store/1',
    isOn: true,
    async put(...args) {
      assertOn();
      return store.put(...args);
    },
    async *get(key: ArtifactKey) {
      assertOn();
      yield* store.get(key);
    },
    list: (taskId) => store.list(taskId),
  };
  return made;
}

/** A runner whose environments never start: a test waits until it is stopped, or until it is let fail. */
export function waitingRunner() {
  const waiting = new Set<(error: Error) => void>();
  const runner: Runner = {
    contract: 'runner/1',
    name: 'docker',
    traits: new Set(['container']),
    provision: (_spec, { signal }) => {
      const { promise, reject } = Promise.withResolvers<never>();
      waiting.add(reject);
      signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
      return promise.finally(() => waiting.delete(reject));
    },
    async *list() {},
    remove: async () => {},
  };
  const failAll = () => {
    for (const reject of waiting) reject(new AltsError('wrong_system', 'let fail'));
  };
  return Object.assign(runner, { waiting, failAll });
}

interface Workshop {
  readonly runner?: Runner;
  readonly checkers?: readonly Checker[];
  readonly options?: Partial<WorkerOptions>;
}

/** A worker, whose runner is one that does not answer if no other is given. */
export async function workshop({ runner = unreachable(), checkers, options = {} }: Workshop = {}) {
  const directory = await mkdtemp(join(tmpdir(), 'alts-worker-'));
  const parts = {
    queue: memoryQueue({ maxAttempts: 5 }),
    broadcast: memoryBroadcast(),
    store: switched(directoryStore(join(directory, 'results'))),
    runners: new Map([['docker', runner]]),
    checkers,
    log: { info() {}, warn() {}, error() {} },
  };
  const events: BroadcastEvent[] = [];
  parts.broadcast.onAll((event) => events.push(event));
  const spool = join(directory, 'spool');
  const open = (more: Partial<WorkerOptions> = {}) => {
    const made = createWorker(parts, {
      queues: [QUEUE],
      maxAttempts: 2,
      spool,
      heartbeatMs: 20,
      checkMs: 50,
      ...options,
      ...more,
    });
    workers.push(made);
    return made;
  };
  const workers: Worker[] = [];
  const worker = open();
  onTestFinished(async () => {
    for (const each of workers) await each.stop({ now: true });
    // A disk that was being tried when the worker stopped has its file for a moment yet.
    await rm(directory, { recursive: true, maxRetries: 5 });
  });
  const artifact = async (name: string) => {
    const chunks = await Array.fromAsync(parts.store.get({ taskId: 'a', name }));
    return JSON.parse(Buffer.concat(chunks).toString()) as TestReport;
  };
  const names = async () => (await Array.fromAsync(parts.store.list('a'))).map(({ name }) => name).sort();
  return { ...parts, spool, worker, open, events, artifact, names };
}

export const request = parseRequest({ taskId: 'a', package: { name: 'hello' }, system: 'debian:12' });
export const message: TaskMessage = { schemaVersion: 1, taskId: 'a', request };
export const verdicts = (events: readonly BroadcastEvent[]) =>
  events.flatMap((told) =>
    told.kind === 'test' && told.event.type === 'verdict' ? [[told.attempt, told.event.verdict]] : [],
  );
