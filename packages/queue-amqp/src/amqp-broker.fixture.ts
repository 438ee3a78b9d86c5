import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { type Queue, type TaskHandler, TaskMessage } from '@alts/sdk/plugin';
import { connect } from 'amqplib';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { type RabbitMq, startRabbitMq } from '../../../fixtures/services/rabbitmq.ts';
import { amqpBroadcast } from './amqp-broadcast.ts';
import type { AmqpOptionsInput } from './amqp-options.ts';
import { amqpQueue } from './amqp-queue.ts';

/** Of a broker that takes messages back soon: milliseconds, in the place of half an hour. */
export const CONSUMER_TIMEOUT = 3000;
export const VERSIONS = ['3.10', '4.0'] as const;
const TAKING = fileURLToPath(new URL('taking-process.fixture.ts', import.meta.url));

export function aTask(taskId = `t-${randomUUID()}`): TaskMessage {
  const request = { taskId, package: { name: 'hello' }, system: 'debian:12' };
  return TaskMessage.parse({ schemaVersion: 1, taskId, request });
}
export const collect = <T>(items: AsyncIterable<T>) => Array.fromAsync(items);
export const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
export const one = { concurrency: 1 };

/** A broker for the tests of a `describe`, and what they do with it; what they open is disposed after each. */
export class TestBroker {
  readonly #disposables: AsyncDisposable[] = [];
  readonly #gates: PromiseWithResolvers<void>[] = [];
  #broker: RabbitMq | undefined;
  #isOff = false;

  /** @param options `consumerTimeoutMs`: left out, half an hour, which no test takes */
  constructor(version: (typeof VERSIONS)[number], options: { readonly consumerTimeoutMs?: number } = {}) {
    beforeAll(async () => {
      this.#broker = await startRabbitMq(version, options);
    });
    afterEach(async () => {
      // A test that failed half way may have left it so, and is not to spoil the next one.
      if (this.#isOff) await this.switchOn();
      for (const { resolve } of this.#gates.splice(0)) resolve();
      await Promise.all(this.#disposables.splice(0).map((each) => each[Symbol.asyncDispose]()));
    });
    afterAll(() => this.service[Symbol.asyncDispose]());
  }

  get service(): RabbitMq {
    if (!this.#broker) throw new Error('there is no broker before the first test');
    return this.#broker;
  }

  open(options: Partial<AmqpOptionsInput> = {}): Queue {
    const made = amqpQueue({ url: this.service.url, retryDelayMs: 0, pollMs: 50, timeoutMs: 60_000, ...options });
    this.#disposables.push(made);
    return made;
  }

  openBroadcast(options: Partial<AmqpOptionsInput> = {}) {
    const made = amqpBroadcast({ url: this.service.url, ...options });
    this.#disposables.push(made);
    return made;
  }

  /** What a handler may wait for: it opens at the end of the test, so that a queue can be disposed when that failed. */
  gate(): PromiseWithResolvers<void> {
    const gate = Promise.withResolvers<void>();
    this.#gates.push(gate);
    return gate;
  }

  rabbit(...args: string[]): Promise<string> {
    return this.service.exec('rabbitmqctl', '--quiet', ...args);
  }

  /** Queues whose name begins so, with the number of their messages, those that somebody has included. */
  async messages(name: string): Promise<Record<string, number>> {
    const lines = (await this.rabbit('list_queues', 'name', 'messages')).split('\n');
    return Object.fromEntries(
      lines
        .filter((line) => line.startsWith(name))
        .map((line) => line.slice(name.length).split('\t'))
        .map(([rest = '', count]) => [rest, Number(count)]),
    );
  }

  /** What comes, as the numbers of its attempts, until `count` have come. */
  async attemptsOf(queue: Queue, name: string, count: number): Promise<number[]> {
    const seen: number[] = [];
    const all = Promise.withResolvers<void>();
    const handler: TaskHandler = async (_, { attempt }) => {
      seen.push(attempt);
      if (seen.length === count) all.resolve();
      return 'done';
    };
    await queue.consume([name], handler, one);
    await all.promise;
    return seen;
  }

  /** A worker of its own process: see the fixture. */
  takingProcess(name: string, ...args: string[]) {
    return execa(process.execPath, ['--conditions=@alts/source', TAKING, this.service.url, name, ...args], {
      reject: false,
    });
  }

  async switchOff(): Promise<void> {
    this.#isOff = true;
    await this.service.stop();
  }

  async switchOn(): Promise<void> {
    await this.service.start();
    this.#isOff = false;
  }

  /** Its memory has run out, it thinks, until that is disposed, or the test is over: it takes nothing that is published. */
  async alarm(): Promise<AsyncDisposable> {
    const watermark = (...value: string[]) => this.rabbit('set_vm_memory_high_watermark', ...value);
    let rings = true;
    const alarm = {
      [Symbol.asyncDispose]: async () => {
        if (rings) await watermark('0.6');
        rings = false;
      },
    };
    this.#disposables.push(alarm);
    await watermark('absolute', '1');
    return alarm;
  }

  /** A channel of somebody else. */
  async channel() {
    const connection = await connect(this.service.url);
    this.#disposables.push({ [Symbol.asyncDispose]: () => connection.close() });
    return connection.createConfirmChannel();
  }
}
