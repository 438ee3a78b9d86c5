import { statfs } from 'node:fs/promises';
import { AltsError, type Runner } from '@alts/sdk';

export interface CapacityOptions {
  /** Directories whose disks have to have room. */
  readonly directories: readonly string[];
  /** Bytes that have to be free on each. */
  readonly minFreeBytes: number;
  readonly runners: ReadonlyMap<string, Runner>;
}

const PROBE_MS = 10_000;

/** Why no test should begin on this machine at the moment; null when nothing is in the way. */
export async function whyNotNow({ directories, minFreeBytes, runners }: CapacityOptions): Promise<string | null> {
  for (const directory of directories) {
    const free = await freeBytes(directory);
    if (free < minFreeBytes) {
      return `the disk of ${directory} has ${mebibytes(free)} MiB free, and ${mebibytes(minFreeBytes)} are wanted`;
    }
  }
  for (const [name, runner] of runners) {
    try {
      await runner.probe?.({ signal: AbortSignal.timeout(PROBE_MS) });
    } catch (error) {
      return `the runner ${name} is not usable: ${AltsError.from(error).message}`;
    }
  }
  return null;
}

const mebibytes = (bytes: number): number => Math.floor(bytes / 1024 / 1024);

/** For a user without privileges, which is what `bavail` is. */
async function freeBytes(directory: string): Promise<number> {
  const { bavail, bsize } = await statfs(directory);
  return bavail * bsize;
}
