import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AltsError, directoryStore, type ResultStore } from '@alts/sdk';
import { expect, it, onTestFinished } from 'vitest';
import { claimAttempt } from './claim-attempt.ts';
import { Spool } from './spool.ts';
import { SpoolingStore } from './spooling-store.ts';

/** Two workers, each with a spool of its own, before one store that can be away. */
async function twoWorkers({ isAway }: { readonly isAway: boolean }) {
  const directory = await mkdtemp(join(tmpdir(), 'alts-claim-'));
  const results = directoryStore(join(directory, 'results'));
  const away = async () => {
    throw new AltsError('store_unavailable', 'away');
  };
  const store: ResultStore = {
    contract: 'result-store/1',
    put: isAway ? away : (...args) => results.put(...args),
    get: (key) => results.get(key),
    list: (taskId) => results.list(taskId),
  };
  const log = { info() {}, warn() {}, error() {} };
  const made = ['one', 'two'].map(
    (name) => new SpoolingStore(store, { spool: new Spool(join(directory, name)), log, onReport: async () => {} }),
  );
  onTestFinished(async () => {
    for (const each of made) await each[Symbol.asyncDispose]();
    await rm(directory, { recursive: true });
  });
  return made.map((each, at) => (attempt: number) => claimAttempt(each, { taskId: 'a', attempt, worker: `${at}` }));
}

it('the first who makes an attempt has its plain names, a twin has others', async () => {
  const [one, two] = await twoWorkers({ isAway: false });
  expect(await one?.(1)).toBe('');
  expect(await two?.(1)).toMatch(/^attempt-1-[0-9a-f]{8}\.$/);
  expect(await two?.(2)).toBe('attempt-2.');
});

it('while the store is away each has names of its own, for nobody sees the note of the other', async () => {
  const claims = await Promise.all((await twoWorkers({ isAway: true })).map((claim) => claim(1)));
  expect(new Set(claims).size).toBe(2);
  for (const prefix of claims) expect(prefix).toMatch(/^attempt-1-[0-9a-f]{8}\.$/);
});
