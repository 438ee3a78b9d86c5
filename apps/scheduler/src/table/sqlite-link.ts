import { Worker } from 'node:worker_threads';
import { AltsError } from '@alts/sdk/plugin';
import type { SqliteAnswer, SqliteCall, SqliteFile, SqliteResult, Statement } from './sqlite-thread.ts';
import { tableError } from './table-error.ts';

/** Beside this file, compiled or not. */
const THREAD = new URL(`./sqlite-thread${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

type Pending = PromiseWithResolvers<SqliteResult[]>;

/** A file of SQLite in a thread of its own. */
export class SqliteLink {
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  #last = 0;
  #ended: Error | undefined;

  private constructor(worker: Worker) {
    this.#worker = worker;
    worker.on('message', (answer: SqliteAnswer) => this.#settle(answer));
    worker.on('error', (error) => this.#end(error));
    worker.on('exit', () => this.#end(new Error('the database is closed')));
    // What waits for an answer keeps the process, and nothing else.
    worker.unref();
  }

  /** @throws {AltsError} `store_unavailable` for a file that cannot be opened */
  static async open(path: string, readOnly = false): Promise<SqliteLink> {
    // Not with the options of this process: those of a script by `node --eval`, say, are wrong for a file.
    const worker = new Worker(THREAD, { workerData: { path, readOnly } satisfies SqliteFile, execArgv: [] });
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    worker.once('message', resolve);
    worker.once('error', reject);
    try {
      await promise;
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new AltsError('store_unavailable', `the task table ${path} cannot be opened: ${reason}`, { cause });
    }
    return new SqliteLink(worker);
  }

  /**
   * What each of the statements gives.
   * @param atomic in a transaction of their own
   * @throws {AltsError} `store_unavailable`; what SQLite throws where the statement is wrong
   */
  async run(statements: readonly Statement[], atomic = false): Promise<SqliteResult[]> {
    if (this.#ended) throw tableError(this.#ended);
    const call: SqliteCall = {
      id: ++this.#last,
      statements: statements.map(({ sql, parameters }) => ({ sql, parameters })),
      atomic,
    };
    const pending = Promise.withResolvers<SqliteResult[]>();
    this.#pending.set(call.id, pending);
    this.#worker.ref();
    this.#worker.postMessage(call);
    return pending.promise;
  }

  async close(): Promise<void> {
    if (this.#ended) return;
    const ended = new Promise((resolve) => this.#worker.once('exit', resolve));
    this.#worker.ref();
    this.#worker.postMessage('close');
    await ended;
  }

  #settle(answer: SqliteAnswer): void {
    const pending = this.#pending.get(answer.id);
    this.#pending.delete(answer.id);
    if (this.#pending.size === 0) this.#worker.unref();
    if ('error' in answer) pending?.reject(tableError(answer.error));
    else pending?.resolve(answer.results);
  }

  #end(error: Error): void {
    this.#ended ??= error;
    for (const { reject } of this.#pending.values()) reject(tableError(error));
    this.#pending.clear();
  }
}
