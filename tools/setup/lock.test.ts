import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';

let state: string;
beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'alts-lock-'));
});
afterEach(() => rm(state, { recursive: true, force: true }));

/** Reads a number and writes the next one, under the lock; without a lock, increments get lost. */
const INCREMENT = `
  import { readFileSync, writeFileSync } from 'node:fs';
  import { setImmediate } from 'node:timers/promises';
  const { withLock } = await import(process.argv[1]);
  for (let i = 0; i < 10; i += 1) await withLock('count', async () => {
    const count = Number(readFileSync(process.argv[2], 'utf8'));
    for (let turn = 0; turn < 50; turn += 1) await setImmediate();
    writeFileSync(process.argv[2], String(count + 1));
  });`;

async function increment(file: string): Promise<void> {
  const lock = join(import.meta.dirname, 'lock.mjs');
  await execa('node', ['--input-type=module', '-e', INCREMENT, lock, file], { env: { XDG_STATE_HOME: state } });
}

test('processes that want the same lock take turns', async () => {
  const file = join(state, 'count');
  await writeFile(file, '0');
  await Promise.all([increment(file), increment(file), increment(file)]);
  expect(await readFile(file, 'utf8')).toBe('30');
});

test('what a killed process held is free, also when another process has its number now', async () => {
  const file = join(state, 'count');
  await mkdir(join(state, 'alts'));
  await writeFile(join(state, 'alts', 'count.lock'), `${process.pid}:1`);
  await writeFile(file, '0');
  await increment(file);
  expect(await readFile(file, 'utf8')).toBe('10');
});
