import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import {
  type Environment,
  type Lease,
  type ProvisionContext,
  Resources,
  type Runner,
  type System,
} from '@alts/sdk/plugin';
import { collect } from '../expectations.ts';
import type { Case } from '../framework.ts';

export type RunnerCase = Case<RunnerBench>;

interface BenchOptions {
  readonly create: () => Runner | Promise<Runner>;
  readonly system: System;
  readonly otherUser: string;
  readonly scratch: string;
}

/** The runner that is tried, and whatever was made of it: all goes at the end, whichever cases failed. */
export class RunnerBench {
  readonly system: System;
  readonly otherUser: string;
  readonly #create: BenchOptions['create'];
  readonly #scratch: string;
  readonly #made = new Set<string>();
  #runner: Promise<Runner> | undefined;
  #shared: Promise<Environment> | undefined;

  constructor({ create, system, otherUser, scratch }: BenchOptions) {
    this.#create = create;
    this.system = system;
    this.otherUser = otherUser;
    this.#scratch = scratch;
  }

  runner(): Promise<Runner> {
    this.#runner ??= this.anotherRunner();
    return this.#runner;
  }

  async anotherRunner(): Promise<Runner> {
    return await this.#create();
  }

  /** The environment that most cases use; what one leaves in it must not matter to another. */
  shared(): Promise<Environment> {
    this.#shared ??= this.provision();
    return this.#shared;
  }

  /** A path in the system that nobody else uses; nothing is there yet. */
  path(name = 'file'): string {
    return `${this.#scratch}/conformance-${randomUUID()}-${name}`;
  }

  lease(): Lease {
    return {
      taskId: `conformance-${randomUUID()}`,
      owner: `conformance ${process.pid}`,
      deadline: new Date(Date.now() + 3_600_000),
    };
  }

  async provision(context: Partial<ProvisionContext> & { readonly system?: System } = {}): Promise<Environment> {
    const { system = this.system, lease = this.lease(), ...others } = context;
    const runner = await this.runner();
    const environment = await runner.provision({ system, resources: Resources.parse({}) }, { ...others, lease });
    this.#made.add(environment.id);
    return environment;
  }

  async remove({ id }: { readonly id: string }): Promise<void> {
    await (await this.runner()).remove(id);
    this.#made.delete(id);
  }

  /** Ids of what the backend lists for that task. */
  async listed(lease: Lease): Promise<string[]> {
    const entries = await collect((await this.runner()).list());
    return entries.filter((entry) => entry.lease.taskId === lease.taskId).map(({ id }) => id);
  }

  async close(): Promise<void> {
    if (this.#made.size === 0) return;
    const runner = await this.runner();
    await Promise.all([...this.#made].map((id) => runner.remove(id)));
  }
}

/** Runs a script with arguments inside, and gives what it printed; a script that fails fails the case. */
export async function shell(environment: Environment, script: string, ...args: readonly string[]): Promise<string> {
  const { end, stdout, stderr } = await environment.exec(['sh', '-ec', script, 'sh', ...args]);
  const said = `${script} ends with ${JSON.stringify(end)}: ${Buffer.from(stderr).toString()}`;
  assert.deepEqual(end, { type: 'exit', code: 0 }, said);
  return Buffer.from(stdout).toString();
}

/** How many processes inside have that argument; a zombie has none. */
export async function processesWith(environment: Environment, argument: string): Promise<number> {
  // Some are gone before they are read: that is no failure.
  const { stdout } = await environment.exec(['sh', '-c', 'cat /proc/[0-9]*/cmdline'], { keepBytes: 4_000_000 });
  const found = Buffer.from(stdout).toString().split('\0');
  assert.ok(found.includes('cat /proc/[0-9]*/cmdline'), 'the processes of the environment cannot be read');
  return found.filter((one) => one === argument).length;
}

/** An argument for sleep(1) that is like no other, so that its processes can be told. */
export function uniqueSeconds(): string {
  return `86${String(Math.floor(Math.random() * 1e9)).padStart(9, '0')}`;
}
