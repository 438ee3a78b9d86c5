import { AltsError, type Queue, type TaskHandler } from '@alts/sdk/plugin';
import type { Broken } from './broken.fixture.ts';

const NO_MESSAGES = async () => ({ [Symbol.asyncDispose]: async () => undefined });

/** Methods live on a prototype, so that `{ ...queue }` would lose them. */
function broken(change: (queue: Queue) => Partial<Queue>): (queue: Queue) => Queue {
  return (queue) => ({
    contract: queue.contract,
    publish: (...args) => queue.publish(...args),
    consume: (...args) => queue.consume(...args),
    deadLetters: (...args) => queue.deadLetters(...args),
    settleDeadLetter: (...args) => queue.settleDeadLetter(...args),
    depth: (...args) => queue.depth(...args),
    [Symbol.asyncDispose]: () => queue[Symbol.asyncDispose](),
    ...change(queue),
  });
}

const brokenHandler = (change: (handler: TaskHandler) => TaskHandler) =>
  broken((queue) => ({ consume: (names, handler, limits) => queue.consume(names, change(handler), limits) }));

export const brokenQueues: readonly Broken<Queue>[] = [
  {
    fault: 'speaks another contract',
    breaks: 'says its contract',
    make: broken(() => ({ contract: 'queue/2' as 'queue/1' })),
  },
  {
    fault: 'loses what was published before anybody consumed',
    breaks: 'delivers what was published before anybody consumed',
    limitMs: 500,
    make: broken(() => ({ publish: async () => undefined })),
  },
  {
    fault: 'delivers nothing',
    breaks: 'delivers what was published while somebody consumed',
    limitMs: 500,
    make: broken(() => ({ consume: NO_MESSAGES })),
  },
  {
    fault: 'keeps the object and not what it said',
    breaks: 'keeps the message as it was when it was published',
    limitMs: 500,
    make: broken((queue) => ({
      publish: async (name, message) => {
        queueMicrotask(() => setImmediate(() => void queue.publish(name, message)));
      },
    })),
  },
  {
    fault: 'takes whatever it is given',
    breaks: 'refuses what is not a task message',
    make: broken((queue) => ({ publish: (name, message) => queue.publish(name, message).catch(() => undefined) })),
  },
  {
    fault: 'publishes after an abort',
    breaks: 'rejects with the reason when the signal was aborted before',
    make: broken((queue) => ({ publish: (name, message) => queue.publish(name, message) })),
  },
  {
    fault: 'swallows messages after it was disposed',
    breaks: 'says queue_unavailable after it was disposed',
    make: broken((queue) => ({ publish: (name, message) => queue.publish(name, message).catch(() => undefined) })),
  },
  {
    fault: 'delivers again what was done',
    breaks: 'forgets a task when its handler answers done',
    make: broken((queue) => ({
      consume: (names, handler, limits) =>
        queue.consume(
          names,
          async (message, delivery) => {
            const said = await handler(message, delivery);
            return said === 'done' && delivery.attempt === 1 ? 'retry' : said;
          },
          limits,
        ),
    })),
  },
  {
    fault: 'takes retry for done',
    breaks: 'delivers again when the handler answers retry',
    limitMs: 500,
    make: brokenHandler((handler) => async (message, delivery) => {
      const said = await handler(message, delivery);
      return said === 'retry' ? 'done' : said;
    }),
  },
  {
    fault: 'does not count the attempts',
    breaks: 'and counts the attempts',
    make: brokenHandler((handler) => (message, delivery) => handler(message, { ...delivery, attempt: 1 })),
  },
  {
    fault: 'takes a throw for done',
    breaks: 'delivers again when the handler throws',
    limitMs: 500,
    make: brokenHandler((handler) => (message, delivery) => handler(message, delivery).catch(() => 'done' as const)),
  },
  {
    fault: 'counts what was passed',
    breaks: 'gives what a handler passes to another consumer',
    make: brokenHandler((handler) => async (message, delivery) => {
      const said = await handler(message, delivery);
      return said === 'pass' ? 'retry' : said;
    }),
  },
  {
    fault: 'gives what was passed to nobody else',
    breaks: 'gives what a handler passes to another consumer',
    limitMs: 500,
    make: brokenHandler((handler) => async (message, delivery) => {
      let said = await handler(message, delivery);
      while (said === 'pass') said = await handler(message, delivery);
      return said;
    }),
  },
  {
    fault: 'takes one message more than it may',
    breaks: 'and not one more',
    make: broken((queue) => ({
      consume: (names, handler, { concurrency }) => queue.consume(names, handler, { concurrency: concurrency + 1 }),
    })),
  },
  {
    fault: 'takes as many from each queue as from all together',
    breaks: 'and not one more',
    make: broken((queue) => ({
      consume: async (names, handler, limits) => {
        const consumers = await Promise.all(names.map((name) => queue.consume([name], handler, limits)));
        return {
          [Symbol.asyncDispose]: async () => void (await Promise.all(consumers.map((c) => c[Symbol.asyncDispose]()))),
        };
      },
    })),
  },
  {
    fault: 'takes one message at a time, however many it may',
    breaks: 'takes as many messages at a time as it may',
    limitMs: 500,
    make: broken((queue) => ({ consume: (names, handler) => queue.consume(names, handler, { concurrency: 1 }) })),
  },
  {
    fault: 'knows one queue only',
    breaks: 'takes nothing from a queue that was not named',
    limitMs: 500,
    make: broken((queue) => ({
      publish: (_name, message) => queue.publish('one', message),
      consume: (_names, handler, limits) => queue.consume(['one'], handler, limits),
    })),
  },
  {
    fault: 'gives each task to every consumer',
    breaks: 'gives each task to one of two consumers',
    make: (queue) => {
      const handlers: TaskHandler[] = [];
      return broken(() => ({
        consume: (names, handler, limits) => {
          handlers.push(handler);
          const all: TaskHandler = async (message, delivery) => {
            await Promise.all(handlers.map((one) => one(message, delivery)));
            return 'done';
          };
          return queue.consume(names, all, limits);
        },
      }))(queue);
    },
  },
  {
    fault: 'does not wait for the handler when a consumer is disposed',
    breaks: 'waits for the running handler when a consumer is disposed',
    make: broken((queue) => ({
      consume: async (...args) => {
        const consumer = await queue.consume(...args);
        return { [Symbol.asyncDispose]: async () => void consumer[Symbol.asyncDispose]() };
      },
    })),
  },
  {
    fault: 'goes on taking after a consumer was disposed',
    breaks: 'takes nothing more, and loses nothing',
    limitMs: 500,
    make: broken((queue) => ({
      consume: async (names, handler, limits) => {
        const running = new Set<Promise<unknown>>();
        await queue.consume(
          names,
          (...args) => {
            const answer = handler(...args);
            running.add(answer);
            return answer;
          },
          limits,
        );
        return { [Symbol.asyncDispose]: async () => void (await Promise.all(running)) };
      },
    })),
  },
  {
    fault: 'does not wait for handlers when it is disposed',
    breaks: 'waits for the running handlers when the queue itself is disposed',
    make: broken((queue) => ({ [Symbol.asyncDispose]: async () => void queue[Symbol.asyncDispose]() })),
  },
  {
    fault: 'loses the reason of a dead letter',
    breaks: 'makes a rejected task a dead letter at once',
    make: brokenHandler((handler) => async (message, delivery) => {
      const said = await handler(message, delivery);
      return typeof said === 'object' ? { reject: 'rejected' } : said;
    }),
  },
  {
    fault: 'tries a rejected task again',
    breaks: 'makes a rejected task a dead letter at once',
    make: brokenHandler((handler) => async (message, delivery) => {
      const said = await handler(message, delivery);
      return typeof said === 'object' && delivery.attempt < 2 ? 'retry' : said;
    }),
  },
  {
    fault: 'gives up too early',
    breaks: 'gives up after the limit of attempts',
    make: brokenHandler((handler) => async (message, delivery) => {
      const said = await handler(message, delivery);
      return said === 'retry' && delivery.attempt === 2 ? { reject: 'enough' } : said;
    }),
  },
  {
    fault: 'gives dead letters away when they are read',
    breaks: 'leaves them where they are',
    make: (queue) => {
      const read = new Map<string, number>();
      return broken(() => ({
        async *deadLetters(name) {
          const letters = await Array.fromAsync(queue.deadLetters(name));
          const times = (read.get(name) ?? 0) + 1;
          if (letters.length === 3) read.set(name, times);
          if (times <= 2) yield* letters;
        },
      }))(queue);
    },
  },
  {
    fault: 'takes names that others do not',
    breaks: 'takes names of up to 200 bytes',
    make: broken((queue) => ({
      publish: (name, message, options) => queue.publish(name.slice(0, 200) || 'nameless', message, options),
    })),
  },
  {
    fault: 'refuses names that others take',
    breaks: 'takes names of up to 200 bytes',
    make: broken((queue) => ({
      publish: async (name, message) => {
        if (name.length > 100) throw new AltsError('invalid_request', `queue: ${name} is too long`);
        await queue.publish(name, message);
      },
    })),
  },
  {
    fault: 'knows no priorities',
    breaks: 'delivers what is of high priority first',
    make: broken((queue) => ({ publish: (name, message) => queue.publish(name, message) })),
  },
  {
    fault: 'counts what waits as nothing',
    breaks: 'counts what waits',
    limitMs: 500,
    make: broken(() => ({ depth: async () => ({ waiting: 0, retrying: 0, dead: 0 }) })),
  },
  {
    fault: 'forgets a dead letter that it should put back',
    breaks: 'puts one back among the tasks',
    limitMs: 500,
    make: broken((queue) => ({ settleDeadLetter: (name, taskId) => queue.settleDeadLetter(name, taskId, 'remove') })),
  },
  {
    fault: 'takes out another dead letter than it is told',
    breaks: 'and removes another',
    make: broken((queue) => ({
      async settleDeadLetter(name, _taskId, how) {
        const [first] = await Array.fromAsync(queue.deadLetters(name));
        return queue.settleDeadLetter(name, first?.message?.taskId ?? '', how);
      },
    })),
  },
  {
    fault: 'lists dead letters newest first',
    breaks: 'lists them oldest first',
    make: broken((queue) => ({
      async *deadLetters(name) {
        yield* (await Array.fromAsync(queue.deadLetters(name))).toReversed();
      },
    })),
  },
];
