import { open } from 'node:fs/promises';
import { AltsError } from '@alts/sdk/plugin';

/**
 * The JSON document in a file.
 * @param what the option and the path, for messages
 * @param maxBytes longest file
 * @throws {AltsError} `invalid_request` when it cannot be read, is too long or is no JSON
 */
export async function readJson(path: string, what: string, maxBytes: number): Promise<unknown> {
  const refuse = (why: string, cause?: unknown): AltsError =>
    new AltsError('invalid_request', `${what}: ${why}`, { cause });
  let text: string;
  try {
    await using file = await open(path);
    const { size } = await file.stat();
    if (size > maxBytes) throw refuse(`is longer than ${maxBytes} bytes`);
    text = await file.readFile('utf8');
  } catch (cause) {
    if (AltsError.is(cause)) throw cause;
    throw refuse(`cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
  }
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw refuse(`is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
  }
}
