import assert from 'node:assert/strict';
import { bytesOf, collect, pieces, rejectsWithCode, rejectsWithReason } from '../expectations.ts';
import { refOf, type StoreCase } from './store-subject.ts';

/** Every byte value, in an order that shows when pieces are swapped or lost. */
function block(seed: number): Uint8Array {
  return Uint8Array.from({ length: 65_536 }, (_, index) => (index * 7 + (index >> 8) + seed) & 0xff);
}

export const readingCases: readonly StoreCase[] = [
  {
    name: 'gives back every byte, however many',
    run: async ({ store, taskId }) => {
      const blocks = Array.from({ length: 128 }, (_, index) => block(index));
      const whole = Buffer.concat(blocks);
      const ref = await store.put({ taskId, name: 'big.log' }, pieces(...blocks));
      assert.deepEqual(ref, refOf('big.log', whole));
      assert.ok((await bytesOf(store.get({ taskId, name: 'big.log' }))).equals(whole), 'the content differs');
    },
  },
  {
    name: 'keeps an empty artifact',
    run: async ({ store, taskId }) => {
      await store.put({ taskId, name: 'empty.log' }, pieces());
      assert.equal((await bytesOf(store.get({ taskId, name: 'empty.log' }))).byteLength, 0);
      assert.deepEqual(await collect(store.list(taskId)), [refOf('empty.log', '')]);
    },
  },
  {
    name: 'lists what a task has, with the same references that put gave',
    run: async ({ store, taskId }) => {
      const names = ['a.log', 'b+c@d.json', '_underscore', 'Z.xml'];
      const refs = [];
      for (const name of names) refs.push(await store.put({ taskId, name }, pieces(`content of ${name}`)));
      const listed = await collect(store.list(taskId));
      const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
      assert.deepEqual(listed.toSorted(byName), refs.toSorted(byName));
    },
  },
  {
    name: 'keeps tasks apart, also when the name of one begins with that of the other',
    run: async ({ store, taskId }) => {
      const longer = `${taskId}.2`;
      await store.put({ taskId, name: 'log' }, pieces('mine'));
      await store.put({ taskId: longer, name: 'log' }, pieces('theirs'));
      assert.deepEqual(await collect(store.list(taskId)), [refOf('log', 'mine')]);
      assert.deepEqual(await collect(store.list(longer)), [refOf('log', 'theirs')]);
    },
  },
  {
    name: 'lists nothing for a task that nothing is known of',
    run: async ({ store, taskId }) => assert.deepEqual(await collect(store.list(taskId)), []),
  },
  {
    name: 'says artifact_not_found for what is not there, in a task that is and in one that is not',
    run: async ({ store, taskId }) => {
      await rejectsWithCode('get', 'artifact_not_found', bytesOf(store.get({ taskId, name: 'log' })));
      await store.put({ taskId, name: 'other' }, pieces('x'));
      await rejectsWithCode('get', 'artifact_not_found', bytesOf(store.get({ taskId, name: 'log' })));
    },
  },
  {
    name: 'lets a reader stop early, and another read it all',
    run: async ({ store, taskId }) => {
      const key = { taskId, name: 'big.log' };
      const whole = Buffer.concat([block(1), block(2), block(3), block(4)]);
      await store.put(key, pieces(whole));
      for await (const first of store.get(key)) {
        assert.ok(first.byteLength > 0);
        break;
      }
      assert.ok((await bytesOf(store.get(key))).equals(whole));
    },
  },
  {
    name: 'an abort ends get and list with the reason of the signal',
    run: async ({ store, taskId }) => {
      await store.put({ taskId, name: 'log' }, pieces('x'));
      const reason = new Error('no longer wanted');
      const signal = AbortSignal.abort(reason);
      await rejectsWithReason('get', reason, bytesOf(store.get({ taskId, name: 'log' }, { signal })));
      await rejectsWithReason('list', reason, collect(store.list(taskId, { signal })));
    },
  },
];
