import type { Queue } from '@alts/sdk/plugin';
import { afterAll, describe, expect, it } from 'vitest';
import { memoryQueue } from '../../sdk/src/embedded/memory-queue.ts';
import type { Broken } from './proof/broken.fixture.ts';
import { brokenQueues } from './proof/broken-queues.fixture.ts';
import { RecordingFramework } from './proof/recording-framework.fixture.ts';
import { queueConformance } from './queue-conformance.ts';

queueConformance({
  name: 'memoryQueue',
  framework: { describe, it, afterAll },
  create: () => memoryQueue({ maxAttempts: 3 }),
  maxAttempts: 3,
});

describe('the suite for queues sees one that', () => {
  it.concurrent.each<Broken<Queue>>([...brokenQueues])('$fault', async ({ breaks, make, limitMs }) => {
    const framework = new RecordingFramework();
    queueConformance({
      name: 'a queue',
      framework,
      create: () => make(memoryQueue({ maxAttempts: 3 })),
      maxAttempts: 3,
    });
    const outcomes = await framework.run({ only: breaks, ...(limitMs && { limitMs }) });
    expect(outcomes.map(({ name }) => name)).toEqual([expect.stringContaining(breaks)]);
    expect(outcomes.filter(({ failure }) => failure)).toHaveLength(1);
  });
});
