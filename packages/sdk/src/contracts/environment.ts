import type { ImageRef } from './report.ts';
import type { System } from './system.ts';

/** Content of any length; read once. */
export type Bytes = AsyncIterable<Uint8Array>;

/** A program and its arguments: never a shell line, never empty. */
export type Argv = readonly [program: string, ...args: string[]];

export interface Abortable {
  readonly signal?: AbortSignal | undefined;
}

/** A piece of what a command wrote, as it came. */
export interface OutputChunk {
  readonly stream: 'stdout' | 'stderr';
  readonly bytes: Uint8Array;
}

export interface ExecOptions extends Abortable {
  /** Added to the environment's own variables. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Absolute; default `/`. */
  readonly cwd?: string | undefined;
  /** Name or number; default the environment's superuser. */
  readonly user?: string | undefined;
  /** Fed to the command as it comes, then closed; without it standard input is empty. */
  readonly stdin?: Bytes | undefined;
  /** Milliseconds until the whole process group is killed and the result says `time-limit`; default none. */
  readonly timeoutMs?: number | undefined;
  /** Awaited for each chunk: a slow reader slows the command down (back-pressure). */
  readonly onOutput?: ((chunk: OutputChunk) => void | Promise<void>) | undefined;
  /** Bytes of each stream, counted from its end, that the result keeps; default 65,536. */
  readonly keepBytes?: number | undefined;
}

/** How a command ended. */
export type ExecEnd =
  | { readonly type: 'exit'; readonly code: number }
  | { readonly type: 'signal'; readonly signal: string }
  | { readonly type: 'time-limit'; readonly limitMs: number };

export interface ExecResult {
  readonly end: ExecEnd;
  /** The end of what it wrote: at most {@link ExecOptions.keepBytes} of each stream. */
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
  /** True when a stream had more than was kept. */
  readonly truncated: boolean;
}

/** A file or directory to be written. Parent directories that are missing are made with mode 0755. */
export interface FileEntry {
  /** Absolute. */
  readonly path: string;
  readonly type: 'file' | 'directory' | 'symlink';
  /** Of a file. */
  readonly content?: Uint8Array | undefined;
  /** Of a symlink. */
  readonly target?: string | undefined;
  /** Permission bits; default 0644, 0755 for a directory. */
  readonly mode?: number | undefined;
  /** Numeric; default 0. */
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
}

/** What was found at one path that was asked for. A symbolic link is not followed. */
export type FileContent =
  | {
      readonly path: string;
      readonly type: 'file';
      readonly content: Uint8Array;
      readonly mode: number;
      readonly uid: number;
      readonly gid: number;
    }
  | {
      readonly path: string;
      readonly type: 'directory';
      readonly mode: number;
      readonly uid: number;
      readonly gid: number;
    }
  | {
      readonly path: string;
      readonly type: 'symlink';
      readonly target: string;
      readonly uid: number;
      readonly gid: number;
    }
  | { readonly path: string; readonly type: 'other' }
  | { readonly path: string; readonly type: 'missing' };

/** A path that differs from the clean state. */
export interface FileChange {
  readonly path: string;
  readonly kind: 'added' | 'modified' | 'deleted';
}

/** Variables with which ansible reaches an environment, as its inventories have them: `ansible_connection`, `ansible_host`. */
export type Inventory = Readonly<Record<string, string | number>>;

/** One clean, disposable system, to be used. Its end is not here but at `Runner.remove`. */
export interface Environment {
  /** The backend's own name for it: what `docker ps` or `onevm list` shows. */
  readonly id: string;
  readonly system: System;
  /** What it was made from; absent where the backend has no such thing. */
  readonly image?: ImageRef | undefined;
  /** A command line for a person: how to get a shell in it, and how to remove it (`--keep`). */
  readonly access?: { readonly enter: string; readonly remove: string } | undefined;
  /**
   * How ansible on this machine reaches it as its superuser; no secrets. Left out: it cannot, and playbooks are skipped.
   * Source of names: "How to build your inventory" of the ansible documentation, and that of the connection plugin.
   */
  readonly inventory?: Inventory | undefined;
  /**
   * Runs one command; a non-zero exit is a result. A time limit or an abort kills the whole process group inside,
   * background children included. Ends with the command itself, not with a daemon that kept its output open.
   * @throws the signal's reason on abort
   * @throws {AltsError} `environment_lost` when the engine or the connection died
   */
  exec(command: Argv, options?: ExecOptions): Promise<ExecResult>;
  /**
   * Many files in one round trip, in the order asked; one that is not there is reported missing.
   * @throws {AltsError} `limit_exceeded` for a file larger than `maxFileBytes` (default 64 MiB)
   */
  read(paths: Iterable<string>, options?: Abortable & { readonly maxFileBytes?: number }): AsyncIterable<FileContent>;
  /** One round trip; owner and mode as said, whatever the umask. */
  write(files: Iterable<FileEntry>, options?: Abortable): Promise<void>;
  /** Against the clean state. There if, and only if, the runner has the trait; so is the next. */
  changes?(options?: Abortable): AsyncIterable<FileChange>;
  /** Resolves when a new boot id was seen. */
  reboot?(options?: Abortable): Promise<void>;
  /** Lets go of connections; the system stays (`--keep`). */
  disconnect?(): Promise<void>;
}
