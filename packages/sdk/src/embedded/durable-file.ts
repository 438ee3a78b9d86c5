import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import type { Bytes } from '../contracts/environment.ts';
import { onDisk } from './storage-errors.ts';

export interface FileDigest {
  /** Bytes. */
  readonly size: number;
  readonly sha256: string;
}

/** How much is read at a time. */
const BLOCK = 65_536;

export async function digestOf(content: Bytes): Promise<FileDigest> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of content) {
    hash.update(chunk);
    size += chunk.byteLength;
  }
  return { size, sha256: hash.digest('hex') };
}

/** Writes a new file and waits until it is on the disk. Errors of `content` itself pass as they are. */
export async function writeDurably(path: string, content: Bytes): Promise<FileDigest> {
  const file = await onDisk(path, () => open(path, 'wx'));
  try {
    const digest = await digestOf(writing(path, file, content));
    await onDisk(path, () => file.sync());
    return digest;
  } finally {
    await file.close();
  }
}

async function* writing(path: string, file: FileHandle, content: Bytes): AsyncGenerator<Uint8Array> {
  for await (const chunk of content) {
    await onDisk(path, () => file.appendFile(chunk));
    yield chunk;
  }
}

/** What is in a file, read as it is wanted. */
export async function* contentOf(path: string, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
  signal?.throwIfAborted();
  const file = await onDisk(path, () => open(path, 'r'));
  try {
    while (true) {
      signal?.throwIfAborted();
      const block = new Uint8Array(BLOCK);
      const { bytesRead } = await onDisk(path, () => file.read(block, 0, BLOCK));
      if (bytesRead === 0) return;
      yield block.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}
