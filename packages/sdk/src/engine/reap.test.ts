import { describe, expect, it } from 'vitest';
import { AltsError } from '../contracts/errors.ts';
import type { Lease, Runner } from '../contracts/runner.ts';
import { currentOwner, KEPT } from '../machine/owner.ts';
import { reap } from './reap.ts';

const later = new Date(Date.now() + 60_000);
const past = new Date(Date.now() - 1);
const dead = currentOwner().replace(/\d+$/, '1');
const lease = (owner: string, deadline: Date): Lease => ({ taskId: 't', owner, deadline });

/** A backend that holds what it is given. */
function backend(leases: Record<string, Lease>): Runner & { readonly left: Set<string> } {
  const left = new Set(Object.keys(leases));
  return {
    contract: 'runner/1',
    name: 'shelf',
    traits: new Set(),
    left,
    provision: () => Promise.reject(new AltsError('not_supported', 'a shelf only holds')),
    async *list() {
      for (const [id, held] of Object.entries(leases)) yield { id, lease: held };
    },
    async remove(id) {
      if (id === 'stuck') throw new AltsError('runner_unavailable', 'will not go');
      left.delete(id);
    },
  };
}

describe('reaping', () => {
  it('removes what is past its deadline and what a dead process owned, and nothing else', async () => {
    const runner = backend({
      mine: lease(currentOwner(), later),
      orphan: lease(dead, later),
      late: lease(currentOwner(), past),
      elsewhere: lease('0123456789abcdef:1:1', later),
      kept: lease(KEPT, later),
      keptTooLong: lease(KEPT, past),
    });
    const result = await reap(runner);
    expect(result.removed).toEqual(['orphan', 'late', 'keptTooLong']);
    expect([...runner.left]).toEqual(['mine', 'elsewhere', 'kept']);
    expect(result.inUse).toBe(3);
  });

  it('goes on after one that cannot be removed, and says so', async () => {
    const runner = backend({ stuck: lease(dead, later), orphan: lease(dead, later) });
    const result = await reap(runner);
    expect(result.removed).toEqual(['orphan']);
    expect(result.failed).toMatchObject([
      { id: 'stuck', error: { code: 'runner_unavailable', message: 'will not go' } },
    ]);
  });
});
