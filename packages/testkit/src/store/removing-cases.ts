import assert from 'node:assert/strict';
import type { ResultStore } from '@alts/sdk/plugin';
import { bytesOf, collect, pieces, rejectsWithCode, rejectsWithReason } from '../expectations.ts';
import { refOf, type StoreCase } from './store-subject.ts';

async function remove(store: ResultStore, ...args: Parameters<NonNullable<ResultStore['remove']>>): Promise<void> {
  assert.ok(store.remove, 'it has remove');
  await store.remove(...args);
}

export const removingCases: readonly StoreCase[] = [
  {
    name: 'forgets all of a task, and nothing of another whose id begins the same',
    run: async ({ store, taskId }) => {
      const other = `${taskId}-2`;
      for (const name of ['report.json', ...Array.from({ length: 20 }, (_, at) => `${at}.log`)]) {
        await store.put({ taskId, name }, pieces(name));
      }
      await store.put({ taskId: other, name: 'report.json' }, pieces('{}'));
      await remove(store, taskId);
      assert.deepEqual(await collect(store.list(taskId)), []);
      await rejectsWithCode('get', 'artifact_not_found', bytesOf(store.get({ taskId, name: 'report.json' })));
      assert.deepEqual(await collect(store.list(other)), [refOf('report.json', '{}')]);
    },
  },
  {
    name: 'lets a task that was removed be removed again, and be stored anew',
    run: async ({ store, taskId }) => {
      const key = { taskId, name: 'report.json' };
      for (const content of ['first', 'second']) {
        await store.put(key, pieces(content), { once: true });
        assert.equal((await bytesOf(store.get(key))).toString(), content);
        for (const _ of [1, 2]) await remove(store, taskId);
      }
    },
  },
  {
    name: 'refuses what is no id of a task, and removes nothing when it was aborted before',
    run: async ({ store, taskId }) => {
      await rejectsWithCode('remove', 'invalid_request', remove(store, '..'));
      await store.put({ taskId, name: 'report.json' }, pieces('{}'));
      const reason = new Error('changed my mind');
      await rejectsWithReason('remove', reason, remove(store, taskId, { signal: AbortSignal.abort(reason) }));
      assert.deepEqual(await collect(store.list(taskId)), [refOf('report.json', '{}')]);
    },
  },
  {
    name: 'says store_unavailable when the store is not there, and not that nothing was',
    run: async ({ createUnreachable, taskId }) =>
      rejectsWithCode('remove', 'store_unavailable', remove(await createUnreachable(), taskId)),
  },
];
