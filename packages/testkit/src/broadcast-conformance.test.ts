import type { Broadcast, TaskEvent } from '@alts/sdk/plugin';
import { afterAll, describe, expect, it } from 'vitest';
import { memoryBroadcast } from '../../sdk/src/embedded/memory-broadcast.ts';
import { broadcastConformance } from './broadcast-conformance.ts';
import type { Broken } from './proof/broken.fixture.ts';
import { RecordingFramework } from './proof/recording-framework.fixture.ts';

broadcastConformance({ name: 'memoryBroadcast', framework: { describe, it, afterAll }, create: memoryBroadcast });

function broken(change: (right: Broadcast) => Partial<Broadcast>): (right: Broadcast) => Broadcast {
  return (right) => ({
    contract: right.contract,
    emit: (event) => right.emit(event),
    on: (taskId, listener) => right.on(taskId, listener),
    onAll: (listener) => right.onAll(listener),
    [Symbol.asyncDispose]: () => right[Symbol.asyncDispose](),
    ...change(right),
  });
}

/** As one would write it in five lines: everything at once, and no fence between listeners. */
function direct(): Broadcast {
  const listeners = new Map<string, ((event: TaskEvent) => void)[]>();
  return {
    contract: 'broadcast/1',
    emit: (event) => {
      if (event.kind !== 'worker') listeners.get(event.taskId)?.forEach((listener) => void listener(event));
    },
    on: (taskId, listener) => {
      listeners.set(taskId, [...(listeners.get(taskId) ?? []), listener]);
      return { [Symbol.asyncDispose]: async () => undefined };
    },
    onAll: () => ({ [Symbol.asyncDispose]: async () => undefined }),
    [Symbol.asyncDispose]: async () => undefined,
  };
}

const variants: readonly Broken<Broadcast>[] = [
  {
    fault: 'speaks another contract',
    breaks: 'says its contract',
    make: broken(() => ({ contract: 'broadcast/2' as 'broadcast/1' })),
  },
  {
    fault: 'changes an event on its way',
    breaks: 'brings a whole event',
    make: broken((right) => ({
      on: (taskId, listener) =>
        right.on(taskId, (event) => listener(event.kind === 'test' ? { ...event, attempt: 1 } : event)),
    })),
  },
  {
    fault: 'lets later events overtake',
    breaks: 'keeps the order of emission',
    make: broken((right) => ({
      emit: (event) => {
        const late = event.kind === 'cancel' && event.reason === 'event 7';
        if (late) queueMicrotask(() => right.emit(event));
        else right.emit(event);
      },
    })),
  },
  {
    fault: 'tells everybody everything',
    breaks: 'and none of another task',
    make: (right) => {
      const taskIds = new Set<string>();
      return broken(() => ({
        on: (taskId, listener) => {
          taskIds.add(taskId);
          return right.on(taskId, listener);
        },
        emit: (event) => {
          if (event.kind === 'worker') right.emit(event);
          else for (const taskId of taskIds) right.emit({ ...event, taskId });
        },
      }))(right);
    },
  },
  {
    fault: 'tells who listened to all, and left',
    breaks: 'tells who listens to all of every task',
    make: broken((right) => ({
      onAll: (listener) => {
        right.onAll(listener);
        return { [Symbol.asyncDispose]: async () => undefined };
      },
    })),
  },
  {
    fault: 'keeps what workers say of themselves to itself',
    breaks: 'tells who listens to all what workers say',
    limitMs: 500,
    make: broken((right) => ({ emit: (event) => event.kind !== 'worker' && right.emit(event) })),
  },
  { fault: 'runs listeners within emit', breaks: 'returns from emit before any listener runs', make: direct },
  { fault: 'throws what a listener throws', breaks: 'lets a listener that throws hurt nobody', make: direct },
  { fault: 'tells a listener that is gone', breaks: 'tells a listener nothing after it was disposed', make: direct },
  { fault: 'hands on whatever it is given', breaks: 'drops what is not an event', make: direct },
  {
    fault: 'throws when it was disposed',
    breaks: 'does not throw when emitting after it was disposed',
    make: broken(() => ({
      emit: () => {
        throw new Error('disposed');
      },
    })),
  },
];

describe('the suite for broadcasts sees one that', () => {
  it.concurrent.each<Broken<Broadcast>>([...variants])('$fault', async ({ breaks, make, limitMs }) => {
    const framework = new RecordingFramework();
    broadcastConformance({ name: 'a broadcast', framework, create: () => make(memoryBroadcast()) });
    const outcomes = await framework.run({ only: breaks, ...(limitMs && { limitMs }) });
    expect(outcomes.map(({ name }) => name)).toEqual([expect.stringContaining(breaks)]);
    expect(outcomes.filter(({ failure }) => failure)).toHaveLength(1);
  });
});
