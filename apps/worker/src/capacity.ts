import { randomUUID } from 'node:crypto';
import { open, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AltsError, type Runner } from '@alts/sdk';
import { within } from './within.ts';

export interface CapacityOptions {
  /** Where results wait: it has to take what is written. */
  readonly spool: string;
  /** Bytes that have to be free on its disk, on that of temporary files, and on those of environments. */
  readonly minFreeBytes: number;
  readonly runners: ReadonlyMap<string, Runner>;
  /** How long each disk and each runner may take to answer. */
  readonly answerMs: number;
  readonly signal: AbortSignal;
}

/** A disk without room for a file may still take its name. */
const PROBE = Buffer.alloc(4096);

/**
 * Why no test should begin on this machine at the moment; null when nothing is in the way.
 * @throws the reason of the signal when it aborts
 */
export async function whyNotNow(options: CapacityOptions): Promise<string | null> {
  const { spool, minFreeBytes, runners } = options;
  const ofSpool = await ask('the spool is not usable', options, async () => {
    await writeProbe(spool);
    return whyTooFull(spool, minFreeBytes);
  });
  if (ofSpool !== null) return ofSpool;
  const ofTemporary = await ask('there is no place for temporary files', options, () =>
    whyTooFull(tmpdir(), minFreeBytes),
  );
  if (ofTemporary !== null) return ofTemporary;
  for (const [name, runner] of runners) {
    const why = await ask(`the runner ${name} is not usable`, options, async (signal) => {
      await runner.probe?.({ signal });
      for (const directory of (await runner.directories?.({ signal })) ?? []) {
        const full = await whyTooFull(directory, minFreeBytes);
        if (full !== null) return full;
      }
      return null;
    });
    if (why !== null) return why;
  }
  return null;
}

/** The answer, or why there is none. */
async function ask(
  what: string,
  { answerMs, signal }: CapacityOptions,
  question: (signal: AbortSignal) => Promise<string | null>,
): Promise<string | null> {
  try {
    return await within(answerMs, signal, question);
  } catch (error) {
    signal.throwIfAborted();
    return `${what}: ${AltsError.from(error).message}`;
  }
}

/** Rights, quotas and disks that have become read-only are known by trying alone. */
async function writeProbe(directory: string): Promise<void> {
  const path = join(directory, `.alts-probe-${randomUUID()}`);
  try {
    await using file = await open(path, 'wx');
    await file.writeFile(PROBE);
    await file.sync();
  } finally {
    await rm(path, { force: true });
  }
}

/** What is free is what a user without privileges may take: `bavail`. */
async function whyTooFull(directory: string, minFreeBytes: number): Promise<string | null> {
  const { bavail, bsize } = await statfs(directory);
  const free = bavail * bsize;
  if (free >= minFreeBytes) return null;
  return `the disk of ${directory} has ${mebibytes(free)} MiB free, and ${mebibytes(minFreeBytes)} are wanted`;
}

const mebibytes = (bytes: number): number => Math.floor(bytes / 1024 / 1024);
