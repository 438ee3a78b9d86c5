import type { DependencyContainer } from 'tsyringe';
import type { Exclusions } from '../contracts/exclusions.ts';
import type { TestReport } from '../contracts/report.ts';
import type { TestRequestInput } from '../contracts/request.ts';
import type { ResultStore } from '../contracts/result-store.ts';
import type { Runner } from '../contracts/runner.ts';
import { type EngineParts, plan, type TestOptions } from '../engine/plan.ts';
import { runTestWith } from '../engine/run-test.ts';
import { createContainer, resolveParts } from './create-container.ts';
import { loadExclusions } from './load-exclusions.ts';
import { TOKENS } from './tokens.ts';

export interface RunTestOptions extends Omit<TestOptions, 'exclusions'> {
  /** An exclusion document: the path of a file, an http(s) URL, or what `loadExclusions` has made of one. */
  readonly exclusions?: string | Exclusions | undefined;
  /** Makes the environment. Required here or in `container`. */
  readonly runner?: Runner | undefined;
  /** Keeps logs and report. Default: the directory `alts-results` below the current one. */
  readonly store?: ResultStore | undefined;
  /** A container from {@link createContainer} with parts replaced; `runner` and `store` go before what is in it. */
  readonly container?: DependencyContainer | undefined;
}

/**
 * Tests one package on one clean system: starts an environment, installs the package, checks what it put on the disk,
 * removes it again, and reports a verdict with the evidence.
 *
 * Never throws for a package or an infrastructure that fails: that is the report's `verdict` and `error`.
 *
 * @throws {AltsError} `invalid_request` or `invalid_plugin`, before anything starts
 * @example
 * ```ts
 * import { runTest } from '@alts/sdk';
 * import { dockerRunner } from '@alts/runner-docker';
 *
 * const report = await runTest({ package: { name: 'hello' }, system: 'debian:12' }, { runner: dockerRunner() });
 * console.log(report.verdict);
 * ```
 */
export async function runTest(request: TestRequestInput, options: RunTestOptions): Promise<TestReport> {
  const { runner, store, container, ...rest } = options;
  return runTestWith(partsOf({ runner, store, container }), request, await resolved(rest));
}

/**
 * Finds what is wrong with a request, as {@link runTest} would, and starts nothing: for callers who want to know of
 * many requests before the first of them runs.
 * @throws {AltsError} `invalid_request` or `invalid_plugin`
 */
export async function checkRequest(request: TestRequestInput, options: RunTestOptions): Promise<void> {
  await plan(request, partsOf(options), await resolved(options));
}

/** A test that is cancelled meanwhile goes on to its report, which says so. */
async function resolved(options: Omit<RunTestOptions, 'runner' | 'store' | 'container'>): Promise<TestOptions> {
  const { exclusions, ...rest } = options;
  if (typeof exclusions !== 'string') return { ...rest, exclusions };
  try {
    return { ...rest, exclusions: await loadExclusions(exclusions, { signal: options.signal }) };
  } catch (error) {
    if (options.signal?.aborted) return rest;
    throw error;
  }
}

function partsOf({ runner, store, container }: RunTestOptions): EngineParts {
  const composed = (container ?? createContainer()).createChildContainer();
  if (runner) composed.register(TOKENS.runner, { useValue: runner });
  if (store) composed.register(TOKENS.resultStore, { useValue: store });
  return resolveParts(composed);
}
