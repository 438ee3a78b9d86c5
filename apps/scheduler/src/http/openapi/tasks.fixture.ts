import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestedScheduler } from '../app.fixture.ts';

const EXAMPLE = join(import.meta.dirname, '../../../../../fixtures/alts-contract/08-task-result.exchanges.json');

/**
 * Makes a task in each state that there is.
 * @returns their ids
 */
export async function tasksOfEveryState({ ask, table, store, events }: TestedScheduler): Promise<string[]> {
  const ids = ['accepted', 'running', 'cancelling', 'cancelled', 'broken', 'passed'];
  for (const taskId of ids) await ask('POST', '/tasks', { taskId, package: { name: 'hello' }, system: 'debian:12' });
  for (const id of ['running', 'cancelling', 'broken', 'passed']) await table.started(id, 1, 'worker-1');
  await table.cancel({ taskIds: ['cancelling', 'cancelled'] }, 'enough');
  await table.finish('cancelled', 1, { verdict: 'cancelled' });
  await table.finish('broken', 1, { verdict: 'error', error: { code: 'environment_lost', message: 'gone' } });
  const example = JSON.parse(await readFile(EXAMPLE, 'utf8')) as { finished: { body: { result: object } } };
  await table.finish('passed', 1, { verdict: 'passed', summary: JSON.stringify(example.finished.body.result) });
  await events.add([
    {
      kind: 'test',
      taskId: 'passed',
      attempt: 1,
      event: { type: 'verdict', verdict: 'passed', taskId: 'passed', sequence: 0, at: '2026-01-01T00:00:00.000Z' },
    },
  ]);
  for (const name of ['report.json', 'install_package.log']) {
    const content = async function* () {
      yield Buffer.from('{}');
    };
    for (const taskId of ids) await store.put({ taskId, name }, content());
  }
  return ids;
}
