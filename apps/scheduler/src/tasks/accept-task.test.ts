import { expect, it } from 'vitest';
import type { AppParts } from '../parts.ts';
import { acceptTask, type Offer } from './accept-task.ts';

/** The queues of what was accepted. */
function acceptedBy(offer: Partial<Offer>, system: string): Promise<string[]> {
  const queues: string[] = [];
  const table = {
    async acceptAll(tasks: readonly { readonly queue: string }[]) {
      queues.push(...tasks.map(({ queue }) => queue));
      return [];
    },
  };
  const parts = {
    table: table as unknown as AppParts['table'],
    offer: { runners: ['docker'], architecture: 'x86_64', ...offer } as const,
    accepted: () => {},
    callbackOptions: { hosts: [] },
  };
  return acceptTask(parts, { request: { package: { name: 'hello' }, system } }).then(() => queues);
}

it('takes any system that is known where the offer names none', async () => {
  expect(await acceptedBy({}, 'fedora:43/s390x')).toEqual(['docker-s390x-0']);
});

it('takes what the offer names', async () => {
  const offer: Partial<Offer> = { distributions: ['debian'], architectures: ['x86_64', 'i686'] };
  expect(await acceptedBy(offer, 'debian:12')).toEqual(['docker-x86_64-0']);
  expect(await acceptedBy(offer, 'debian:12/i386')).toEqual(['docker-x86_64-0']);
});

it.each<[Partial<Offer>, string, string]>([
  [
    { distributions: ['almalinux', 'debian'] },
    'fedora:43',
    'system.distribution: "fedora" is not tested here; there is almalinux, debian',
  ],
  [{ architectures: ['aarch64'] }, 'debian:12', 'system.architecture: "x86_64" is not tested here; there is aarch64'],
])('with an offer of %j refuses %s, for no worker would ever take it', async (offer, system, message) => {
  await expect(acceptedBy(offer, system)).rejects.toMatchObject({ code: 'invalid_request', message });
});
