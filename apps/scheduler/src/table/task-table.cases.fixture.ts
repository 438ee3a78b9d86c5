import { parseRequest } from '@alts/sdk/plugin';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { CallbackTable } from './callback-table.ts';
import { migrate } from './migrate.ts';
import type { NewTask } from './new-task.ts';
import type { OpenDatabase } from './open-database.ts';
import { TaskTable } from './task-table.ts';

/** A database for one test. */
export interface TestedDatabase {
  /** Opens it, once more if it is open already. */
  open(): Promise<OpenDatabase>;
}

/**
 * What a task table has to do, on every database.
 * @param create makes an empty database
 */
export function taskTableCases(name: string, create: () => Promise<TestedDatabase>): void {
  let table: TaskTable;
  let now: number;
  let database: TestedDatabase;
  const later = (ms: number) => {
    now += ms;
  };

  async function open(): Promise<TaskTable> {
    const opened = await database.open();
    await migrate(opened.db);
    const made = new TaskTable(opened, () => new Date(now));
    onTestFinished(() => made[Symbol.asyncDispose]());
    return made;
  }

  describe(`a task table in ${name}`, () => {
    beforeEach(async () => {
      now = Date.UTC(2026, 0, 1);
      database = await create();
      table = await open();
    });

    function task(taskId: string, own: Partial<NewTask> = {}): NewTask {
      const request = parseRequest({ taskId, package: { name: 'hello' }, system: 'debian:12/x86_64' });
      const message = { schemaVersion: 1, taskId, request } as const;
      return { message, queue: 'docker-x86_64-0', architecture: 'x86_64', package: 'hello', ...own };
    }

    const state = async (id: string) => (await table.find(id))?.state;
    const claimed = async (limit = 10) => (await table.claim(limit)).map(({ task_id }) => task_id).sort();

    describe('a task that is accepted', () => {
      it('is on the disk, with what is to be published of it', async () => {
        await table.accept(task('a', { externalId: '7', callbackHref: '/x' }));
        const second = await open();
        later(31_000);
        expect(await second.find('a')).toMatchObject({ state: 'accepted', external_id: '7', callback_href: '/x' });
        const [message] = await second.claim(10);
        expect(message).toMatchObject({ task_id: 'a', queue: 'docker-x86_64-0', tries: 2 });
        expect(JSON.parse(message?.message ?? '')).toEqual(task('a').message);
      });

      it.each(['nobody', '', 'a\0', '\ud800', 'x'.repeat(10_000)])('is not found under %j', async (id) => {
        expect(await table.find(id)).toBeUndefined();
      });

      it('is refused when its id is taken, and spoils none that are accepted with it', async () => {
        await table.accept(task('a'));
        const [again, other] = await Promise.allSettled([table.accept(task('a')), table.accept(task('b'))]);
        expect(again).toMatchObject({ status: 'rejected', reason: { code: 'invalid_request' } });
        expect(other.status).toBe('fulfilled');
        expect(await state('b')).toBe('accepted');
      });

      it('is one of several that are accepted together, or none of them is', async () => {
        const many = Array.from({ length: 1200 }, (_, at) => task(`t${at}`));
        await table.accept(task('t1100'));
        const [all, other] = await Promise.allSettled([table.acceptAll(many), table.accept(task('other'))]);
        expect(all).toMatchObject({ status: 'rejected', reason: { code: 'invalid_request' } });
        expect(other.status).toBe('fulfilled');
        expect([await state('t0'), await state('t1199'), await state('other')]).toEqual([
          undefined,
          undefined,
          'accepted',
        ]);
        const rows = await table.acceptAll(many.filter(({ message }) => message.taskId !== 't1100'));
        expect(rows.map(({ task_id }) => task_id).slice(0, 3)).toEqual(['t0', 't1', 't2']);
        expect(await state('t1199')).toBe('accepted');
      });

      it('is one of thousands', async () => {
        await Promise.all(Array.from({ length: 2000 }, (_, at) => table.accept(task(`t${at}`))));
        later(31_000);
        expect(await table.claim(5000)).toHaveLength(2000);
      });
    });

    describe('a message of the outbox', () => {
      it('is for who accepted the task, then for one publisher at a time, and for another when that one died', async () => {
        expect(await table.accept(task('a'))).toMatchObject({ task_id: 'a', tries: 1 });
        expect(await claimed()).toEqual([]);
        later(31_000);
        expect(await claimed()).toEqual(['a']);
        expect(await claimed()).toEqual([]);
        later(31_000);
        expect(await claimed()).toEqual(['a']);
      });

      it('goes when the queue has confirmed it, and the task is queued', async () => {
        await Promise.all([table.accept(task('a')), table.accept(task('b'))]);
        await table.claim(10);
        await table.published(['a']);
        later(31_000);
        expect(await claimed()).toEqual(['b']);
        expect([await state('a'), await state('b')]).toEqual(['queued', 'accepted']);
      });

      it('waits when the queue would not have it', async () => {
        await table.accept(task('a'));
        await table.claim(1);
        await table.postpone('a', now + 5000);
        later(4000);
        expect(await claimed()).toEqual([]);
        later(1000);
        expect(await claimed()).toEqual(['a']);
      });

      it('may be confirmed after a worker has begun, and takes nothing back', async () => {
        await table.accept(task('a'));
        await table.claim(1);
        await table.started('a', 1, 'w1');
        await table.published(['a']);
        expect(await state('a')).toBe('running');
        expect(await table.find('a')).toMatchObject({ queued_at: new Date(now).toISOString() });
      });

      it('was with the queue, where the first that is heard of it is its report; one that was cancelled was not', async () => {
        await Promise.all([table.accept(task('a')), table.accept(task('b'))]);
        await table.finish('a', 1, { verdict: 'passed', summary: '{}' });
        await table.finish('b', 0, { verdict: 'cancelled' });
        expect(await table.find('a')).toMatchObject({ queued_at: new Date(now).toISOString() });
        expect(await table.find('b')).toMatchObject({ queued_at: null });
      });
    });

    describe('the end of a task', () => {
      it('comes once', async () => {
        await table.accept(task('a'));
        await table.started('a', 1, 'w1');
        expect(await table.finish('a', 1, { verdict: 'failed' })).toBe(true);
        expect(await table.finish('a', 2, { verdict: 'passed' })).toBe(false);
        expect(await table.started('a', 2, 'w2')).toBe(false);
        expect(await table.find('a')).toMatchObject({ state: 'finished', verdict: 'failed', attempt: 1 });
      });

      it('is not said by an attempt that was overtaken', async () => {
        await table.accept(task('a'));
        await table.started('a', 2, 'w2');
        expect(await table.finish('a', 1, { verdict: 'error', error: { code: 'x', message: 'y' } })).toBe(false);
        expect(await table.started('a', 1, 'w1')).toBe(false);
        expect(await table.find('a')).toMatchObject({ state: 'running', attempt: 2, worker: 'w2' });
      });

      it('leaves what the client is to be told, in the same commit, if it wants to be told', async () => {
        await Promise.all([table.accept(task('a', { callbackHref: '/x' })), table.accept(task('b'))]);
        for (const id of ['a', 'b']) await table.finish(id, 1, { verdict: 'passed', callback: '{"of":1}' });
        await table.finish('a', 1, { verdict: 'failed', callback: '{"of":2}' });
        const callbacks = new CallbackTable(await database.open(), () => new Date(now));
        expect(await callbacks.claim(10)).toMatchObject([{ task_id: 'a', href: '/x', body: '{"of":1}', tries: 1 }]);
        expect(await callbacks.claim(10)).toEqual([]);
        await callbacks.postpone('a', now + 5000, 'not now');
        later(5000);
        expect(await callbacks.claim(10)).toMatchObject([{ tries: 2, problem: 'not now' }]);
        await callbacks.done('a');
        expect(await callbacks.count()).toBe(0);
      });

      it('leaves nothing to publish', async () => {
        await table.accept(task('a'));
        await table.finish('a', 0, { verdict: 'cancelled' });
        expect(await claimed()).toEqual([]);
      });
    });

    describe('a task that ended a while ago', () => {
      it('is found, the oldest first, and forgotten; nothing of one that is not over', async () => {
        for (const id of ['a', 'b', 'c', 'd']) {
          await table.accept(task(id));
          if (id !== 'c') await table.finish(id, 1, { verdict: 'passed' });
          later(1000);
        }
        const expired = (limit = 10) => table.finishedBefore(new Date(now - 1500), limit);
        expect(await expired()).toEqual(['a', 'b']);
        expect(await expired(1)).toEqual(['a']);
        await table.forget(['a', 'c']);
        expect([await state('a'), await state('b'), await state('c')]).toEqual([undefined, 'finished', 'accepted']);
        expect(await expired()).toEqual(['b']);
      });
    });

    describe('a task that got lost', () => {
      it('is published again, with the attempts that were heard of', async () => {
        await table.accept(task('a'));
        await table.claim(1);
        await table.published(['a']);
        await table.started('a', 2, 'w1');
        const lost = await table.find('a');
        expect(lost && (await table.republish(lost))).toBe(true);
        expect(await state('a')).toBe('accepted');
        const [again] = await table.claim(1);
        expect(JSON.parse(again?.message ?? '')).toMatchObject({ taskId: 'a', attempts: 2 });
        await table.published(['a']);
        expect(await table.started('a', 2, 'w2')).toBe(true);
        expect(await table.started('a', 3, 'w3')).toBe(true);
      });

      it('goes before others again, if it did', async () => {
        await Promise.all([table.accept(task('a', { priority: 'high' })), table.accept(task('b'))]);
        await table.published(['a', 'b']);
        const again = async () =>
          (await table.claim(9)).map(({ task_id, priority }) => `${task_id} ${priority}`).sort();
        for (const id of ['a', 'b']) await table.republish({ id, attempt: 0 });
        expect(await again()).toEqual(['a high', 'b normal']);
        await table.published(['a', 'b']);
        expect(await table.republishAll()).toBe(2);
        expect(await again()).toEqual(['a high', 'b normal']);
      });

      it('was not lost when another attempt was heard of meanwhile, or it is over', async () => {
        await table.accept(task('a'));
        await table.claim(1);
        await table.published(['a']);
        await table.started('a', 1, 'w1');
        const before = await table.find('a');
        await table.started('a', 2, 'w2');
        expect(before && (await table.republish(before))).toBe(false);
        const after = await table.find('a');
        await table.finish('a', 2, { verdict: 'passed' });
        expect(after && (await table.republish(after))).toBe(false);
        expect(await claimed()).toEqual([]);
      });
    });

    it('tells what there is of each queue', async () => {
      await table.accept(task('a'));
      await table.accept(task('b'));
      await table.accept(task('c', { queue: 'other-x86_64-0' }));
      await table.accept(task('d', { queue: 'done-x86_64-0' }));
      await table.started('b', 1, 'w');
      await table.finish('d', 1, { verdict: 'passed' });
      expect(await table.countsByQueue()).toEqual(
        expect.arrayContaining([
          { queue: 'docker-x86_64-0', state: 'accepted', count: 1 },
          { queue: 'docker-x86_64-0', state: 'running', count: 1 },
          { queue: 'other-x86_64-0', state: 'accepted', count: 1 },
        ]),
      );
    });

    it('tasks that shall stop are noted by either name, once, and finished ones are passed over', async () => {
      await table.accept(task('a', { externalId: '1' }));
      await table.accept(task('b'));
      await table.accept(task('c', { externalId: '3' }));
      await table.finish('c', 1, { verdict: 'passed' });
      const concerned = await table.cancel({ taskIds: ['b', 'nobody'], externalIds: ['1', '3', '99'] }, 'first');
      expect(concerned.map(({ id }) => id).sort()).toEqual(['a', 'b']);
      await table.cancel({ taskIds: ['b'] }, 'second');
      expect(await table.find('b')).toMatchObject({ cancel_reason: 'first', state: 'accepted' });
      expect((await table.find('c'))?.cancel_reason).toBeNull();
    });

    it('tasks of which nothing is heard are found, each once in a while', async () => {
      for (const id of ['a', 'b', 'c']) {
        await table.accept(task(id));
        await table.started(id, 1, 'w');
        later(1000);
      }
      await table.heard(['a']);
      later(500);
      const silent = async () => (await table.silent('running', new Date(now - 1000), 10)).map(({ id }) => id).sort();
      expect(await silent()).toEqual(['b', 'c']);
      expect(await silent()).toEqual([]);
      later(1001);
      expect(await silent()).toEqual(['a', 'b', 'c']);
    });
  });
}
