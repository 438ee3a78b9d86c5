import { constants } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { AltsError } from '../contracts/errors.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../machine/temporary-directory.ts';
import { type DirectorySize, sizeOf } from './bounded-directory.ts';

/** Marks what is not complete, or is going. */
const PARTIAL = '.partial-';
const DAY_MS = 24 * 60 * 60_000;

export const suiteDirectory = (): Promise<TemporaryDirectory> => onDisk(() => temporaryDirectory('suite'));

/** Says in our words that the disk is full. */
async function onDisk<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code !== 'ENOSPC' && code !== 'EDQUOT') throw cause;
    throw new AltsError('disk_full', `no space left for test suites: ${message}`, { cause });
  }
}

/**
 * Directories by key, shared by all tests and processes of a machine without a lock: each is made under a name of its
 * own and then renamed, and is copied out to be used, so that what is evicted or changed hurts nobody.
 */
export class DirectoryCache {
  readonly #directory: string;
  readonly #maxBytes: number;

  /** @param maxBytes what is over it goes, least recently used first */
  constructor(directory: string, maxBytes: number) {
    this.#directory = directory;
    this.#maxBytes = maxBytes;
  }

  /** A copy of what is kept under the key; undefined: nothing is, or it went while it was copied. */
  async take(key: string): Promise<TemporaryDirectory | undefined> {
    const kept = join(this.#directory, key);
    const copy = await suiteDirectory();
    try {
      const now = new Date();
      await utimes(kept, now, now);
      await onDisk(() =>
        cp(kept, copy.path, { recursive: true, verbatimSymlinks: true, mode: constants.COPYFILE_FICLONE }),
      );
      // It may have been on its way out, half of it gone already, when it was copied.
      await stat(kept);
      return copy;
    } catch (error) {
      await copy[Symbol.asyncDispose]();
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      return undefined;
    }
  }

  /**
   * Keeps what `fill` puts into an empty directory.
   * @param fill returns the key under which it is kept; undefined: it is thrown away
   */
  async put(fill: (directory: string) => Promise<string | undefined>): Promise<string | undefined> {
    await onDisk(() => mkdir(this.#directory, { recursive: true, mode: 0o700 }));
    const partial = await onDisk(() => mkdtemp(join(this.#directory, PARTIAL)));
    try {
      const key = await onDisk(() => fill(partial));
      if (key === undefined) return undefined;
      const now = new Date();
      await utimes(partial, now, now);
      // Somebody else may have put the same there in the meantime.
      await rename(partial, join(this.#directory, key)).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
      });
      await this.#evict(key);
      return key;
    } finally {
      await rm(partial, { recursive: true, force: true });
    }
  }

  async #evict(newest: string): Promise<void> {
    let total = 0;
    for (const { name, bytes, usedMs } of await this.#entries()) {
      total += bytes;
      const isAbandoned = name.startsWith(PARTIAL) && Date.now() - usedMs > DAY_MS;
      const isOver = total > this.#maxBytes && !name.startsWith(PARTIAL) && name !== newest;
      if (isAbandoned || isOver) await this.#remove(name);
    }
  }

  /** The most recently used first. */
  async #entries(): Promise<(DirectorySize & { readonly name: string; readonly usedMs: number })[]> {
    const found = await Promise.all(
      (await readdir(this.#directory)).map(async (name) => {
        const path = join(this.#directory, name);
        const usedMs = (await stat(path).catch(() => undefined))?.mtimeMs;
        return usedMs === undefined ? [] : [{ name, usedMs, ...(await sizeOf(path)) }];
      }),
    );
    return found.flat().sort((a, b) => b.usedMs - a.usedMs);
  }

  /** Under another name first: whoever copies it sees that it is gone. */
  async #remove(name: string): Promise<void> {
    const going = await mkdtemp(join(this.#directory, PARTIAL));
    await rename(join(this.#directory, name), going).catch(() => {});
    await rm(going, { recursive: true, force: true });
  }
}
