import { definePlugin, directoryStore } from '@alts/sdk';
import { z } from 'zod';

/** Results in a directory: of one machine, or one that all machines have. */
const DirectoryOptions = z.strictObject({ path: z.string().min(1) });

export default definePlugin({
  kind: 'result-store',
  name: 'directory',
  options: DirectoryOptions,
  create: ({ path }) => directoryStore(path),
});
