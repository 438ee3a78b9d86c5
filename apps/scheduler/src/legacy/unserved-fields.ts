import { AltsError } from '@alts/sdk/plugin';
import type { TaskPayload } from './task-payload.ts';

/** They choose among images of virtual machines: without them another system would be tested than was asked for. */
const OF_MACHINES = ['test_flavor', 'package_channel'] as const;

/**
 * Refuses what would make the test one of another system: containers have no flavors and no channels.
 * @param runner that the task is for
 * @throws {AltsError} `invalid_request`, with the name of the field
 */
export function assertServed(payload: TaskPayload, runner: string | undefined): void {
  if (runner !== 'docker') return;
  const field = OF_MACHINES.find((name) => payload[name] !== undefined);
  if (field === undefined) return;
  throw new AltsError(
    'invalid_request',
    `${field}: chooses an image of a virtual machine, and docker has none; leave it out, or name another runner_type`,
  );
}

/** Fields that ask for something that nobody does here, for the log. */
export function unservedFields(payload: TaskPayload): string[] {
  const fields = {
    test_flavor: payload.test_flavor !== undefined,
    package_channel: payload.package_channel !== undefined,
    vm_alive: payload.vm_alive,
    verbose: payload.verbose,
    module_name: payload.module_name !== undefined && payload.module_stream === undefined,
    module_stream: payload.module_stream !== undefined && payload.module_name === undefined,
  };
  return Object.entries(fields).flatMap(([name, asked]) => (asked ? [name] : []));
}
