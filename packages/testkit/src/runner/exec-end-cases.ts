import assert from 'node:assert/strict';
import { within } from '../expectations.ts';
import { processesWith, type RunnerCase, shell, uniqueSeconds } from './bench.ts';

export const execEndCases: readonly RunnerCase[] = [
  {
    name: 'gives the exit code as it is: it is a result and not an exception',
    run: async (bench) => {
      const environment = await bench.shared();
      for (const code of [0, 1, 2, 77, 126, 127, 128, 255]) {
        const { end } = await environment.exec(['sh', '-c', `exit ${code}`]);
        assert.deepEqual(end, { type: 'exit', code });
      }
    },
  },
  {
    name: 'tells a signal by its name',
    run: async (bench) => {
      const environment = await bench.shared();
      for (const name of ['KILL', 'SEGV', 'TERM', 'ABRT']) {
        const { end } = await environment.exec(['sh', '-c', `kill -${name} $$`]);
        assert.deepEqual(end, { type: 'signal', signal: `SIG${name}` });
      }
    },
  },
  {
    name: 'tells exit 137 and 139 from SIGKILL and SIGSEGV',
    run: async (bench) => {
      const environment = await bench.shared();
      for (const code of [137, 139]) {
        const { end } = await environment.exec(['sh', '-c', `exit ${code}`]);
        assert.deepEqual(end, { type: 'exit', code });
      }
    },
  },
  {
    name: 'ends with an exit code when there is no such program, or it is none',
    run: async (bench) => {
      const environment = await bench.shared();
      for (const program of ['no-such-program-here', '/no/such/path', '/etc/passwd']) {
        const { end } = await environment.exec([program, 'argument']);
        assert.equal(end.type, 'exit', `${program} ends with ${JSON.stringify(end)}`);
        assert.ok(end.type === 'exit' && end.code !== 0, `${program} ends with exit 0`);
      }
    },
  },
  {
    name: 'ends with the command itself: a daemon that keeps its output open does not hold it, and lives on',
    run: async (bench) => {
      const environment = await bench.shared();
      const seconds = uniqueSeconds();
      const command = ['sh', '-c', 'sleep "$1" & echo "$!"', 'sh', seconds] as const;
      const { end, stdout } = await within('the command', environment.exec(command));
      assert.deepEqual(end, { type: 'exit', code: 0 });
      assert.match(Buffer.from(stdout).toString(), /^\d+\n$/);
      assert.equal(await processesWith(environment, seconds), 1, 'processes that the command left running');
      await shell(environment, 'kill "$1"', Buffer.from(stdout).toString().trim());
    },
  },
];
