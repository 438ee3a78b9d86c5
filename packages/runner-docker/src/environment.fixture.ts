import { randomUUID } from 'node:crypto';
import { type Environment, type Lease, Resources, type Runner, System } from '@alts/sdk/plugin';
import type { DockerOptionsInput } from './docker-options.ts';
import { dockerRunner } from './docker-runner.ts';

export function lease(): Lease {
  return {
    taskId: `runner-docker-${randomUUID()}`,
    owner: `runner-docker test ${process.pid}`,
    deadline: new Date(Date.now() + 3_600_000),
  };
}

export interface Provisioned extends AsyncDisposable {
  readonly runner: Runner;
  readonly environment: Environment;
}

/** An environment that goes with the block that made it. */
export async function provisioned(
  options: DockerOptionsInput = {},
  system = 'debian:12',
  resources: Partial<Resources> = {},
): Promise<Provisioned> {
  const runner = dockerRunner(options);
  const spec = { system: System.parse(system), resources: Resources.parse(resources) };
  const environment = await runner.provision(spec, { lease: lease() });
  // Another runner: this one may have lost its engine by then.
  return { runner, environment, [Symbol.asyncDispose]: () => dockerRunner().remove(environment.id) };
}

export const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

export async function printed(environment: Environment, script: string, ...args: string[]): Promise<string> {
  const { stdout } = await environment.exec(['sh', '-c', script, 'sh', ...args]);
  return text(stdout);
}
