import type { Abortable, Environment } from './environment.ts';
import type { Resources } from './request.ts';
import type { System } from './system.ts';

/** What a runner's environments can do: `container` or `machine` says what they are. */
export const TRAITS = ['container', 'machine', 'init', 'reboot', 'changes'] as const;
export type Trait = (typeof TRAITS)[number];

/** Written on the environment in the very call that creates it; not changed later (Docker cannot). */
export interface Lease {
  readonly taskId: string;
  /** The process that answers for it; see `currentOwner()`. */
  readonly owner: string;
  /** From then on it is abandoned, whoever owns it. */
  readonly deadline: Date;
}

export interface EnvironmentSpec {
  readonly system: System;
  readonly resources: Resources;
}

export interface ProvisionContext extends Abortable {
  readonly lease: Lease;
  /** For the reader: a line on what goes on, such as the progress of a pull. */
  readonly onProgress?: ((line: string) => void) | undefined;
}

/** Makes environments of one kind. Mechanism only: who is abandoned is the engine's decision. */
export interface Runner {
  readonly contract: 'runner/1';
  readonly name: string;
  /** Known before anything starts: `runner: any` chooses by them, the testkit proves each. */
  readonly traits: ReadonlySet<Trait>;
  /**
   * True for a system that it can make though no table knows it: one that it was configured for, or has an image of.
   * Asked only then; a backend that does not answer knows nothing.
   */
  knows?(system: System): boolean | Promise<boolean>;
  /**
   * All or nothing: after an exception or an abort, nothing is left behind.
   * @throws {AltsError} `runner_unavailable`, `image_unavailable`, `environment_lost`, `not_supported`
   */
  provision(spec: EnvironmentSpec, context: ProvisionContext): Promise<Environment>;
  /** Whatever on the backend carries a lease of ours, whoever made it. Asked of the backend, not of memory. */
  list(options?: Abortable): AsyncIterable<{ readonly id: string; readonly lease: Lease }>;
  /** Resolves when it is gone, or was already. The end of every test and the reaper are this one call. */
  remove(id: string, options?: Abortable): Promise<void>;
  /**
   * For `alts doctor`, and for a worker before it takes tasks: one line that says what answers, or a rejection that says
   * what was tried.
   */
  probe?(options?: Abortable): Promise<string>;
  /**
   * Directories of this machine that environments fill, so that a worker takes no tasks while their disks have no room;
   * none where the backend is another machine.
   */
  directories?(options?: Abortable): Promise<readonly string[]>;
}
