import type { Abortable, Bytes } from './environment.ts';
import type { ArtifactRef } from './report.ts';

/** Which artifact: task and name. Names are checked by {@link assertArtifactKey}. */
export interface ArtifactKey {
  readonly taskId: string;
  readonly name: string;
}

/** Keeps reports and artifacts. */
export interface ResultStore {
  readonly contract: 'result-store/1';
  /**
   * Streams in, resolves when durable; until then no reader sees any of it.
   * `once`: the first writer wins, and a later one gets the first one's reference (S3 If-None-Match, link(2)).
   * @throws {AltsError} `store_unavailable`, `disk_full`; `invalid_request` for a key that is not one
   */
  put(key: ArtifactKey, content: Bytes, options?: Abortable & { readonly once?: boolean }): Promise<ArtifactRef>;
  /** @throws {AltsError} `artifact_not_found`; a store that is down has another code */
  get(key: ArtifactKey, options?: Abortable): Bytes;
  /** In any order; empty for a task that nothing is known of. */
  list(taskId: string, options?: Abortable): AsyncIterable<ArtifactRef>;
  /**
   * Forgets a task, the report first; nothing happens where there is nothing. Absent where the store keeps for ever.
   * @throws {AltsError} `store_unavailable`; some may be removed by then
   */
  remove?(taskId: string, options?: Abortable): Promise<void>;
  /** Where a person finds a task's artifacts: a path or a URL. */
  locate?(taskId: string): string;
  /** A signed link; absent where the store cannot sign. */
  link?(key: ArtifactKey, options: { readonly expiresInSeconds: number }): Promise<URL>;
}
