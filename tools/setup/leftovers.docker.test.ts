import { execa } from 'execa';
import { afterEach, expect, test } from 'vitest';
import { findEngine } from './engine-api.mjs';
import { leases, leftovers, removeLeftovers } from './leftovers.mjs';
import { identityOf } from './process-identity.mjs';

const made: string[] = [];
afterEach(async () => {
  for (const id of made.splice(0)) await execa('docker', ['rm', '-f', id]);
});

async function container(owner: string): Promise<string> {
  const labels = {
    'org.alts.lease.task': `leftovers-test-${process.pid}`,
    'org.alts.lease.owner': owner,
    // Whole, for other tests list leases on the same engine; far off, so that none of them reaps it.
    'org.alts.lease.deadline': '2099-01-01T00:00:00.000Z',
  };
  const options = Object.entries(labels).flatMap(([key, value]) => ['--label', `${key}=${value}`]);
  const { stdout } = await execa('docker', ['create', ...options, 'debian:12', 'true']);
  made.push(stdout);
  return stdout;
}

async function engine() {
  const { address, tried } = await findEngine();
  if (!address) throw new Error(`no Docker Engine answers: ${tried?.join(', ')}`);
  return address;
}

const ours = <T extends { readonly what: string }>(found: readonly T[]) =>
  found.filter(({ what }) => what.includes(`leftovers-test-${process.pid}`));

test('a container of a dead owner that was not there before is left over, and can be removed', async () => {
  const before = await leases(await engine());
  const id = await container('0123456789abcdef:1:1');
  const left = ours(await leftovers(await engine(), before));
  expect(left).toEqual([expect.objectContaining({ path: expect.stringContaining(id) })]);
  await removeLeftovers(await engine(), left);
  expect(ours(await leftovers(await engine(), before))).toEqual([]);
});

test('what was there before, and what belongs to a living process, is not', async () => {
  await container('0123456789abcdef:1:1');
  const before = await leases(await engine());
  await container(`0123456789abcdef:${identityOf(process.pid)}`);
  expect(ours(await leftovers(await engine(), before))).toEqual([]);
});
