import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { AltsError, type ErrorCode } from '@alts/sdk/plugin';
import { rejection, rejectsWithReason } from '../expectations.ts';
import { type RunnerCase, shell } from './bench.ts';

/** What `Runner.provision` may say of a system that it cannot make. */
const NO_SUCH_SYSTEM: readonly ErrorCode[] = ['image_unavailable', 'not_supported', 'runner_unavailable'];

/** Milliseconds after the start at which a provision is aborted: wherever it is by then, nothing may stay. */
const ABORT_POINTS = [0, 20, 80, 200, 500];

export const provisionCases: readonly RunnerCase[] = [
  {
    name: 'gives the system that was asked for, and says so',
    run: async (bench) => {
      const environment = await bench.shared();
      assert.notEqual(environment.id, '');
      assert.equal(environment.system.distribution, bench.system.distribution);
      assert.equal(environment.system.version, bench.system.version);
      const id = await shell(environment, '. /etc/os-release; echo "$ID"');
      assert.equal(id.trim(), bench.system.distribution, 'ID of /etc/os-release');
    },
  },
  {
    name: 'says how ansible reaches it in variables of ansible, or says nothing',
    run: async (bench) => {
      const { inventory = { ansible_connection: '' } } = await bench.shared();
      assert.equal(typeof inventory['ansible_connection'], 'string', 'the inventory has no ansible_connection');
      for (const [name, value] of Object.entries(inventory)) {
        assert.match(name, /^ansible_[a-z_]+$/, `${name} is no variable of ansible`);
        assert.ok(['string', 'number'].includes(typeof value), `${name} is neither a string nor a number`);
      }
    },
  },
  {
    name: 'does nothing when the signal was aborted before',
    run: async (bench) => {
      const lease = bench.lease();
      const reason = new Error('cancelled before');
      await rejectsWithReason('provision', reason, bench.provision({ lease, signal: AbortSignal.abort(reason) }));
      assert.deepEqual(await bench.listed(lease), []);
    },
  },
  {
    name: 'leaves nothing behind when it is aborted, at whatever moment',
    run: async (bench) => {
      const leases = [];
      for (const afterMs of ABORT_POINTS) {
        const lease = bench.lease();
        leases.push(lease);
        const aborting = new AbortController();
        const reason = new Error(`cancelled after ${afterMs} ms`);
        const provisioning = bench.provision({ lease, signal: aborting.signal });
        const outcome = provisioning.then(
          (environment) => ({ environment }),
          (error: unknown) => ({ error }),
        );
        await delay(afterMs);
        aborting.abort(reason);
        const ended = await outcome;
        if ('environment' in ended) await bench.remove(ended.environment);
        else assert.equal(ended.error, reason, `provision rejects with the signal's reason, not ${ended.error}`);
        assert.deepEqual(await bench.listed(lease), [], `something was left by an abort after ${afterMs} ms`);
      }
      // By the time that another one came and went, a late one would be there, too.
      await bench.remove(await bench.provision());
      for (const lease of leases) assert.deepEqual(await bench.listed(lease), [], 'something came late, and stayed');
    },
  },
  {
    name: 'says with a code that it cannot make a system, and leaves nothing behind',
    run: async (bench) => {
      const lease = bench.lease();
      const system = { ...bench.system, version: '0.0-no-such-version' };
      const error = await rejection('provision', bench.provision({ lease, system }));
      assert.ok(AltsError.is(error), `${error} is thrown, and should be an AltsError`);
      assert.ok(NO_SUCH_SYSTEM.includes(error.code), `the code ${error.code} is not one of ${NO_SUCH_SYSTEM}`);
      assert.deepEqual(await bench.listed(lease), []);
    },
  },
];
