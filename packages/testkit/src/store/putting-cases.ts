import assert from 'node:assert/strict';
import { bytesOf, collect, pieces, rejection, rejectsWithCode, rejectsWithReason, within } from '../expectations.ts';
import { held, refOf, type StoreCase } from './store-subject.ts';

export const puttingCases: readonly StoreCase[] = [
  {
    name: 'says its contract',
    run: async ({ store }) => assert.equal(store.contract, 'result-store/1'),
  },
  {
    name: 'answers with name, size and digest of what came in',
    run: async ({ store, taskId }) => {
      const ref = await store.put({ taskId, name: 'report.json' }, pieces('{"a":', '1}'));
      assert.deepEqual(ref, refOf('report.json', '{"a":1}'));
    },
  },
  {
    name: 'shows nothing of an artifact until all of it is there',
    run: async ({ store, taskId }) => {
      const key = { taskId, name: 'log.txt' };
      const { content, reached, release } = held('first ', 'second');
      const putting = store.put(key, content);
      await within('the first piece being taken', reached);
      assert.deepEqual(await collect(store.list(taskId)), []);
      await rejectsWithCode('get of half an artifact', 'artifact_not_found', bytesOf(store.get(key)));
      release();
      await within('the put', putting);
      assert.equal((await bytesOf(store.get(key))).toString(), 'first second');
    },
  },
  {
    name: 'replaces an artifact as a whole: readers see the old one until the new one is there',
    run: async ({ store, taskId }) => {
      const key = { taskId, name: 'log.txt' };
      await store.put(key, pieces('the old content'));
      const { content, reached, release } = held('the ', 'new');
      const putting = store.put(key, content);
      await within('the first piece being taken', reached);
      assert.equal((await bytesOf(store.get(key))).toString(), 'the old content');
      release();
      await within('the put', putting);
      assert.equal((await bytesOf(store.get(key))).toString(), 'the new');
      assert.deepEqual(await collect(store.list(taskId)), [refOf('log.txt', 'the new')]);
    },
  },
  {
    name: 'once: the first writer wins, and a later one gets the reference of the first',
    run: async ({ store, taskId }) => {
      const key = { taskId, name: 'report.json' };
      const first = await store.put(key, pieces('first'), { once: true });
      const second = await store.put(key, pieces('the second'), { once: true });
      assert.deepEqual([first, second], [refOf('report.json', 'first'), refOf('report.json', 'first')]);
      assert.equal((await bytesOf(store.get(key))).toString(), 'first');
    },
  },
  {
    name: 'once: of writers at the same time exactly one wins, and all are told which',
    run: async ({ store, taskId }) => {
      const key = { taskId, name: 'report.json' };
      const writers = Array.from({ length: 8 }, (_, index) => ({
        text: `writer ${index}`,
        ...held('', `writer ${index}`),
      }));
      const putting = writers.map(({ content }) => store.put(key, content, { once: true }));
      await within('all writers being under way', Promise.all(writers.map(({ reached }) => reached)));
      for (const { release } of writers) release();
      const refs = await within('all puts', Promise.all(putting));
      const winner = (await bytesOf(store.get(key))).toString();
      assert.ok(
        writers.some(({ text }) => text === winner),
        `${winner} was written by nobody`,
      );
      for (const ref of refs) assert.deepEqual(ref, refOf('report.json', winner));
    },
  },
  {
    name: 'passes on the error of the content itself, and keeps nothing',
    run: async ({ store, taskId }) => {
      const fault = new Error('the source broke');
      async function* breaking() {
        yield Buffer.from('some');
        throw fault;
      }
      const error = await rejection('put', store.put({ taskId, name: 'log.txt' }, breaking()));
      assert.equal(error, fault);
      assert.deepEqual(await collect(store.list(taskId)), []);
    },
  },
  {
    name: 'an abort ends a put whose content is silent, with the reason of the signal, and keeps nothing',
    run: async ({ store, taskId }) => {
      const aborting = new AbortController();
      const { content, reached, release } = held('some', 'more');
      const putting = store.put({ taskId, name: 'log.txt' }, content, { signal: aborting.signal });
      putting.catch(() => undefined);
      await within('the first piece being taken', reached);
      const reason = new Error('cancelled');
      aborting.abort(reason);
      await rejectsWithReason('put', reason, putting);
      release();
      assert.deepEqual(await collect(store.list(taskId)), []);
    },
  },
  {
    name: 'puts nothing when the signal was aborted before',
    run: async ({ store, taskId }) => {
      const reason = new Error('cancelled before');
      const putting = store.put({ taskId, name: 'log.txt' }, pieces('x'), { signal: AbortSignal.abort(reason) });
      await rejectsWithReason('put', reason, putting);
      assert.deepEqual(await collect(store.list(taskId)), []);
    },
  },
];
