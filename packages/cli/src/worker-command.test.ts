import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Started, start, WAITING_RUNNER } from './alts-process.fixture.ts';

const fixture = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** A worker alone with one task, whose test never ends by itself. */
async function startWorker(runner: object): Promise<Started> {
  const directory = await mkdtemp(join(tmpdir(), 'alts-worker-command-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const config = {
    queue: { use: fixture('./one-task-queue.fixture.ts') },
    broadcast: { use: fixture('./memory-broadcast.fixture.ts') },
    worker: { queues: ['waiting-x86_64-0'], listen: { port: 0 }, minFreeMiB: 0 },
    runners: { waiting: { use: WAITING_RUNNER, ...runner } },
  };
  await writeFile(join(directory, 'fleet.yaml'), JSON.stringify(config));
  return start(['worker', '-c', 'fleet.yaml'], {}, directory);
}

describe('a worker that is sent SIGTERM', () => {
  it('waits for what runs, and leaves at once at the second', async () => {
    const worker = await startWorker({ deaf: true });
    await worker.said('a test begins');
    worker.child.kill('SIGTERM');
    await worker.said('stopping: waiting for what runs');
    worker.child.kill('SIGTERM');
    expect((await worker.finished).code).toBe(130);
  });

  it('ends by itself also while it begins, with a runner that does not answer', async () => {
    const worker = await startWorker({ silent: true });
    await worker.said('says how it is');
    worker.child.kill('SIGTERM');
    const { code, stderr } = await worker.finished;
    expect(code).toBe(0);
    expect(stderr).toContain('stopping: waiting for what runs');
  });
});
