import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AltsError } from '../contracts/errors.ts';

/** What a suite may have on this machine. */
export interface DirectoryLimit {
  readonly bytes: number;
  readonly files: number;
}

export interface DirectorySize {
  readonly bytes: number;
  /** Directories and links are counted too. */
  readonly files: number;
}

const MiB = 1024 * 1024;
const LOOK_EVERY_MS = 500;

/** Size of a directory; what goes away while it is measured is not counted. Ends early when the limit is passed. */
export async function sizeOf(directory: string, limit?: DirectoryLimit): Promise<DirectorySize> {
  let [bytes, files] = [0, 0];
  const open = [directory];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const entries = await readdir(next, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const path = join(next, entry.name);
      files += 1;
      if (entry.isDirectory()) open.push(path);
      else bytes += (await lstat(path).catch(() => undefined))?.size ?? 0;
    }
    if (limit && (bytes > limit.bytes || files > limit.files)) break;
  }
  return { bytes, files };
}

/**
 * Runs work that fills a directory, and aborts it when the directory grows over its limit: neither git nor tar can be
 * told one.
 * @throws {AltsError} `limit_exceeded`
 */
export async function withinLimit<T>(
  { directory, limit, what }: { readonly directory: string; readonly limit: DirectoryLimit; readonly what: string },
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const tooLarge = new AbortController();
  const assertFits = async (): Promise<void> => {
    const { bytes, files } = await sizeOf(directory, limit);
    if (bytes <= limit.bytes && files <= limit.files) return;
    const most = `${limit.files} files or ${Math.round(limit.bytes / MiB)} MiB`;
    tooLarge.abort(new AltsError('limit_exceeded', `${what} has more than ${most}`));
  };
  let [over, timer]: [boolean, NodeJS.Timeout | undefined] = [false, undefined];
  const look = async (): Promise<void> => {
    await assertFits();
    if (!over && !tooLarge.signal.aborted) timer = setTimeout(look, LOOK_EVERY_MS);
  };
  timer = setTimeout(look, LOOK_EVERY_MS);
  try {
    const result = await work(AbortSignal.any([signal, tooLarge.signal]));
    await assertFits();
    tooLarge.signal.throwIfAborted();
    return result;
  } finally {
    over = true;
    clearTimeout(timer);
  }
}
