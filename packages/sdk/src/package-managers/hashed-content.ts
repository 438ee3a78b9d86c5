import type { Hash } from 'node:crypto';
import type { Bytes } from '../contracts/environment.ts';
import { AltsError } from '../contracts/errors.ts';
import type { PackageFile } from '../contracts/package-manager.ts';

/**
 * Passes the content of a package file on and adds it to a digest.
 * @throws {AltsError} `repository_unavailable` when a download breaks off, `internal` when a file does
 */
export async function* hashed(file: PackageFile, hash: Hash): Bytes {
  try {
    for await (const chunk of file.content) {
      hash.update(chunk);
      yield chunk;
    }
  } catch (error) {
    if (AltsError.is(error)) throw error;
    const code = /^https?:/.test(file.origin) ? 'repository_unavailable' : 'internal';
    throw new AltsError(code, `reading ${file.origin} was cut short: ${(error as Error).message}`, { cause: error });
  }
}
