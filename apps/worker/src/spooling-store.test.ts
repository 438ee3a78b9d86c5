import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AltsError, type ArtifactKey, directoryStore, type ErrorCode, type ResultStore } from '@alts/sdk';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Spool } from './spool.ts';
import { SpoolingStore } from './spooling-store.ts';

/** A spool that tells when nothing was found in it, before it answers so: a slow disk. */
class WatchedSpool extends Spool {
  onEmpty: () => Promise<unknown> = async () => {};

  override async of(taskId: string) {
    const found = await super.of(taskId);
    if (found.length === 0) await this.onEmpty();
    return found;
  }
}

/** A spool before a store that refuses what it is told to. */
async function spooling(refuse: (key: ArtifactKey) => ErrorCode | undefined) {
  const directory = await mkdtemp(join(tmpdir(), 'alts-spool-'));
  const spool = new WatchedSpool(join(directory, 'spool'));
  const results = directoryStore(join(directory, 'results'));
  const behind = { onPut: async (_name: string): Promise<unknown> => undefined };
  const store: ResultStore = {
    contract: 'result-store/1',
    async put(key, ...rest) {
      const code = refuse(key);
      if (code) throw new AltsError(code, 'refused');
      const stored = await results.put(key, ...rest);
      await behind.onPut(key.name);
      return stored;
    },
    get: (key) => results.get(key),
    list: (taskId) => results.list(taskId),
  };
  const log = { info() {}, warn() {}, error() {} };
  const made = new SpoolingStore(store, { spool, log, firstPauseMs: 20, onReport: async () => {} });
  onTestFinished(async () => {
    await made[Symbol.asyncDispose]();
    await rm(directory, { recursive: true });
  });
  const put = (taskId: string, name: string) =>
    made.put({ taskId, name }, text(name), { once: name === 'report.json' });
  const names = async (taskId: string) => (await Array.fromAsync(results.list(taskId))).map(({ name }) => name).sort();
  return { spool, behind, made, put, names };
}

async function* text(content: string) {
  yield Buffer.from(content);
}

describe('a store behind a spool', () => {
  it.each<ErrorCode>(['store_unavailable', 'disk_full', 'internal'])(
    'may refuse with %s: what it does not take waits until it does',
    async (code) => {
      let isFull = true;
      const { made, put, names } = await spooling(() => (isFull ? code : undefined));
      await put('a', 'a.log');
      await put('a', 'report.json');
      expect([made.waiting, await names('a')]).toEqual([1, []]);
      isFull = false;
      await expect.poll(() => names('a')).toEqual(['a.log', 'report.json']);
      await expect.poll(() => made.waiting).toBe(0);
    },
  );

  it('gets what comes in any moment of a delivery', async () => {
    let isDown = true;
    const { spool, behind, made, put, names } = await spooling(() => (isDown ? 'store_unavailable' : undefined));
    await put('a', 'a.log');
    // When it has all that was known to wait for it; and when the disk was asked whether there is more.
    behind.onPut = async (name) => {
      if (name === 'a.log') await put('a', 'b.log');
    };
    let late: Promise<unknown> | undefined;
    const putReport = () => {
      late ??= put('a', 'report.json');
      return late;
    };
    spool.onEmpty = putReport;
    isDown = false;
    await expect.poll(() => names('a')).toEqual(['a.log', 'b.log']);
    await expect.poll(() => made.waiting).toBe(0);
    await putReport();
    await expect.poll(() => names('a')).toEqual(['a.log', 'b.log', 'report.json']);
    expect(await spool.tasks()).toEqual([]);
  });

  it.each<ErrorCode>(['internal', 'store_unavailable'])(
    'may refuse one task for ever, with %s: the others are stored',
    async (code) => {
      let isDown = true;
      const { made, put, names } = await spooling(({ taskId }) =>
        isDown ? 'store_unavailable' : taskId === 'poison' ? code : undefined,
      );
      for (const taskId of ['poison', 'b', 'c']) await put(taskId, 'report.json');
      isDown = false;
      for (const taskId of ['b', 'c']) await expect.poll(() => names(taskId)).toEqual(['report.json']);
      await expect.poll(() => made.waiting).toBe(1);
    },
  );

  it('is not asked for what no store takes: nothing waits for ever', async () => {
    const { made, put } = await spooling(() => undefined);
    await expect(put('a', '../a.log')).rejects.toMatchObject({ code: 'invalid_request' });
    expect(made.waiting).toBe(0);
  });
});
