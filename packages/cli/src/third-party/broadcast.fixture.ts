import { definePlugin, memoryBroadcast } from '@alts/sdk';
import { z } from 'zod';

/** A broadcast plugin in a file of its own. */
// biome-ignore lint/style/noDefaultExport: what a plugin is
export default definePlugin({
  kind: 'broadcast',
  name: 'here',
  options: z.strictObject({ loud: z.boolean() }),
  create: () => memoryBroadcast(),
});
