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
 * @param sha256 in hexadecimal; undefined: nobody knows, and nothing is compared
 * @param what for the message: `install.log of task t-1`
 * @throws {AltsError} `store_unavailable`
 */
export async function* verified(content: Bytes, sha256: string | undefined, what: string): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  for await (const chunk of content) {
    hash.update(chunk);
    yield chunk;
  }
  if (sha256 === undefined || hash.digest('hex') === sha256) return;
  throw new AltsError('store_unavailable', `${what} is not what was stored: its SHA-256 is another`);
}
