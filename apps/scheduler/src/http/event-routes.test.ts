import type { TestEvent } from '@alts/sdk/plugin';
import { expect, it } from 'vitest';
import { reportOf, storeReport } from '../tasks/report.fixture.ts';
import { type TestedScheduler, testedScheduler } from './app.fixture.ts';
import { MAX_STREAMS } from './event-routes.ts';

const at = '2026-01-01T00:00:00.000Z';
const stage = 'install_package';
const started = (taskId: string, sequence: number): TestEvent => ({
  type: 'stage-started',
  stage,
  taskId,
  sequence,
  at,
});
const output = (taskId: string, sequence: number, text: string): TestEvent => ({
  type: 'output',
  stage,
  stream: 'stdout',
  text,
  taskId,
  sequence,
  at,
});

async function newTask({ ask }: TestedScheduler): Promise<string> {
  const response = await ask('POST', '/tasks', { package: { name: 'hello' }, system: 'debian:12' });
  return ((await response.json()) as { id: string }).id;
}

/** What a reader of the stream sees, as `event id` lines, until it ends. */
async function read({ ask, token }: TestedScheduler, id: string, lastEventId?: string): Promise<string[]> {
  const authorization = `Bearer ${await token(['tasks:read'])}`;
  const headers = { authorization, ...(lastEventId && { 'last-event-id': lastEventId }) };
  const response = await ask('GET', `/tasks/${id}/events`, undefined, headers);
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  const blocks = (await response.text()).split('\n\n').filter(Boolean);
  return blocks.map((block) => {
    const fields = new Map(block.split('\n').map((line) => line.split(': ') as [string, string]));
    return [fields.get('event'), fields.get('id')].filter(Boolean).join(' ');
  });
}

it('tells what happens while it happens, and ends with the task', async () => {
  const scheduler = await testedScheduler();
  const id = await newTask(scheduler);
  scheduler.scheduler.start();
  const reading = read(scheduler, id);
  for (const event of [started(id, 0), output(id, 1, 'a\n'), output(id, 2, 'b\n')]) {
    scheduler.broadcast.emit({ kind: 'test', taskId: id, attempt: 1, event });
  }
  await expect.poll(async () => (await scheduler.table.find(id))?.state).toBe('running');
  await expect.poll(async () => (await scheduler.events.after(id, { attempt: 0, sequence: 0 }, 9)).length).toBe(3);
  await scheduler.table.finish(id, 1, { verdict: 'passed' });
  const seen = await reading;
  expect(seen.filter((line) => !line.startsWith('state'))).toEqual([
    'stage-started 1-0',
    'output 1-1',
    'output 1-2',
    'end',
  ]);
});

it('is summed up in the task: stages of every attempt, findings of the latest', async () => {
  const scheduler = await testedScheduler();
  const id = await newTask(scheduler);
  const at = new Date().toISOString();
  const result = {
    name: 'system_info',
    status: 'passed',
    startedAt: at,
    durationMs: 12,
    log: 'system_info.log',
    commands: [],
  } as const;
  await scheduler.events.add([
    { kind: 'test', taskId: id, attempt: 1, event: started(id, 0) },
    { kind: 'test', taskId: id, attempt: 2, event: started(id, 0) },
    { kind: 'test', taskId: id, attempt: 2, event: output(id, 1, 'x') },
    { kind: 'test', taskId: id, attempt: 2, event: { type: 'stage-finished', result, taskId: id, sequence: 2, at } },
  ]);
  const task = (await (await scheduler.ask('GET', `/tasks/${id}`)).json()) as Record<string, unknown>;
  expect(task['stages']).toEqual([
    { attempt: 1, name: expect.any(String), status: 'running', durationMs: null },
    { attempt: 2, name: expect.any(String), status: 'running', durationMs: null },
    { attempt: 2, name: 'system_info', status: 'passed', durationMs: 12 },
  ]);
  expect(task['findings']).toEqual([]);
});

it('goes on where a reader was cut off, also into another attempt', async () => {
  const scheduler = await testedScheduler();
  const id = await newTask(scheduler);
  await scheduler.events.add([
    { kind: 'test', taskId: id, attempt: 1, event: started(id, 0) },
    { kind: 'test', taskId: id, attempt: 1, event: output(id, 1, 'a') },
    { kind: 'test', taskId: id, attempt: 2, event: started(id, 0) },
  ]);
  await scheduler.table.finish(id, 2, { verdict: 'passed' });
  expect(await read(scheduler, id, '1-0')).toEqual(['state', 'output 1-1', 'stage-started 2-0', 'end']);
  expect(await read(scheduler, id, 'of another server')).toEqual([
    'state',
    'stage-started 1-0',
    'output 1-1',
    'stage-started 2-0',
    'end',
  ]);
});

it('keeps no more output of a test than people read, and all that is not output', async () => {
  const scheduler = await testedScheduler();
  const id = await newTask(scheduler);
  scheduler.scheduler.start();
  const text = 'x'.repeat(64 * 1024);
  for (let sequence = 1; sequence <= 100; sequence += 1) {
    scheduler.broadcast.emit({ kind: 'test', taskId: id, attempt: 1, event: output(id, sequence, text) });
  }
  scheduler.broadcast.emit({ kind: 'test', taskId: id, attempt: 1, event: started(id, 101) });
  const kept = async () =>
    (await scheduler.events.after(id, { attempt: 0, sequence: 0 }, 500)).map((one) => one.sequence);
  await expect.poll(async () => (await kept()).at(-1)).toBe(101);
  // The 32 that are two megabytes, a notice that there is more, and what is not output.
  expect(await kept()).toHaveLength(34);
});

/** The last event of an attempt, with its report in the store: what makes a scheduler end the task. */
async function end({ broadcast, store }: TestedScheduler, taskId: string, sequence: number): Promise<void> {
  await storeReport(store, taskId, reportOf(taskId));
  const event = { type: 'verdict', verdict: 'passed', taskId, sequence, at } as const;
  broadcast.emit({ kind: 'test', taskId, attempt: 1, event });
}

it('has all that came before the end, also when the task ends at once', async () => {
  const scheduler = await testedScheduler();
  scheduler.scheduler.start();
  for (let round = 0; round < 5; round += 1) {
    const id = await newTask(scheduler);
    const reading = read(scheduler, id);
    for (const event of [started(id, 0), output(id, 1, 'a\n')]) {
      scheduler.broadcast.emit({ kind: 'test', taskId: id, attempt: 1, event });
    }
    await end(scheduler, id, 2);
    const seen = (await reading).filter((line) => !line.startsWith('state'));
    expect(seen).toEqual(['stage-started 1-0', 'output 1-1', 'verdict 1-2', 'end']);
  }
});

it('waits a moment for the last events of a task that another scheduler ended', async () => {
  const scheduler = await testedScheduler();
  const id = await newTask(scheduler);
  await scheduler.table.started(id, 1, 'w');
  await scheduler.events.add([{ kind: 'test', taskId: id, attempt: 1, event: started(id, 0) }]);
  await scheduler.table.finish(id, 1, { verdict: 'passed' });
  const { body } = await scheduler.ask('GET', `/tasks/${id}/events`);
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  let seen = '';
  const readUntil = async (text: string) => {
    for (let next = await reader?.read(); next?.value !== undefined; next = await reader?.read()) {
      seen += next.value;
      if (seen.includes(text)) return;
    }
  };
  await readUntil('event: stage-started');
  const verdict = { type: 'verdict', verdict: 'passed', taskId: id, sequence: 1, at } as const;
  await scheduler.events.add([{ kind: 'test', taskId: id, attempt: 1, event: verdict }]);
  await readUntil('nothing that comes');
  expect(seen.match(/^event: .*$/gm)).toEqual(['state', 'stage-started', 'verdict', 'end'].map((it) => `event: ${it}`));
});

it('is a stream for five hundred readers at once, and tells others when to come again', async () => {
  const scheduler = await testedScheduler();
  const id = await newTask(scheduler);
  const open = () => scheduler.ask('GET', `/tasks/${id}/events`);
  const streams = await Promise.all(Array.from({ length: MAX_STREAMS }, open));
  expect(new Set(streams.map(({ status }) => status))).toEqual(new Set([200]));
  expect(streams[0]?.headers.get('x-accel-buffering')).toBe('no');
  const refused = await open();
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '10']);
  expect(await refused.json()).toMatchObject({ code: 'too_many_streams' });
  await Promise.all(streams.map(({ body }) => body?.cancel()));
  const openAndLeave = async () => {
    const { status, body } = await open();
    await body?.cancel();
    return status;
  };
  await expect.poll(openAndLeave).toBe(200);
});

it('asked for its headers alone is no stream that stays open', async () => {
  const scheduler = await testedScheduler();
  const id = await newTask(scheduler);
  for (let times = 0; times <= MAX_STREAMS; times += 1) {
    expect((await scheduler.ask('HEAD', `/tasks/${id}/events`)).status).toBe(200);
  }
});

it('of a task that is not there is 404', async () => {
  const { ask } = await testedScheduler();
  const response = await ask('GET', '/tasks/nobody/events');
  expect([response.status, await response.json()]).toEqual([
    404,
    expect.objectContaining({ code: 'artifact_not_found' }),
  ]);
});
