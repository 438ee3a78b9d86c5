import { randomUUID } from 'node:crypto';
import type { Queue } from '@alts/sdk/plugin';
import { CASE_TIMEOUT_MS, type TestFramework } from './framework.ts';
import { consumingCases } from './queue/consuming-cases.ts';
import { deadLetterCases } from './queue/dead-letter-cases.ts';
import { publishingCases } from './queue/publishing-cases.ts';
import type { QueueCase } from './queue/queue-subject.ts';

export interface QueueConformanceOptions {
  readonly name: string;
  readonly framework: TestFramework;
  /** Called once for each case; what it gives is disposed by the suite. Queues are named `conformance-…`. */
  readonly create: () => Queue | Promise<Queue>;
  /** After how many deliveries a task of these queues is a dead letter; at least 2. */
  readonly maxAttempts: number;
}

const GROUPS: Readonly<Record<string, readonly QueueCase[]>> = {
  publishing: publishingCases,
  consuming: consumingCases,
  'dead letters': deadLetterCases,
};

/** Proves that a queue keeps the contract `queue/1`. */
export function queueConformance({ name, framework, create, maxAttempts }: QueueConformanceOptions): void {
  const test = ({ name: sentence, run }: QueueCase) =>
    framework.it(
      sentence,
      async () => {
        const queue = await create();
        try {
          await run({ queue, maxAttempts, queueName: (suffix = 'a') => `conformance-${randomUUID()}-${suffix}` });
        } finally {
          await queue[Symbol.asyncDispose]();
        }
      },
      CASE_TIMEOUT_MS,
    );
  framework.describe(`${name} keeps queue/1`, () => {
    for (const [group, cases] of Object.entries(GROUPS)) framework.describe(group, () => cases.forEach(test));
  });
}
