import { AltsError, describeZodError, parseRequest, SuiteSpec, type TestRequest, Timeouts } from '@alts/sdk/plugin';
import type { TestCommandOptions } from './commands/test.ts';
import { parseDuration } from './parse-duration.ts';
import { parseLifecycle } from './parse-lifecycle.ts';
import { parsePairs } from './parse-pairs.ts';
import { parseTarget } from './parse-target.ts';
import { baselineVersion } from './read-baseline.ts';
import type { ReadConfiguration } from './test-configuration.ts';

const refuse = (message: string): AltsError => new AltsError('invalid_request', message);

/**
 * A request for each system of the command line, all of them checked: one that is wrong refuses them all.
 * @throws {AltsError} `invalid_request`
 */
export function testRequests(
  target: string,
  options: TestCommandOptions,
  configuration: ReadConfiguration['fields'] = {},
): TestRequest[] {
  if (options.on === undefined) throw refuse('--on is missing: say on which system to test, such as --on debian:12');
  const common = {
    package: parseTarget(target),
    repositories: (options.repo ?? []).map((text) => parseJsonOr(text, '--repo')),
    timeoutsMs: parseTimeouts(options.timeout ?? []),
    recommends: options.recommends ?? false,
    allow: parseAllow(options.allow ?? []),
    ...(options.module === undefined ? {} : { module: parseModule(options.module) }),
    tests: parseSuites(options.tests ?? [], options.env ?? []),
    ...(options.lifecycle === undefined ? {} : { lifecycle: parseLifecycle(options.lifecycle) }),
    ...configuration,
    ...baselineVersion(options.baseline),
  };
  return options.on.map((system) => parseRequest({ ...common, system }));
}

/** How many tests run side by side. */
export function parseJobs(text: string | undefined, systems: number, cpus: number): number {
  if (text === undefined) return Math.max(1, Math.min(systems, cpus));
  const jobs = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (jobs < 1) throw refuse(`--jobs: ${JSON.stringify(text)} is not a number from 1 to 9999`);
  return jobs;
}

function parseAllow(words: readonly string[]): Record<string, true> {
  const wrong = words.find((word) => word !== 'downgrade' && word !== 'erasing');
  if (wrong !== undefined) throw refuse(`--allow: ${JSON.stringify(wrong)} is neither "downgrade" nor "erasing"`);
  return Object.fromEntries(words.map((word) => [word, true]));
}

function parseModule(text: string): { name: string; stream: string } {
  const [, name, stream] = /^([^:]+):([^:]+)$/.exec(text) ?? [];
  if (name === undefined || stream === undefined) {
    throw refuse(`--module: ${JSON.stringify(text)} is not <name>:<stream>, such as nodejs:20`);
  }
  return { name, stream };
}

/** A line as it is; an object as JSON. */
function parseJsonOr(text: string, option: string): unknown {
  if (!text.trimStart().startsWith('{')) return text;
  try {
    return JSON.parse(text);
  } catch {
    // Not even quoted: there may be a password in it.
    throw refuse(`${option}: starts with "{" and is not JSON`);
  }
}

/** A line as it is, an object as JSON; each gets the variables of `--env`. */
function parseSuites(texts: readonly string[], variables: readonly string[]): SuiteSpec[] {
  const environment = parsePairs(variables, '--env', '<name>=<value>, such as LANG=de_DE.UTF-8');
  if (texts.length === 0 && variables.length > 0) throw refuse('--env: there is no --tests that it could be for');
  return texts.map((text) => {
    const input = parseJsonOr(text, '--tests');
    const parsed = SuiteSpec.safeParse(input);
    if (!parsed.success) throw refuse(`--tests: ${describeZodError(parsed.error, input)}`);
    return { ...parsed.data, environment: { ...parsed.data.environment, ...environment } };
  });
}

function parseTimeouts(texts: readonly string[]): Record<string, number> {
  const pairs = parsePairs(texts, '--timeout', '<stage>=<duration>, such as install_package=5m');
  const known = Object.keys(Timeouts.shape);
  const limits = Object.entries(pairs).map(([stage, duration]) => {
    if (!known.includes(stage)) {
      throw refuse(`--timeout: unknown stage ${JSON.stringify(stage)}; known are ${known.join(', ')}`);
    }
    return [stage, parseDuration(duration, `--timeout ${stage}`)] as const;
  });
  return Object.fromEntries(limits);
}
