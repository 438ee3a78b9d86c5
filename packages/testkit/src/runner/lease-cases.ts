import assert from 'node:assert/strict';
import { collect, rejectsWithReason, within } from '../expectations.ts';
import type { RunnerCase } from './bench.ts';

export const leaseCases: readonly RunnerCase[] = [
  {
    name: 'lists an environment with its whole lease as soon as it is there',
    run: async (bench) => {
      const lease = bench.lease();
      const environment = await bench.provision({ lease });
      const entries = await collect((await bench.runner()).list());
      const mine = entries.filter((entry) => entry.lease.taskId === lease.taskId);
      assert.equal(mine.length, 1, 'entries with the task of the lease');
      assert.equal(mine[0]?.id, environment.id);
      assert.equal(mine[0]?.lease.owner, lease.owner);
      assert.equal(mine[0]?.lease.deadline.getTime(), lease.deadline.getTime(), 'the deadline of the lease');
      await bench.remove(environment);
    },
  },
  {
    name: 'asks the backend and not its memory: a runner lists and removes what another one made',
    run: async (bench) => {
      const lease = bench.lease();
      const environment = await bench.provision({ lease });
      const other = await bench.anotherRunner();
      const entries = await collect(other.list());
      const found = entries.find(({ id }) => id === environment.id);
      assert.equal(found?.lease.taskId, lease.taskId, 'the other runner does not list it');
      await other.remove(environment.id);
      assert.deepEqual(await bench.listed(lease), []);
    },
  },
  {
    name: 'lists no longer what was removed, and removes it a second time without a word',
    run: async (bench) => {
      const lease = bench.lease();
      const environment = await bench.provision({ lease });
      await bench.remove(environment);
      assert.deepEqual(await bench.listed(lease), []);
      await within('the second removal', bench.remove(environment));
    },
  },
  {
    name: 'removes one environment for two callers at once, and no other',
    run: async (bench) => {
      const [lease, otherLease] = [bench.lease(), bench.lease()];
      const [environment, other] = [await bench.provision({ lease }), await bench.provision({ lease: otherLease })];
      await Promise.all([bench.remove(environment), bench.remove(environment)]);
      assert.deepEqual(await bench.listed(lease), []);
      assert.deepEqual(await bench.listed(otherLease), [other.id], 'an environment that nobody removed');
      await bench.remove(other);
    },
  },
  {
    name: 'removes what never was without a word',
    run: async (bench) => within('the removal', bench.remove({ id: bench.lease().taskId })),
  },
  {
    name: 'ends list with the reason of the signal',
    run: async (bench) => {
      const reason = new Error('no longer wanted');
      const listing = collect((await bench.runner()).list({ signal: AbortSignal.abort(reason) }));
      await rejectsWithReason('list', reason, listing);
    },
  },
];
