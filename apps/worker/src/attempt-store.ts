import type { ArtifactKey, ArtifactRef, Bytes, ResultStore } from '@alts/sdk';
import { REPORT } from './report-name.ts';

/**
 * A store for one attempt that holds the report of its task back: whether it is the task's last word is decided when the
 * attempt is over. All else passes.
 */
export class AttemptStore implements ResultStore {
  readonly contract = 'result-store/1';
  readonly #store: ResultStore;
  readonly #taskId: string;
  #report: Uint8Array | undefined;

  constructor(store: ResultStore, taskId: string) {
    this.#store = store;
    this.#taskId = taskId;
  }

  async put(key: ArtifactKey, content: Bytes, options?: Parameters<ResultStore['put']>[2]): Promise<ArtifactRef> {
    if (key.name !== REPORT || key.taskId !== this.#taskId) return this.#store.put(key, content, options);
    this.#report = Buffer.concat(await Array.fromAsync(content));
    return { name: key.name, size: this.#report.byteLength, sha256: '' };
  }

  get(key: ArtifactKey, options?: Parameters<ResultStore['get']>[1]): Bytes {
    return this.#store.get(key, options);
  }

  list(taskId: string, options?: Parameters<ResultStore['list']>[1]): AsyncIterable<ArtifactRef> {
    return this.#store.list(taskId, options);
  }

  /** Stores the report under that name; `report.json` only where there is none. */
  async release(name: string): Promise<void> {
    const report = this.#report;
    if (report) await this.#store.put({ taskId: this.#taskId, name }, once(report), { once: name === REPORT });
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
