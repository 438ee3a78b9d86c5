import { definePlugin, memoryBroadcast } from '@alts/sdk';
import { z } from 'zod';

/** A broadcast plugin in a file of its own, that nobody else hears. */
// biome-ignore lint/style/noDefaultExport: what a plugin is
export default definePlugin({
  kind: 'broadcast',
  name: 'memory',
  options: z.strictObject({}),
  create: () => memoryBroadcast(),
});
