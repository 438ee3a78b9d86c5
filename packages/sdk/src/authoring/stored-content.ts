import { createHash } from 'node:crypto';
import type { Bytes } from '../contracts/environment.ts';
import { AltsError } from '../contracts/errors.ts';

const TYPES: Readonly<Record<string, string>> = {
  log: 'text/plain; charset=utf-8',
  json: 'application/json',
  xml: 'application/xml',
  html: 'text/html; charset=utf-8',
};

/** The media type of an artifact by the end of its name; what is not known is bytes. */
export function contentTypeOf(name: string): string {
  return TYPES[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream';
}

/**
 * The same content; its end is an error when it is not what was stored.
 * @param sha256 in hexadecimal, as it stands beside the content; undefined: there is none, and all of it is refused, because
 * nobody can say whether it is whole, or ours
 * @param what for the message: `install.log of task t-1`
 * @throws {AltsError} `store_unavailable`
 */
export async function* verified(content: Bytes, sha256: string | undefined, what: string): AsyncGenerator<Uint8Array> {
  if (sha256 === undefined) {
    throw new AltsError(
      'store_unavailable',
      `${what} has no SHA-256 in its metadata: it was not stored by ALTS, or it was copied without its metadata`,
    );
  }
  const hash = createHash('sha256');
  for await (const chunk of content) {
    hash.update(chunk);
    yield chunk;
  }
  if (hash.digest('hex') === sha256) return;
  throw new AltsError('store_unavailable', `${what} is not what was stored: its SHA-256 is another`);
}
