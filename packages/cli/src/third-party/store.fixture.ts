import { definePlugin, directoryStore } from '@alts/sdk';
import { z } from 'zod';

/** A store plugin in a file of its own. */
// biome-ignore lint/style/noDefaultExport: what a plugin is
export default definePlugin({
  kind: 'result-store',
  name: 'shelf',
  options: z.strictObject({ shelf: z.string().min(1) }),
  create: ({ shelf }) => directoryStore(shelf),
});
