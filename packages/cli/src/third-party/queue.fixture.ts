import { definePlugin, memoryQueue, parseRequest } from '@alts/sdk';
import { z } from 'zod';

/** A queue plugin in a file of its own, which has one task from the start. */
const options = z.strictObject({ at: z.string(), taskId: z.string(), package: z.string(), system: z.string() });

// biome-ignore lint/style/noDefaultExport: what a plugin is
export default definePlugin({
  kind: 'queue',
  name: 'one-task',
  options,
  async create({ at, taskId, package: name, system }) {
    const queue = memoryQueue();
    const request = parseRequest({ taskId, package: { name }, system });
    await queue.publish(at, { schemaVersion: 1, taskId, request });
    return queue;
  },
});
