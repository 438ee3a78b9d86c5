import type { Architecture } from '@alts/sdk/plugin';

/** Machines that run packages of an architecture; all others run their own. */
const HOSTS: Partial<Record<Architecture, string>> = { i686: 'x86_64' };
/** Of the Python system's five classes of cost only the first was ever used. */
const COST = 0;

/** The queue for tests of an architecture by a runner, as operators of the Python system know it: `docker-x86_64-0`. */
export function queueName(runner: string, architecture: Architecture): string {
  return `${runner}-${HOSTS[architecture] ?? architecture}-${COST}`;
}
