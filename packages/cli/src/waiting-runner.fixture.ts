import { definePlugin } from '@alts/sdk/plugin';
import { z } from 'zod';

/**
 * A runner plugin in a file of its own, for what the command does around tests: its environments never start, so that a
 * test waits until it is interrupted (a deaf one even then); one abandoned environment and one in use are there to be reaped.
 */
const options = z.strictObject({
  deaf: z.boolean().default(false),
  silent: z.boolean().default(false),
  name: z.string().default('waiting'),
});

// biome-ignore lint/style/noDefaultExport: what a plugin is
export default definePlugin({
  kind: 'runner',
  name: 'waiting',
  options,
  create: ({ deaf, silent, name }) => ({
    contract: 'runner/1' as const,
    name,
    traits: new Set(['container'] as const),
    knows: ({ distribution }) => distribution === 'waiting',
    provision: (_spec, { signal, onProgress }) =>
      new Promise((_, reject) => {
        onProgress?.('waiting');
        // A pending promise alone would not keep the process alive.
        const alive = setInterval(() => {}, 60_000);
        if (deaf) return;
        const onAbort = (): void => {
          clearInterval(alive);
          reject(signal?.reason);
        };
        if (signal?.aborted) onAbort();
        else signal?.addEventListener('abort', onAbort, { once: true });
      }),
    async *list() {
      yield { id: 'old', lease: { taskId: 'task-1', owner: 'gone', deadline: new Date(0) } };
      yield { id: 'new', lease: { taskId: 'task-2', owner: 'unknown', deadline: new Date(Date.now() + 86_400_000) } };
    },
    remove: async () => {},
    probe: () => (silent ? new Promise<never>(() => {}) : Promise.resolve('waits')),
  }),
});
