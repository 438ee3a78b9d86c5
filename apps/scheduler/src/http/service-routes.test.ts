import { expect, it } from 'vitest';
import { testedScheduler } from './app.fixture.ts';

it('says that it is alive, and that it is ready while the task table answers', async () => {
  const { ask, table } = await testedScheduler();
  expect((await ask('GET', '/healthz', undefined, {})).status).toBe(200);
  expect((await ask('GET', '/readyz', undefined, {})).status).toBe(200);
  await table[Symbol.asyncDispose]();
  const response = await ask('GET', '/readyz', undefined, {});
  expect([response.status, await response.json()]).toEqual([
    503,
    { status: 'unavailable', reason: expect.stringContaining('task table') },
  ]);
  expect((await ask('GET', '/healthz', undefined, {})).status).toBe(200);
});

it('tells Prometheus how many tasks wait, and how long answers take, by route and not by task', async () => {
  const { ask } = await testedScheduler();
  const response = await ask('POST', '/tasks', { package: { name: 'hello' }, system: 'debian:12' });
  const { id } = (await response.json()) as { id: string };
  await ask('GET', `/tasks/${id}`);
  const text = await (await ask('GET', '/metrics', undefined, {})).text();
  expect(text).toContain('alts_tasks{state="accepted"} 1');
  expect(text).toContain('alts_tasks{state="running"} 0');
  expect(text).toContain('alts_queue_messages{queue="docker-x86_64-0",state="dead"} 0');
  expect(text).toMatch(/alts_http_request_seconds_count\{method="GET",route="\/tasks\/:id",status="200"\} 1/);
  expect(text).not.toContain(id);
});
