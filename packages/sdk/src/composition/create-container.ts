import 'reflect-metadata';
import { type DependencyContainer, container as globalContainer, instanceCachingFactory } from 'tsyringe';
import { checkers } from '../checkers/index.ts';
import { AltsError } from '../contracts/errors.ts';
import { directoryStore } from '../embedded/directory-store.ts';
import type { EngineParts } from '../engine/plan.ts';
import { packageManagers } from '../package-managers/index.ts';
import { junit } from '../reporters/junit.ts';
import { testSuites } from './test-suites.ts';
import { TOKENS } from './tokens.ts';

/** Where results go when nobody says otherwise: a directory below the current one. */
export const DEFAULT_RESULTS = 'alts-results';

/**
 * A container of its own with everything but a runner in it: never the global one, so that two systems composed
 * differently live side by side in one process. Register your own part under a token of {@link TOKENS} to replace it.
 */
export function createContainer(): DependencyContainer {
  const own = globalContainer.createChildContainer();
  own.register(TOKENS.resultStore, { useFactory: instanceCachingFactory(() => directoryStore(DEFAULT_RESULTS)) });
  own.register(TOKENS.packageManagers, { useValue: packageManagers });
  own.register(TOKENS.checkers, { useValue: checkers });
  own.register(TOKENS.suites, { useValue: testSuites });
  own.register(TOKENS.reportArtifacts, {
    useValue: [{ name: 'junit.xml', render: (report) => junit([report]) }],
  });
  return own;
}

/**
 * Takes all that the engine needs out of a container: the only place where `resolve` is called for it.
 * @throws {AltsError} `invalid_request` when no runner is registered
 */
export function resolveParts(from: DependencyContainer): EngineParts {
  if (!from.isRegistered(TOKENS.runner, true)) {
    throw new AltsError(
      'invalid_request',
      'options.runner: no runner was given; pass one, such as dockerRunner() of @alts/runner-docker',
    );
  }
  return {
    runner: from.resolve(TOKENS.runner),
    store: from.resolve(TOKENS.resultStore),
    packageManagers: from.resolve(TOKENS.packageManagers),
    checkers: from.resolve(TOKENS.checkers),
    reportArtifacts: from.resolve(TOKENS.reportArtifacts),
    suites: from.resolve(TOKENS.suites),
  };
}
