import { AltsError, definePlugin } from '@alts/sdk/plugin';
import { z } from 'zod';

/** Makes no environment and says so at once: what is left of a test is what the fleet itself costs. */
// biome-ignore lint/style/noDefaultExport: what a plugin is
export default definePlugin({
  kind: 'runner',
  name: 'noop',
  options: z.strictObject({}),
  create: () => ({
    contract: 'runner/1' as const,
    name: 'noop',
    traits: new Set(['container'] as const),
    provision: async () => {
      throw new AltsError('not_supported', 'this runner makes nothing');
    },
    async *list() {},
    remove: async () => {},
    probe: async () => 'is there',
  }),
});
