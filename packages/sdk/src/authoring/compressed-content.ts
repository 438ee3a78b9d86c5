import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Bytes } from '../contracts/environment.ts';
import { AltsError } from '../contracts/errors.ts';
import { temporaryDirectory } from '../machine/temporary-directory.ts';
import { abortable } from './abortable.ts';

const CHUNK_BYTES = 64 * 1024;

/** Content that came to its end: compressed, in a file of this machine that nobody else sees, until it is disposed of. */
export interface CompressedContent extends AsyncDisposable {
  /** Bytes of the content itself, and its digest in hexadecimal. */
  readonly size: number;
  readonly sha256: string;
  /** Bytes of the file. */
  readonly compressedSize: number;
  open(): Readable;
}

/**
 * Waits for the end of content before anything of it is sent: a log grows for as long as its test runs, and an upload that
 * is open for hours is one that breaks. What is sent has then a size and a digest, and can be sent again.
 * @throws the signal's reason on abort; {@link AltsError} `disk_full`
 */
export async function compress(content: Bytes, signal: AbortSignal | undefined): Promise<CompressedContent> {
  const file = await namelessFile();
  const hash = createHash('sha256');
  let size = 0;
  const measure = async function* () {
    for await (const chunk of abortable(content, signal)) {
      size += chunk.byteLength;
      hash.update(chunk);
      yield chunk;
    }
  };
  try {
    await pipeline(measure, createGzip(), (compressed) => file.writeFile(compressed), { ...(signal && { signal }) });
    const { size: compressedSize } = await file.stat();
    const read = () => Readable.from(contentOf(file), { objectMode: false });
    return { size, sha256: hash.digest('hex'), compressedSize, open: read, [Symbol.asyncDispose]: () => file.close() };
  } catch (error) {
    await file.close();
    signal?.throwIfAborted();
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOSPC')
      throw new AltsError('disk_full', `no space left to keep an artifact: ${message}`, { cause: error });
    throw error;
  }
}

/** A file whose name is taken away as soon as it is open: whoever has it may be killed, and nothing is left behind. */
async function namelessFile(): Promise<FileHandle> {
  await using directory = await temporaryDirectory('content');
  return await open(join(directory.path, 'content.gz'), 'wx+');
}

/** Not the handle's own stream: that would close it, and content is sent again when it did not arrive. */
async function* contentOf(file: FileHandle): AsyncGenerator<Uint8Array> {
  for (let position = 0; ; ) {
    const { bytesRead, buffer } = await file.read({ buffer: Buffer.allocUnsafe(CHUNK_BYTES), position });
    if (bytesRead === 0) return;
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}
