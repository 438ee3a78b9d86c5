import { createFromPlugin } from '@alts/sdk/plugin';
import { runnerConformance } from '@alts/testkit';
import { afterAll, describe, it } from 'vitest';
import plugin from './index.ts';

runnerConformance({
  name: 'the example docker-cli',
  framework: { describe, it, afterAll },
  create: () => createFromPlugin('runner', plugin, {}, 'docker-cli'),
  system: 'debian:12',
});
