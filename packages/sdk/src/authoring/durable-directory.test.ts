import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { makeDirectory } from './durable-directory.ts';

const synced: string[] = [];
// What a loss of power does cannot be tried here; what is asked of the system can be seen.
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  const open: typeof real.open = async (path, ...rest) => {
    const file = await real.open(path, ...rest);
    return Object.assign(file, {
      sync: async () => void synced.push(String(path)),
    });
  };
  return { ...real, open };
});

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'alts-durable-'));
  synced.length = 0;
  onTestFinished(() => rm(root, { recursive: true }));
});

it('asks for the names of all that are new, in the directories above them', async () => {
  await makeDirectory(join(root, 'a', 'b', 'c'));
  expect((await stat(join(root, 'a/b/c'))).isDirectory()).toBe(true);
  expect(synced).toEqual([join(root, 'a/b'), join(root, 'a'), root]);
});

it('asks for nothing where there is nothing new', async () => {
  await makeDirectory(root);
  expect(synced).toEqual([]);
});
