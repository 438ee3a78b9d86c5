import assert from 'node:assert/strict';
import type { Environment, ExecOptions, ExecResult } from '@alts/sdk/plugin';
import { rejection, rejectsWithReason, within } from '../expectations.ts';
import { processesWith, type RunnerCase, shell, uniqueSeconds } from './bench.ts';

/** Starts children in every way in which a maintainer script gets rid of them, and waits. */
const WITH_CHILDREN = `
sleep "$1" &
setsid sleep "$1" &
nohup setsid sleep "$1" > /dev/null 2>&1 < /dev/null &
(trap '' TERM HUP INT; sh -c 'sleep "$0"; true' "$1") &
echo ready
wait`;

function withChildren(environment: Environment, seconds: string, options: ExecOptions): Promise<ExecResult> {
  return environment.exec(['sh', '-c', WITH_CHILDREN, 'sh', seconds], options);
}

async function assertDead(environment: Environment, seconds: string): Promise<void> {
  assert.equal(await processesWith(environment, seconds), 0, 'processes of the command that still live');
}

export const execStopCases: readonly RunnerCase[] = [
  {
    name: 'ends with time-limit when the time is over, and keeps what was written until then',
    run: async (bench) => {
      const environment = await bench.shared();
      const running = environment.exec(['sh', '-c', 'echo ready; exec sleep 3600'], { timeoutMs: 1500 });
      const { end, stdout } = await within('the end', running);
      assert.deepEqual(end, { type: 'time-limit', limitMs: 1500 });
      assert.equal(Buffer.from(stdout).toString(), 'ready\n');
    },
  },
  {
    name: 'leaves no child alive after the time limit, not even those with a session of their own',
    run: async (bench) => {
      const environment = await bench.shared();
      const seconds = uniqueSeconds();
      const { end } = await within('the end', withChildren(environment, seconds, { timeoutMs: 2000 }));
      assert.equal(end.type, 'time-limit');
      await assertDead(environment, seconds);
    },
  },
  {
    name: 'does not let a time limit touch a command that is quicker',
    run: async (bench) => {
      const environment = await bench.shared();
      const { end } = await environment.exec(['sh', '-c', 'exit 3'], { timeoutMs: 60_000 });
      assert.deepEqual(end, { type: 'exit', code: 3 });
    },
  },
  {
    name: 'rejects with the reason of the signal when it is aborted, and the command and its children are dead',
    run: async (bench) => {
      const environment = await bench.shared();
      const [seconds, aborting, ready] = [uniqueSeconds(), new AbortController(), Promise.withResolvers<void>()];
      const { signal } = aborting;
      const running = withChildren(environment, seconds, { signal, onOutput: () => ready.resolve() });
      running.catch(() => undefined);
      await within('the start', ready.promise);
      const reason = new Error('cancelled');
      aborting.abort(reason);
      await rejectsWithReason('exec', reason, running);
      await assertDead(environment, seconds);
    },
  },
  {
    name: 'lets no command run on that is aborted while it starts',
    run: async (bench) => {
      const environment = await bench.shared();
      const seconds = uniqueSeconds();
      const reason = new Error('cancelled at once');
      const attempts = Array.from({ length: 8 }, async (_, turns) => {
        const aborting = new AbortController();
        const running = environment.exec(['sleep', seconds], { signal: aborting.signal });
        running.catch(() => undefined);
        for (let turn = 0; turn < turns * 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
        aborting.abort(reason);
        await rejectsWithReason('exec', reason, running);
      });
      await Promise.all(attempts);
      await assertDead(environment, seconds);
    },
  },
  {
    name: 'starts nothing when the signal was aborted before',
    run: async (bench) => {
      const environment = await bench.shared();
      const [path, reason] = [bench.path(), new Error('cancelled before')];
      const running = environment.exec(['touch', path], { signal: AbortSignal.abort(reason) });
      await rejectsWithReason('exec', reason, running);
      assert.equal(await shell(environment, '[ ! -e "$1" ] || echo there', path), '');
    },
  },
  {
    name: 'rejects on abort even while a chunk is being dealt with',
    run: async (bench) => {
      const environment = await bench.shared();
      const [aborting, stuck] = [new AbortController(), Promise.withResolvers<void>()];
      const onOutput = () => {
        stuck.resolve();
        return new Promise<void>(() => undefined);
      };
      const running = environment.exec(['sh', '-c', 'echo x; exec sleep 3600'], { signal: aborting.signal, onOutput });
      running.catch(() => undefined);
      await within('the first chunk', stuck.promise);
      const reason = new Error('cancelled');
      aborting.abort(reason);
      await rejectsWithReason('exec', reason, running);
    },
  },
  {
    name: 'rejects with the error of onOutput, and the command is dead',
    run: async (bench) => {
      const environment = await bench.shared();
      const [seconds, fault] = [uniqueSeconds(), new Error('the log is full')];
      const onOutput = async () => {
        throw fault;
      };
      assert.equal(await rejection('exec', withChildren(environment, seconds, { onOutput })), fault);
      await assertDead(environment, seconds);
    },
  },
];
