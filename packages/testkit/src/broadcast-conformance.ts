import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Broadcast, BroadcastEvent, TaskEvent } from '@alts/sdk/plugin';
import { eventually, within } from './expectations.ts';
import { CASE_TIMEOUT_MS, type Case, type TestFramework } from './framework.ts';

export interface BroadcastConformanceOptions {
  readonly name: string;
  readonly framework: TestFramework;
  /** Called once for each case; what it gives is disposed by the suite. */
  readonly create: () => Broadcast | Promise<Broadcast>;
}

const aTaskId = () => `conformance-${randomUUID()}`;
const cancel = (taskId: string, reason: string): TaskEvent => ({ kind: 'cancel', taskId, reason });
const reasonOf = (event: BroadcastEvent) => (event.kind === 'cancel' ? event.reason : event.kind);
const PROBE = 'probe';

/** Listens, and waits until events really arrive: a backend may need a moment to subscribe, and loses what came before. */
async function listen(broadcast: Broadcast, taskId: string, listener?: (event: TaskEvent) => void) {
  return listenBy((own) => broadcast.on(taskId, own), { broadcast, taskId, listener });
}

async function listenBy(
  subscribe: (listener: (event: BroadcastEvent) => void) => AsyncDisposable,
  {
    broadcast,
    taskId,
    listener = () => undefined,
  }: { broadcast: Broadcast; taskId: string; listener?: ((event: TaskEvent) => void) | undefined },
) {
  const heard: string[] = [];
  let ready = false;
  const subscription = subscribe((event) => {
    if (reasonOf(event) === PROBE) {
      ready = true;
      return;
    }
    heard.push(reasonOf(event));
    if (event.kind !== 'worker') listener(event);
  });
  await eventually('the first event', async () => {
    if (!ready) broadcast.emit(cancel(taskId, PROBE));
    await new Promise((resolve) => setImmediate(resolve));
    return ready;
  });
  return { heard, subscription };
}

async function untilHeard(heard: readonly string[], reason: string): Promise<void> {
  await eventually(`the event ${reason}`, async () => heard.includes(reason));
}

const CASES: readonly Case<Broadcast>[] = [
  {
    name: 'says its contract',
    run: async (broadcast) => assert.equal(broadcast.contract, 'broadcast/1'),
  },
  {
    name: 'brings a whole event to the listener of its task',
    run: async (broadcast) => {
      const taskId = aTaskId();
      const got = Promise.withResolvers<TaskEvent>();
      await listen(broadcast, taskId, got.resolve);
      const event: TaskEvent = {
        kind: 'test',
        taskId,
        attempt: 2,
        event: { type: 'verdict', verdict: 'passed', taskId, sequence: 7, at: '2026-01-02T03:04:05.678Z' },
      };
      broadcast.emit(event);
      assert.deepEqual(await within('the event', got.promise), event);
    },
  },
  {
    name: 'keeps the order of emission',
    run: async (broadcast) => {
      const taskId = aTaskId();
      const { heard } = await listen(broadcast, taskId);
      const reasons = Array.from({ length: 200 }, (_, index) => `event ${index}`);
      for (const reason of reasons) broadcast.emit(cancel(taskId, reason));
      await untilHeard(heard, 'event 199');
      assert.deepEqual(heard, reasons);
    },
  },
  {
    name: 'tells every listener of a task, and none of another task',
    run: async (broadcast) => {
      const [mine, theirs] = [aTaskId(), aTaskId()];
      const [first, second, stranger] = [
        await listen(broadcast, mine),
        await listen(broadcast, mine),
        await listen(broadcast, theirs),
      ];
      broadcast.emit(cancel(mine, 'for mine'));
      broadcast.emit(cancel(theirs, 'for theirs'));
      await untilHeard(first.heard, 'for mine');
      await untilHeard(second.heard, 'for mine');
      await untilHeard(stranger.heard, 'for theirs');
      assert.deepEqual([first.heard, second.heard, stranger.heard], [['for mine'], ['for mine'], ['for theirs']]);
    },
  },
  {
    name: 'tells who listens to all of every task, until they are disposed',
    run: async (broadcast) => {
      const [one, other] = [aTaskId(), aTaskId()];
      const all = await listenBy((own) => broadcast.onAll(own), { broadcast, taskId: one });
      const { heard } = await listen(broadcast, other);
      broadcast.emit(cancel(one, 'of one'));
      broadcast.emit(cancel(other, 'of the other'));
      await untilHeard(all.heard, 'of one');
      await untilHeard(all.heard, 'of the other');
      await all.subscription[Symbol.asyncDispose]();
      broadcast.emit(cancel(other, 'afterwards'));
      await untilHeard(heard, 'afterwards');
      assert.deepEqual(all.heard.toSorted(), ['of one', 'of the other']);
    },
  },
  {
    name: 'tells who listens to all what workers say of themselves, and nobody else',
    run: async (broadcast) => {
      const taskId = aTaskId();
      const { heard } = await listen(broadcast, taskId);
      const all: BroadcastEvent[] = [];
      // What was sent to find out whether anybody listens may come late.
      broadcast.onAll((event) => reasonOf(event) !== PROBE && all.push(event));
      const at = '2026-01-02T03:04:05.678Z';
      const state = {
        name: 'w',
        queues: ['q'],
        concurrency: 1,
        running: [],
        refuses: null,
        spooled: 0,
        startedAt: at,
        at,
      };
      await eventually('what a worker says', async () => {
        broadcast.emit({ kind: 'worker', state });
        await new Promise((resolve) => setImmediate(resolve));
        return all.length > 0;
      });
      assert.deepEqual(all[0], { kind: 'worker', state });
      broadcast.emit(cancel(taskId, 'afterwards'));
      await untilHeard(heard, 'afterwards');
      assert.deepEqual(heard, ['afterwards']);
    },
  },
  {
    name: 'returns from emit before any listener runs',
    run: async (broadcast) => {
      const taskId = aTaskId();
      const { heard } = await listen(broadcast, taskId);
      broadcast.emit(cancel(taskId, 'later'));
      assert.deepEqual(heard, [], 'a listener ran within emit, so a slow one would hold it up');
      await untilHeard(heard, 'later');
    },
  },
  {
    name: 'lets a listener that throws hurt nobody else, and tells it of the next event',
    run: async (broadcast) => {
      const taskId = aTaskId();
      const throwing = await listen(broadcast, taskId, () => {
        throw new Error('broken listener');
      });
      const { heard } = await listen(broadcast, taskId);
      broadcast.emit(cancel(taskId, 'one'));
      broadcast.emit(cancel(taskId, 'two'));
      await untilHeard(heard, 'two');
      await untilHeard(throwing.heard, 'two');
      assert.deepEqual(
        [heard, throwing.heard],
        [
          ['one', 'two'],
          ['one', 'two'],
        ],
      );
    },
  },
  {
    name: 'tells a listener nothing after it was disposed, and the others still',
    run: async (broadcast) => {
      const taskId = aTaskId();
      const [gone, still] = [await listen(broadcast, taskId), await listen(broadcast, taskId)];
      await gone.subscription[Symbol.asyncDispose]();
      broadcast.emit(cancel(taskId, 'afterwards'));
      await untilHeard(still.heard, 'afterwards');
      assert.deepEqual(gone.heard, []);
    },
  },
  {
    name: 'drops what is not an event without throwing',
    run: async (broadcast) => {
      const taskId = aTaskId();
      const { heard } = await listen(broadcast, taskId);
      const broken: unknown = { kind: 'cancel', taskId };
      broadcast.emit(broken as TaskEvent);
      broadcast.emit(cancel(taskId, 'a good one'));
      await untilHeard(heard, 'a good one');
      assert.deepEqual(heard, ['a good one']);
    },
  },
  {
    name: 'does not throw when emitting after it was disposed',
    run: async (broadcast) => {
      await broadcast[Symbol.asyncDispose]();
      broadcast.emit(cancel(aTaskId(), 'too late'));
    },
  },
];

/** Proves that a broadcast keeps the contract `broadcast/1`. */
export function broadcastConformance({ name, framework, create }: BroadcastConformanceOptions): void {
  framework.describe(`${name} keeps broadcast/1`, () => {
    for (const { name: sentence, run } of CASES) {
      const body = async () => {
        const broadcast = await create();
        try {
          await run(broadcast);
        } finally {
          await broadcast[Symbol.asyncDispose]();
        }
      };
      framework.it(sentence, body, CASE_TIMEOUT_MS);
    }
  });
}
