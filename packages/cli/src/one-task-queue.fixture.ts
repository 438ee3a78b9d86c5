import { definePlugin, memoryQueue, parseRequest } from '@alts/sdk';
import { z } from 'zod';

/** A queue plugin in a file of its own: in memory, with one task in it, for a worker that is alone with it. */
// biome-ignore lint/style/noDefaultExport: what a plugin is
export default definePlugin({
  kind: 'queue',
  name: 'one-task',
  options: z.strictObject({}),
  create: async () => {
    const queue = memoryQueue();
    const request = parseRequest({ taskId: 'only', package: { name: 'hello' }, system: 'debian:12' });
    await queue.publish('waiting-x86_64-0', { schemaVersion: 1, taskId: 'only', request });
    return queue;
  },
});
