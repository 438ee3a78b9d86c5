import { isGone } from './amqp-errors.ts';
import type { AmqpLink } from './amqp-link.ts';
import type { AmqpOptions } from './amqp-options.ts';
import { declarationsOf } from './amqp-topology.ts';

/**
 * Which queues were declared. Each time on a channel of its own, for the broker closes that when a queue was declared
 * otherwise; and once for each connection, for a new one may be to a new broker.
 */
export class Declarations {
  readonly #link: AmqpLink;
  readonly #options: AmqpOptions;
  readonly #declared = new Map<string, Promise<void>>();

  constructor(link: AmqpLink, options: AmqpOptions) {
    this.#link = link;
    this.#options = options;
    link.onConnect(() => this.#declared.clear());
  }

  /**
   * Declares a queue of tasks and those that belong to it.
   * @throws {AltsError} `queue_unavailable`
   */
  async declare(queue: string): Promise<void> {
    const declaring = this.#declared.get(queue) ?? this.#declare(queue);
    this.#declared.set(queue, declaring);
    try {
      await declaring;
    } catch (error) {
      if (this.#declared.get(queue) === declaring) this.#declared.delete(queue);
      throw error;
    }
  }

  /**
   * Does what takes a queue of tasks; once more when the queue, or one that belongs to it, turns out to be gone.
   * @throws {AltsError} `queue_unavailable` when it cannot be declared; what `work` throws
   */
  async having<T>(queue: string, work: () => Promise<T>): Promise<T> {
    await this.declare(queue);
    try {
      return await work();
    } catch (error) {
      if (!isGone(error)) throw error;
    }
    this.#declared.delete(queue);
    await this.declare(queue);
    return await work();
  }

  #declare(queue: string): Promise<void> {
    return this.#link.use(`declaring ${queue}`, async (channel) => {
      for (const [name, options] of declarationsOf(queue, this.#options)) await channel.assertQueue(name, options);
    });
  }
}
