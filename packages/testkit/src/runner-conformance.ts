import { type Runner, System } from '@alts/sdk/plugin';
import { CASE_TIMEOUT_MS, type TestFramework } from './framework.ts';
import { RunnerBench, type RunnerCase } from './runner/bench.ts';
import { execEndCases } from './runner/exec-end-cases.ts';
import { execInputCases } from './runner/exec-input-cases.ts';
import { execOutputCases } from './runner/exec-output-cases.ts';
import { execStopCases } from './runner/exec-stop-cases.ts';
import { isolationCases } from './runner/isolation-cases.ts';
import { leaseCases } from './runner/lease-cases.ts';
import { lossCases } from './runner/loss-cases.ts';
import { provisionCases } from './runner/provision-cases.ts';
import { readCases } from './runner/read-cases.ts';
import { traitCases } from './runner/trait-cases.ts';
import { writeCases } from './runner/write-cases.ts';

export interface RunnerConformanceOptions {
  readonly name: string;
  readonly framework: TestFramework;
  /** Called more than once: each runner must see on the backend what another one made. */
  readonly create: () => Runner | Promise<Runner>;
  /** One that the backend has, or can get: `debian:12`. */
  readonly system: string;
  /** Another user than root that the system has; default `nobody`. */
  readonly otherUser?: string;
  /** A directory of the system that takes files for a while; default `/var/tmp`. */
  readonly scratch?: string;
}

const GROUPS: Readonly<Record<string, readonly RunnerCase[]>> = {
  contract: traitCases,
  provision: provisionCases,
  'list and remove': leaseCases,
  'a clean system of its own': isolationCases,
  'exec: what goes in': execInputCases,
  'exec: what comes out': execOutputCases,
  'exec: how it ends': execEndCases,
  'exec: time limit and abort': execStopCases,
  read: readCases,
  write: writeCases,
  'when the environment is gone': lossCases,
};

/**
 * Proves that a runner and its environments keep the contract `runner/1`: what it claims by its traits it must do,
 * and what it does not claim must not be there. Most cases share one environment; it is removed at the end.
 */
export function runnerConformance(options: RunnerConformanceOptions): void {
  const { name, framework, create, otherUser = 'nobody', scratch = '/var/tmp' } = options;
  const bench = new RunnerBench({ create, system: System.parse(options.system), otherUser, scratch });
  framework.describe(`${name} keeps runner/1`, () => {
    for (const [group, cases] of Object.entries(GROUPS)) {
      framework.describe(group, () => {
        for (const { name: sentence, run } of cases) framework.it(sentence, () => run(bench), CASE_TIMEOUT_MS);
      });
    }
    framework.afterAll(() => bench.close(), CASE_TIMEOUT_MS);
  });
}
