import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { RunProcesses } from './leftover-processes.mjs';

/** A shell that starts a process, tells its id and is gone before it. */
async function orphan(env: NodeJS.ProcessEnv, seconds: number): Promise<number> {
  const shell = spawn('sh', ['-c', `sleep ${seconds} >&- & echo $!`], { env: { ...process.env, ...env } });
  const [said] = await once(shell.stdout, 'data');
  return Number(String(said));
}

test.runIf(process.platform === 'linux')(
  'kills a process that a run left behind, and none of another run',
  async () => {
    const [ours, another] = [new RunProcesses(), new RunProcesses()];
    const [left, theirs] = [await orphan(ours.environment, 3600), await orphan(another.environment, 3600)];
    expect(await ours.killLeft(200)).toEqual([{ pid: left, command: 'sleep 3600' }]);
    await expect.poll(() => ours.list()).toEqual([]);
    expect(another.list().map(({ pid }) => pid)).toEqual([theirs]);
    await another.killLeft(0);
  },
);

test('gives those that end time to do so', async () => {
  const run = new RunProcesses();
  await orphan(run.environment, 1);
  expect(await run.killLeft()).toEqual([]);
});
