import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { currentOwner } from '@alts/sdk';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { Spool } from './spool.ts';

const asked: string[] = [];
// What a loss of power does cannot be tried here; what is asked of the system, and in which order, can be seen.
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  const open: typeof real.open = async (path, ...rest) => {
    const file = await real.open(path, ...rest);
    return Object.assign(file, { sync: async () => void asked.push(`sync ${path}`) });
  };
  const rename: typeof real.rename = async (from, to) => {
    asked.push(`name ${to}`);
    await real.rename(from, to);
  };
  return { ...real, open, rename };
});

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'alts-spool-'));
  asked.length = 0;
  onTestFinished(() => rm(root, { recursive: true }));
});

async function* bytes(...parts: string[]) {
  for (const part of parts) yield Buffer.from(part);
}
const key = { taskId: 't', name: 'report.json' };

it('has content and label on the disk with their names, in that order, before it says that they are there', async () => {
  await new Spool(join(root, 'spool')).add(key, bytes('{}'), true);
  const said = asked.map((one) => one.replaceAll(`${root}/`, '').replace(/\d{20}-[\w-]{36}/, 'id'));
  expect(said.map((one) => one.replace(/\.partial-[\w.-]+?(\.json)?$/, 'partial$1'))).toEqual([
    'sync spool',
    `sync ${root}`,
    'sync spool/t/partial',
    'name spool/t/id',
    'sync spool/t/partial.json',
    'sync spool/t',
    'name spool/t/id.json',
    'sync spool/t',
  ]);
});

it('keeps nothing of content that breaks', async () => {
  const broken = async function* () {
    yield Buffer.from('some');
    throw new Error('broke');
  };
  await expect(new Spool(root).add(key, broken(), true)).rejects.toThrow('broke');
  expect(await readdir(join(root, 't'))).toEqual([]);
});

describe('what was never complete', () => {
  const DAY_MS = 24 * 60 * 60_000;
  const dead = currentOwner().replaceAll(':', '.').replace(/\d+$/, '1');
  const foreign = `${'0'.repeat(16)}.1.1`;
  const leave = async (name: string, ageMs = 0) => {
    await mkdir(join(root, 't'), { recursive: true });
    await writeFile(join(root, 't', name), 'x');
    const then = new Date(Date.now() - ageMs);
    await utimes(join(root, 't', name), then, then);
  };

  it.each([
    ['of a process that is dead', `.partial-${dead}-1`, 0],
    ['of a container that nobody knows, after a day', `.partial-${foreign}-1`, DAY_MS + 1000],
    ['of an earlier version, after a day', '.partial-1', DAY_MS + 1000],
    ['and has no label, after a day', '00000000000000000001-1', DAY_MS + 1000],
  ])('%s, is removed', async (_, name, ageMs) => {
    await leave(name, ageMs);
    expect(await new Spool(root).tasks()).toEqual([]);
    expect(await readdir(root)).toEqual([]);
  });

  it.each([
    ['of a process that is alive', `.partial-${currentOwner().replaceAll(':', '.')}-1`, 9 * DAY_MS],
    ['of a container that nobody knows', `.partial-${foreign}-1`, DAY_MS / 2],
    ['and has no label yet', '00000000000000000001-1', 1000],
    ['if it is not of the spool', '#1234', 9 * DAY_MS],
  ])('%s, stays', async (_, name, ageMs) => {
    await leave(name, ageMs);
    await new Spool(root).tasks();
    expect(await readdir(join(root, 't'))).toEqual([name]);
  });

  it('goes, and what is complete stays, however old it is', async () => {
    const spool = new Spool(root);
    await spool.add(key, bytes('{}'), true);
    for (const name of await readdir(join(root, 't'))) await utimes(join(root, 't', name), 1, 1);
    await leave(`.partial-${dead}-1.json`);
    expect(await spool.tasks()).toEqual(['t']);
    expect(await readdir(join(root, 't'))).toHaveLength(2);
    expect(await spool.of('t')).toMatchObject([{ key }]);
  });
});
