import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startGitServer } from '../../sdk/src/suites/git/git-server.fixture.ts';
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
async function artifactText(id: unknown, name: string): Promise<string> {
  const headers = { authorization: `Bearer ${token}` };
  return (await fetch(`${url}/tasks/${id}/artifacts/${name}`, { headers })).text();
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

/** Resolves when what is told of a task has had this text. */
async function heard(id: unknown, text: string): Promise<void> {
  const headers = { authorization: `Bearer ${token}` };
  const { body } = await fetch(`${url}/tasks/${id}/events`, { headers });
  let told = '';
  for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? []) {
    told += chunk;
    if (told.includes(text)) return;
  }
  throw new Error(`the task ended without ${JSON.stringify(text)}: ${told}`);
}

it('stops a running command within 5 seconds of the cancel, and keeps what it said', async () => {
  await using git = await startGitServer();
  await git.commit('tests', { '10_sleeps.sh': 'echo said before the cancel\nsleep 3600\n' });
  const { id } = await ask('POST', '/tasks', { ...hello, tests: [git.url('tests')] });
  await heard(id, 'said before the cancel');
  await ask('POST', `/tasks/${id}/cancel`);
  // Not how fast it is, but what is promised.
  await expect
    .poll(() => ask('GET', `/tasks/${id}`), { timeout: 5000, interval: 100 })
    .toMatchObject({ state: 'finished', verdict: 'cancelled' });
  const report = await ask('GET', `/tasks/${id}/artifacts/report.json`);
  expect(report).toMatchObject({ verdict: 'cancelled' });
  expect(report['stages']).toContainEqual(expect.objectContaining({ name: 'third_party_tests', status: 'cancelled' }));
  expect(await artifactText(id, 'third_party_tests.log')).toContain('said before the cancel');
  expect(await ask('GET', `/tasks/${id}/result`)).toEqual({ state: 'REVOKED', api_version: '20210512' });
});

it('goes on after a restart with what was accepted before it', async () => {
  const ids = await Promise.all([ask('POST', '/tasks', hello), ask('POST', '/tasks', hello)]);
  await untilOver(ids[0]?.['id']).toMatchObject({ state: 'running' });
  expect(await stopDev()).toBe(0);
  await startDev();
  for (const { id } of ids) await untilOver(id).toMatchObject({ state: 'finished', verdict: 'passed' });
});
