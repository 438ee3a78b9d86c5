import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Started, start } from './alts-process.fixture.ts';

let data: string;
let dev: Started;
let url: string;
let token: string;

async function startDev(): Promise<void> {
  dev = start(['dev', '--port', '0', '--data', data, '--jobs', '1']);
  let said = '';
  dev.child.stdout?.on('data', (text: string) => {
    said += text;
  });
  await dev.said('/tasks\n\n');
  url = /listens on (http:\S+),/.exec(said)?.[1] ?? '';
  token = /TOKEN=(\S+)/.exec(said)?.[1] ?? '';
}

async function stopDev(): Promise<number | null> {
  dev.child.kill('SIGINT');
  return (await dev.finished).code;
}

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'alts-dev-'));
  await startDev();
});
afterAll(async () => {
  await stopDev();
  await rm(data, { recursive: true });
});

async function ask(method: string, path: string, body?: object): Promise<Record<string, unknown>> {
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(url + path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  return (await response.json()) as Record<string, unknown>;
}
const hello = { package: { name: 'hello' }, system: 'debian:12' };
const untilOver = (id: unknown) => expect.poll(() => ask('GET', `/tasks/${id}`), { timeout: 60_000, interval: 200 });

it('tests what is asked for over HTTP, in the new way and in the old', async () => {
  const { id } = await ask('POST', '/tasks', hello);
  const old = { dist_name: 'debian', dist_version: 12, dist_arch: 'x86_64', package_name: 'no-such-package-xyz' };
  const { task_id } = await ask('POST', '/tasks/schedule', old);
  await untilOver(id).toMatchObject({ state: 'finished', verdict: 'passed', attempt: 1 });
  expect(await ask('GET', `/tasks/${id}/artifacts/report.json`)).toMatchObject({ taskId: id, verdict: 'passed' });
  await untilOver(task_id).toMatchObject({ state: 'finished', verdict: 'failed' });
  expect(await ask('GET', `/tasks/${task_id}/result`)).toMatchObject({
    state: 'SUCCESS',
    result: { start_environment: { success: true }, install_package: { success: false } },
  });
});

it('stops a running test when it is cancelled, and keeps what was learnt', async () => {
  const { id } = await ask('POST', '/tasks', hello);
  await untilOver(id).toMatchObject({ state: 'running' });
  await ask('POST', `/tasks/${id}/cancel`);
  await untilOver(id).toMatchObject({ state: 'finished', verdict: 'cancelled' });
  expect(await ask('GET', `/tasks/${id}/result`)).toEqual({ state: 'REVOKED', api_version: '20210512' });
});

it('goes on after a restart with what was accepted before it', async () => {
  const ids = await Promise.all([ask('POST', '/tasks', hello), ask('POST', '/tasks', hello)]);
  await untilOver(ids[0]?.['id']).toMatchObject({ state: 'running' });
  expect(await stopDev()).toBe(0);
  await startDev();
  for (const { id } of ids) await untilOver(id).toMatchObject({ state: 'finished', verdict: 'passed' });
});
