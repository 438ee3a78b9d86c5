import assert from 'node:assert/strict';
import { processesWith, type RunnerCase, shell, uniqueSeconds } from './bench.ts';

export const isolationCases: readonly RunnerCase[] = [
  {
    name: 'two environments at once see nothing of each other: neither files nor processes',
    run: async (bench) => {
      const [mine, other] = [await bench.provision(), await bench.provision()];
      const [path, seconds] = [bench.path(), uniqueSeconds()];
      await shell(mine, 'echo mine > "$1"; sleep "$2" > /dev/null 2>&1 &', path, seconds);
      assert.equal(await processesWith(mine, seconds), 1, 'the process is not even in its own environment');
      assert.equal(await processesWith(other, seconds), 0, 'the other environment sees the process');
      const { end } = await other.exec(['test', '-e', path]);
      assert.deepEqual(end, { type: 'exit', code: 1 }, 'the other environment sees the file');
      await Promise.all([bench.remove(mine), bench.remove(other)]);
    },
  },
  {
    name: 'a new environment has nothing of one that is gone',
    run: async (bench) => {
      const path = bench.path();
      const first = await bench.provision();
      await shell(first, 'echo first > "$1"', path);
      await bench.remove(first);
      const second = await bench.provision();
      const { end } = await second.exec(['test', '-e', path]);
      assert.deepEqual(end, { type: 'exit', code: 1 }, 'the file is still there');
      await bench.remove(second);
    },
  },
];
