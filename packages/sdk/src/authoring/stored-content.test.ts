import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { contentTypeOf, verified } from './stored-content.ts';

async function* bytes(...parts: string[]) {
  for (const part of parts) yield Buffer.from(part);
}
const read = async (sha256: string | undefined) =>
  Buffer.concat(await Array.fromAsync(verified(bytes('as it ', 'was'), sha256, 'a.log of task t'))).toString();

it('gives what was stored, and refuses what is something else, or has nothing to be compared with', async () => {
  expect(await read(createHash('sha256').update('as it was').digest('hex'))).toBe('as it was');
  await expect(read('0'.repeat(64))).rejects.toMatchObject({
    code: 'store_unavailable',
    message: 'a.log of task t is not what was stored: its SHA-256 is another',
  });
  await expect(read(undefined)).rejects.toMatchObject({
    code: 'store_unavailable',
    message: expect.stringContaining('a.log of task t has no SHA-256 in its metadata'),
  });
});

it.each([
  ['a.log', 'text/plain; charset=utf-8'],
  ['report.json', 'application/json'],
  ['a.b.xml', 'application/xml'],
  ['core', 'application/octet-stream'],
])('%s is %s', (name, type) => {
  expect(contentTypeOf(name)).toBe(type);
});
