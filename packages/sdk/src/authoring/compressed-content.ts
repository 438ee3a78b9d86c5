import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Bytes } from '../contracts/environment.ts';
import { AltsError } from '../contracts/errors.ts';
import { abortable } from './abortable.ts';

/** Content that came to its end: compressed, in a file of this machine, until it is disposed of. */
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
  const directory = await mkdtemp(join(tmpdir(), 'alts-spool-'));
  const remove = () => rm(directory, { recursive: true, force: true });
  const path = join(directory, 'content.gz');
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
    await pipeline(measure, createGzip(), createWriteStream(path), { ...(signal && { signal }) });
    const { size: compressedSize } = await stat(path);
    const open = () => createReadStream(path).pipe(new PassThrough());
    return { size, sha256: hash.digest('hex'), compressedSize, open, [Symbol.asyncDispose]: remove };
  } catch (error) {
    await remove();
    signal?.throwIfAborted();
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOSPC')
      throw new AltsError('disk_full', `no space left to keep an artifact: ${message}`, { cause: error });
    throw error;
  }
}
