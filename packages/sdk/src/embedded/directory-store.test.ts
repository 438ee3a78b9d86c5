import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { directoryStore } from './directory-store.ts';
import { onDisk } from './storage-errors.ts';

// That it keeps the contract is proved in packages/testkit; here is what only this store has.

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'alts-directory-store-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

async function* content(...pieces: string[]) {
  for (const piece of pieces) yield Buffer.from(piece);
}

it('writes <path>/<task id>/<name>, and makes directories when they are needed', async () => {
  const store = directoryStore(join(root, 'deep', 'results'));
  expect(existsSync(join(root, 'deep'))).toBe(false);
  await store.put({ taskId: 'task', name: 'report.json' }, content('{', '}'));
  expect(readFileSync(join(root, 'deep/results/task/report.json'), 'utf8')).toBe('{}');
  expect(store.locate?.('task')).toBe(join(root, 'deep/results/task'));
});

it('leaves only the artifact in the directory, whether the put came to its end or not', async () => {
  const store = directoryStore(root);
  async function* breaking() {
    yield Buffer.from('half');
    throw new Error('broke off');
  }
  await expect(store.put({ taskId: 'task', name: 'a' }, breaking())).rejects.toThrow('broke off');
  await store.put({ taskId: 'task', name: 'b' }, content('x'), { once: true });
  await store.put({ taskId: 'task', name: 'b' }, content('y'), { once: true });
  expect(readdirSync(join(root, 'task'))).toEqual(['b']);
});

it('writes into a hidden file beside the artifact until all is there', async () => {
  const store = directoryStore(root);
  let during: string[] = [];
  async function* looking() {
    yield Buffer.from('x');
    during = readdirSync(join(root, 'task'));
  }
  await store.put({ taskId: 'task', name: 'log' }, looking());
  expect(during).toEqual([expect.stringMatching(/^\.partial-/)]);
});

it('does not list what a killed process left', async () => {
  const store = directoryStore(root);
  await store.put({ taskId: 'task', name: 'log' }, content('x'));
  writeFileSync(join(root, 'task', '.partial-of-a-killed-one'), 'half');
  const listed = await Array.fromAsync(store.list('task'));
  expect(listed.map(({ name }) => name)).toEqual(['log']);
});

it.runIf(existsSync('/dev/full'))('says disk_full when no space is left', async () => {
  const writing = onDisk('/dev/full', () => writeFile('/dev/full', 'x'));
  await expect(writing).rejects.toMatchObject({ code: 'disk_full', message: expect.stringContaining('/dev/full') });
});

it('does not take a task directory that is a file for a task without artifacts', async () => {
  const store = directoryStore(root);
  writeFileSync(join(root, 'task'), '');
  await expect(Array.fromAsync(store.list('task'))).rejects.toMatchObject({ code: 'store_unavailable' });
});

it('refuses an empty path', () => {
  expect(() => directoryStore('')).toThrow('path: "" is not the path of a directory');
});
