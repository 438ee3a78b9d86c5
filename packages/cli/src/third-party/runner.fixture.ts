import { definePlugin } from '@alts/sdk';
import { z } from 'zod';
import { createRunner } from '../container.ts';

/** A runner plugin in a file of its own: Docker under another name, with an option of its own. */
// biome-ignore lint/style/noDefaultExport: what a plugin is
export default definePlugin({
  kind: 'runner',
  name: 'small',
  options: z.strictObject({ megabytes: z.int() }),
  async create({ megabytes }) {
    const docker = await createRunner({ runner: 'docker', runnerOpt: [`memoryMiB=${megabytes}`] });
    return Object.assign(docker, { name: 'small' });
  },
});
