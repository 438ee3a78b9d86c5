import type { Broadcast, Checker, Queue, ResultStore, Runner } from '@alts/sdk';
import type { SpoolingStore } from './spooling-store.ts';

/** Where the worker says what goes wrong with itself. */
export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** What a worker is made of. */
export interface WorkerParts {
  readonly queue: Queue;
  readonly broadcast: Broadcast;
  readonly store: ResultStore;
  /** By the name that queues begin with: `docker`. */
  readonly runners: ReadonlyMap<string, Runner>;
  /** All that judge packages. Left out: those that come with ALTS. */
  readonly checkers?: readonly Checker[] | undefined;
  readonly log: Log;
}

/** What a running worker works with besides. */
export interface TaskParts extends Omit<WorkerParts, 'store'> {
  readonly store: SpoolingStore;
  /** Name of this worker. */
  readonly worker: string;
}
