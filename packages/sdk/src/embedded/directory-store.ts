import { randomUUID } from 'node:crypto';
import { link, readdir, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { abortable } from '../authoring/abortable.ts';
import { makeDirectory, syncDirectory } from '../authoring/durable-directory.ts';
import { assertArtifactKey } from '../contracts/artifact-key.ts';
import type { Abortable, Bytes } from '../contracts/environment.ts';
import { AltsError } from '../contracts/errors.ts';
import type { ArtifactRef } from '../contracts/report.ts';
import type { ArtifactKey, ResultStore } from '../contracts/result-store.ts';
import { contentOf, digestOf, type FileDigest, writeDurably } from './durable-file.ts';
import { hasCode, onDisk } from './storage-errors.ts';

/** Names of artifacts never begin with a dot, so no reader takes a file for one that is still being written. */
const PARTIAL = '.partial-';

/** Goes first when a task is removed: no reader sees a report of what is not there. */
const REPORT = 'report.json';

class DirectoryStore implements ResultStore {
  readonly contract = 'result-store/1';
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  async put(
    key: ArtifactKey,
    content: Bytes,
    options: Abortable & { readonly once?: boolean } = {},
  ): Promise<ArtifactRef> {
    assertArtifactKey(key);
    const { signal, once = false } = options;
    signal?.throwIfAborted();
    const directory = join(this.#root, key.taskId);
    const target = join(directory, key.name);
    if (once) {
      const first = await this.#digest(target, signal);
      if (first) return { name: key.name, ...first };
    }
    await onDisk(directory, () => makeDirectory(directory));
    const partial = join(directory, `${PARTIAL}${randomUUID()}`);
    try {
      const written = await writeDurably(partial, abortable(content, signal));
      signal?.throwIfAborted();
      const first = once ? await this.#linkOnce(partial, target, signal) : undefined;
      if (!once) await onDisk(target, () => rename(partial, target));
      await onDisk(directory, () => syncDirectory(directory));
      return { name: key.name, ...(first ?? written) };
    } finally {
      await rm(partial, { force: true }).catch(() => undefined);
    }
  }

  async *get(key: ArtifactKey, { signal }: Abortable = {}): AsyncGenerator<Uint8Array> {
    assertArtifactKey(key);
    const target = join(this.#root, key.taskId, key.name);
    try {
      yield* contentOf(target, signal);
    } catch (error) {
      if (!isAbsent(error)) throw error;
      throw new AltsError('artifact_not_found', `no artifact ${key.name} of task ${key.taskId}`, { cause: error });
    }
  }

  async *list(taskId: string, { signal }: Abortable = {}): AsyncGenerator<ArtifactRef> {
    assertArtifactKey({ taskId, name: 'any' });
    signal?.throwIfAborted();
    const directory = join(this.#root, taskId);
    const entries = await onDisk(directory, () => readdir(directory, { withFileTypes: true })).catch((error) => {
      if (isAbsent(error)) return [];
      throw error;
    });
    for (const entry of entries) {
      if (!entry.isFile() || entry.name.startsWith('.')) continue;
      const digest = await this.#digest(join(directory, entry.name), signal);
      if (digest) yield { name: entry.name, ...digest };
    }
  }

  async remove(taskId: string, { signal }: Abortable = {}): Promise<void> {
    assertArtifactKey({ taskId, name: 'any' });
    signal?.throwIfAborted();
    const directory = join(this.#root, taskId);
    await onDisk(directory, async () => {
      await rm(join(directory, REPORT), { force: true });
      await rm(directory, { recursive: true, force: true });
    });
  }

  locate(taskId: string): string {
    assertArtifactKey({ taskId, name: 'any' });
    return join(this.#root, taskId);
  }

  /** link(2) refuses a name that is taken: of two writers at once, one wins and the other learns whose file it is. */
  async #linkOnce(partial: string, target: string, signal: AbortSignal | undefined): Promise<FileDigest | undefined> {
    try {
      await onDisk(target, () => link(partial, target));
      return undefined;
    } catch (error) {
      if (!(error instanceof AltsError) || !hasCode(error.cause, 'EEXIST')) throw error;
      return await this.#digest(target, signal);
    }
  }

  /** Undefined when there is no such file. */
  async #digest(path: string, signal: AbortSignal | undefined): Promise<FileDigest | undefined> {
    try {
      return await digestOf(contentOf(path, signal));
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  }
}

/** Only ENOENT is absence; a store that cannot be read must never look like an empty one. */
function isAbsent(error: unknown): boolean {
  return AltsError.is(error) && hasCode(error.cause, 'ENOENT');
}

/**
 * Keeps each artifact as `<path>/<task id>/<name>`, which people can open and archive as they are.
 * @param path made when the first artifact is put
 * @throws {AltsError} `invalid_request` for an empty path
 */
export function directoryStore(path: string): ResultStore {
  if (path === '') throw new AltsError('invalid_request', 'path: "" is not the path of a directory');
  return new DirectoryStore(resolve(path));
}
