import { bytesOf, collect, pieces, rejectsWithCode } from '../expectations.ts';
import type { StoreCase } from './store-subject.ts';

const BAD_NAMES = ['', '.', '..', '.hidden', '../escape', 'a/b', 'a\\b', 'nul\0byte', 'new\nline', 'x'.repeat(201)];
const BAD_TASKS = ['', '..', '../..', 'a/b', '.hidden', 'x'.repeat(129)];

/** A store may throw at the call or at the first piece: both are a rejection to whoever awaits it. */
const later = async <T>(run: () => Promise<T>): Promise<T> => await run();

export const refusingCases: readonly StoreCase[] = [
  {
    name: 'refuses names that are not those of artifacts',
    run: async ({ store, taskId }) => {
      for (const name of BAD_NAMES) {
        const key = { taskId, name };
        const said = JSON.stringify(name.slice(0, 20));
        await rejectsWithCode(
          `put ${said}`,
          'invalid_request',
          later(() => store.put(key, pieces('x'))),
        );
        await rejectsWithCode(
          `get ${said}`,
          'invalid_request',
          later(() => bytesOf(store.get(key))),
        );
      }
    },
  },
  {
    name: 'refuses what is not the id of a task',
    run: async ({ store }) => {
      for (const taskId of BAD_TASKS) {
        const said = JSON.stringify(taskId.slice(0, 20));
        const key = { taskId, name: 'log' };
        await rejectsWithCode(
          `put ${said}`,
          'invalid_request',
          later(() => store.put(key, pieces('x'))),
        );
        await rejectsWithCode(
          `get ${said}`,
          'invalid_request',
          later(() => bytesOf(store.get(key))),
        );
        await rejectsWithCode(
          `list ${said}`,
          'invalid_request',
          later(() => collect(store.list(taskId))),
        );
      }
    },
  },
  {
    name: 'says store_unavailable when it cannot work: a store that is down is neither empty nor lacks one artifact',
    run: async ({ createUnreachable, taskId }) => {
      const store = await createUnreachable();
      const key = { taskId, name: 'log' };
      await rejectsWithCode(
        'put',
        'store_unavailable',
        later(() => store.put(key, pieces('x'))),
      );
      await rejectsWithCode(
        'get',
        'store_unavailable',
        later(() => bytesOf(store.get(key))),
      );
      await rejectsWithCode(
        'list',
        'store_unavailable',
        later(() => collect(store.list(taskId))),
      );
    },
  },
];
