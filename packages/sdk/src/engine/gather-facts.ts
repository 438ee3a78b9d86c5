import type { Environment } from '../contracts/environment.ts';
import { AltsError } from '../contracts/errors.ts';
import type { AnyCollector, CheckContext, Facts } from '../contracts/facts.ts';
import { Deadline } from './time-limit.ts';

interface GatherOptions {
  /** Facts that need not be gathered. */
  readonly known: Partial<Facts>;
  readonly signal: AbortSignal;
  readonly limitMs: number;
  readonly onGathered: (fact: keyof Facts, durationMs: number) => void;
}

/** The facts wanted and, before them, the facts that their collectors need. */
function select(
  wanted: Iterable<keyof Facts>,
  known: Partial<Facts>,
  collectors: readonly AnyCollector[],
): Set<AnyCollector> {
  const chosen = new Set<AnyCollector>();
  const visit = (fact: keyof Facts, path: readonly string[]): void => {
    if (known[fact] !== undefined) return;
    const collector = collectors.find((candidate) => candidate.fact === fact);
    if (!collector)
      throw new AltsError('invalid_plugin', `${path.join(' → ')} needs the fact "${fact}", which nothing gathers here`);
    if (path.includes(fact))
      throw new AltsError('invalid_plugin', `the fact "${fact}" needs itself: ${path.join(' → ')}`);
    for (const need of collector.needs) visit(need, [...path, fact]);
    chosen.add(collector);
  };
  // In the order of the collectors, which knows best what is to come first; what nothing gathers is found at the end.
  const all = new Set(wanted);
  for (const { fact } of collectors) if (all.has(fact)) visit(fact, ['a checker']);
  for (const fact of all) visit(fact, ['a checker']);
  return chosen;
}

/** Holds each command and each reading to a limit of its own: what one waits for others is not its fault. */
function limited(environment: Environment, what: string, limitMs: number): Environment {
  return {
    ...environment,
    async exec(command, options) {
      const result = await environment.exec(command, { timeoutMs: limitMs, ...options });
      if (result.end.type === 'time-limit' && options?.timeoutMs === undefined)
        throw new Deadline(what, limitMs).error();
      return result;
    },
    async *read(paths, options = {}) {
      using limit = new Deadline(what, limitMs).start();
      const signal = options.signal ? AbortSignal.any([options.signal, limit.signal]) : limit.signal;
      yield* environment.read(paths, { ...options, signal });
    },
  };
}

/**
 * Gathers each fact once, those that do not need each other side by side.
 * @returns what was known, and what was wanted
 * @throws {AltsError} `time_limit`, or whatever a collector threw
 */
export async function gatherFacts(
  wanted: Iterable<keyof Facts>,
  collectors: readonly AnyCollector[],
  environment: Environment,
  context: CheckContext,
  options: GatherOptions,
): Promise<Partial<Facts>> {
  const facts: Partial<Record<keyof Facts, unknown>> = { ...options.known };
  const running = new Map<keyof Facts, Promise<void>>();
  const stop = new AbortController();
  for (const collector of select(wanted, options.known, collectors)) {
    const gather = async (): Promise<void> => {
      await Promise.all(collector.needs.map((need) => running.get(need)));
      const started = performance.now();
      const signal = AbortSignal.any([options.signal, stop.signal]);
      const own = limited(environment, `gathering ${collector.fact}`, options.limitMs);
      facts[collector.fact] = await collector.collect(own, facts as Facts, context, { signal });
      options.onGathered(collector.fact, Math.round(performance.now() - started));
    };
    running.set(collector.fact, gather());
  }
  try {
    await Promise.all(running.values());
  } catch (error) {
    // The others would go on in an environment that is about to be removed.
    stop.abort(error);
    await Promise.allSettled(running.values());
    throw error;
  }
  return facts as Partial<Facts>;
}
