import { runnerConformance } from '@alts/testkit';
import { afterAll, describe, it } from 'vitest';
import { dockerRunner } from './docker-runner.ts';

for (const system of ['debian:11', 'debian:12', 'debian:13']) {
  runnerConformance({
    name: `docker with ${system}`,
    framework: { describe, it, afterAll },
    create: () => dockerRunner(),
    system,
  });
}
