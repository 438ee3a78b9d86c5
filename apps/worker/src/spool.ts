import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, readdir, readFile, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AltsError, type ArtifactKey, type ArtifactRef, type Bytes, makeDirectory, syncDirectory } from '@alts/sdk';
import { LABEL, partialName, removeLeftovers } from './spool-leftovers.ts';

/** What waits on this disk to be stored. */
export interface SpooledArtifact {
  readonly key: ArtifactKey;
  readonly once: boolean;
  readonly ref: ArtifactRef;
  content(): Bytes;
}

interface Placed extends SpooledArtifact {
  /** Path of the content. */
  readonly path: string;
}

interface Label {
  readonly name: string;
  readonly once: boolean;
  readonly ref: ArtifactRef;
}

/**
 * Artifacts on the disk of the worker, in the order in which they came, task by task. A label says that its content is
 * complete and on the disk, so that a worker that was killed leaves nothing half. Several processes may share a directory.
 */
export class Spool {
  readonly #root: string;
  #last = 0;

  constructor(directory: string) {
    this.#root = directory;
  }

  /**
   * Resolves when the content is on the disk, with its name.
   * @throws {AltsError} `disk_full`
   */
  async add({ taskId, name }: ArtifactKey, content: Bytes, once: boolean): Promise<SpooledArtifact> {
    const directory = join(this.#root, taskId);
    const partial = join(directory, partialName());
    try {
      const { size, sha256 } = await write(await create(partial), content);
      return await this.#place(partial, { taskId, label: { name, once, ref: { name, size, sha256 } } });
    } finally {
      await rm(partial, { force: true }).catch(() => undefined);
    }
  }

  /** Gives what is written its place and its label. */
  async #place(partial: string, what: { readonly taskId: string; readonly label: Label }): Promise<SpooledArtifact> {
    const directory = dirname(partial);
    const id = this.#nextId();
    const [path, labelled, partialLabel] = [
      join(directory, id),
      join(directory, `${id}${LABEL}`),
      `${partial}${LABEL}`,
    ];
    try {
      await onDisk(() => rename(partial, path));
      await write(await create(partialLabel), bytesOf(JSON.stringify(what.label)));
      // A label is a promise: the name of its content is on the disk before it.
      await onDisk(() => syncDirectory(directory));
      await onDisk(() => rename(partialLabel, labelled));
      await onDisk(() => syncDirectory(directory));
      return artifactIn(directory, id, what);
    } catch (error) {
      for (const left of [labelled, partialLabel, path]) await rm(left, { force: true }).catch(() => undefined);
      throw error;
    }
  }

  /** Ids of tasks that something waits of. What killed workers left half is removed first. */
  async tasks(): Promise<string[]> {
    await removeLeftovers(this.#root);
    const entries = await readdir(this.#root, { withFileTypes: true }).catch(() => []);
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  }

  /**
   * What waits of one task, the oldest first.
   * @throws what the file system throws: what cannot be read is not gone
   */
  async of(taskId: string): Promise<SpooledArtifact[]> {
    const directory = join(this.#root, taskId);
    const names = await orIfGone(readdir(directory), []);
    const ids = names.filter((name) => name.endsWith(LABEL) && !name.startsWith('.')).sort();
    const found = await Promise.all(ids.map((name) => readArtifact(directory, name.slice(0, -LABEL.length), taskId)));
    return found.filter((each) => each !== undefined);
  }

  /** It is stored, and need not wait any longer. */
  async remove(artifact: SpooledArtifact): Promise<void> {
    const { path } = artifact as Placed;
    // The label first: content without one is nothing.
    await rm(`${path}${LABEL}`, { force: true });
    await rm(path, { force: true });
    await rmdir(dirname(path)).catch(() => undefined);
  }

  /** Sorts by time, also over restarts, and within a millisecond. */
  #nextId(): string {
    this.#last = Math.max(this.#last + 1, Date.now() * 1000);
    return `${String(this.#last).padStart(20, '0')}-${randomUUID()}`;
  }
}

/** Undefined: another process was faster. */
async function readArtifact(directory: string, id: string, taskId: string): Promise<SpooledArtifact | undefined> {
  const written = await orIfGone(readFile(join(directory, `${id}${LABEL}`), 'utf8'), undefined);
  return written === undefined ? undefined : artifactIn(directory, id, { taskId, label: JSON.parse(written) as Label });
}

async function orIfGone<T, Instead>(reading: Promise<T>, instead: Instead): Promise<T | Instead> {
  try {
    return await reading;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return instead;
  }
}

function artifactIn(
  directory: string,
  id: string,
  { taskId, label }: { readonly taskId: string; readonly label: Label },
): Placed {
  const path = join(directory, id);
  return {
    path,
    key: { taskId, name: label.name },
    once: label.once,
    ref: label.ref,
    content: () => createReadStream(path),
  };
}

/** Its directory may go at the same moment, with the last artifact of an earlier time. */
async function create(path: string): Promise<FileHandle> {
  for (;;) {
    await onDisk(() => makeDirectory(dirname(path)));
    try {
      return await open(path, 'wx');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return onDisk(() => Promise.reject(error));
    }
  }
}

async function write(file: FileHandle, content: Bytes): Promise<{ readonly size: number; readonly sha256: string }> {
  const hash = createHash('sha256');
  let size = 0;
  try {
    for await (const chunk of content) {
      hash.update(chunk);
      size += chunk.byteLength;
      await onDisk(() => file.appendFile(chunk));
    }
    await onDisk(() => file.sync());
  } finally {
    await file.close();
  }
  return { size, sha256: hash.digest('hex') };
}

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

async function onDisk<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const full = code === 'ENOSPC' || code === 'EDQUOT';
    throw new AltsError(full ? 'disk_full' : 'store_unavailable', `the spool: ${message}`, { cause });
  }
}
