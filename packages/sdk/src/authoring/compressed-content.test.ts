import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { compress } from './compressed-content.ts';

let temporary: string;

beforeEach(async () => {
  temporary = await mkdtemp(join(tmpdir(), 'alts-compress-'));
  vi.stubEnv('TMPDIR', temporary);
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    await rm(temporary, { recursive: true });
  });
});

it('has no name on the disk from the beginning: who is killed meanwhile leaves nothing', async () => {
  const seen: string[][] = [];
  const content = async function* () {
    yield Buffer.from('first ');
    seen.push(await readdir(temporary));
    yield Buffer.from('second');
  };
  await using compressed = await compress(content(), undefined);
  expect([seen, await readdir(temporary)]).toEqual([[[]], []]);
  expect(compressed).toMatchObject({ size: 12, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
});

it('is read as often as it is asked for, side by side, also when one who reads stops', async () => {
  const large = Buffer.from(Array.from({ length: 300_000 }, () => Math.floor(Math.random() * 256)));
  await using compressed = await compress(
    (async function* () {
      yield large;
    })(),
    undefined,
  );
  const read = async () => gunzipSync(Buffer.concat(await Array.fromAsync(compressed.open() as AsyncIterable<Buffer>)));
  for await (const _ of compressed.open()) break;
  for (const each of await Promise.all([read(), read()])) expect(each.equals(large)).toBe(true);
  expect(compressed.compressedSize).toBeGreaterThan(300_000);
});

it('keeps nothing of content that breaks', async () => {
  const broken = new Error('the source broke');
  const content = async function* () {
    yield Buffer.from('some');
    throw broken;
  };
  await expect(compress(content(), undefined)).rejects.toBe(broken);
  expect(await readdir(temporary)).toEqual([]);
});
