import { randomUUID } from 'node:crypto';
import { leaseOf } from './amqp-topology.ts';

/**
 * Names of the queues that hold one task each, used again and again by one process: declaring a quorum queue takes a
 * broker long, and one that is younger than three minutes does not survive that its only node is killed (Ra writes down
 * which queues there are by dets, whose `auto_save` that is).
 */
export class LeaseNames {
  readonly #process = randomUUID();
  readonly #free = new Map<string, string[]>();
  #made = 0;

  take(queue: string): string {
    const free = this.#free.get(queue)?.pop();
    if (free !== undefined) return free;
    this.#made += 1;
    return leaseOf(queue, `${this.#process}.${this.#made}`);
  }

  /** Only what is empty: a name that was never given back runs out with its queue. */
  giveBack(queue: string, name: string): void {
    const free = this.#free.get(queue) ?? [];
    this.#free.set(queue, [...free, name]);
  }
}
