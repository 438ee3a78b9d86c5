import { AltsError } from '@alts/sdk/plugin';
import { isBuiltIn, loadPart } from '../container.ts';
import type { PluginKind } from '../load-plugin.ts';
import { type Override, parseOverridden, withValue } from './environment-overrides.ts';
import type { FleetConfig, Part } from './fleet-config.ts';
import { pluginOf, runnerNames } from './plugin-names.ts';
import { type Problem, problemsOf } from './problems.ts';

/** A part of a configuration, and where it stands there. */
interface PlacedPart {
  readonly kind: PluginKind;
  readonly path: readonly string[];
  readonly part: Part;
}

/** A runner as it is configured; one that is not is what its name says, without options. */
export function runnerPart(config: Pick<Partial<FleetConfig>, 'runners' | 'plugins'>, name: string): Part {
  const options = config.runners?.[name] ?? {};
  return { ...options, use: options.use ?? pluginOf(config, name) };
}

/**
 * What events and cancellations pass over. Left out it is the broker of the queue, where the queue comes with the command.
 * @throws {AltsError} `invalid_request` for a queue whose broadcast nobody knows
 */
export function broadcastPart({ queue, broadcast }: Pick<FleetConfig, 'queue' | 'broadcast'>): Part {
  if (broadcast) return broadcast;
  if (isBuiltIn('broadcast', queue.use)) return queue;
  throw new AltsError('invalid_request', `broadcast: ${missingBroadcast(queue.use)}`);
}

function missingBroadcast(queue: string): string {
  return `is missing: the queue ${JSON.stringify(queue)} does not come with the command, and a queue passes no events; say which plugin does, such as { use: amqp, url: "amqp://…" }`;
}

/** @param runners those that are used; default: all that are there, or that a queue of the worker names */
function partsOf(config: Partial<FleetConfig>, runners: readonly string[] | undefined): PlacedPart[] {
  const { queue, broadcast, store, checkers = [] } = config;
  const queued = runnerNames(config.worker?.queues ?? []);
  const names = runners ?? (config.runners ? [...Object.keys(config.runners), ...queued] : []);
  return [
    ...(queue ? [{ kind: 'queue', path: ['queue'], part: queue } as const] : []),
    ...(broadcast ? [{ kind: 'broadcast', path: ['broadcast'], part: broadcast } as const] : []),
    ...(store ? [{ kind: 'result-store', path: ['store'], part: store } as const] : []),
    ...[...new Set(names)].map(
      (name) => ({ kind: 'runner', path: ['runners', name], part: runnerPart(config, name) }) as const,
    ),
    ...checkers.map((part, index) => ({ kind: 'checker', path: ['checkers', String(index)], part }) as const),
  ];
}

/** A configuration whose parts were looked at. */
export interface CheckedParts {
  readonly config: Partial<FleetConfig>;
  readonly problems: readonly Problem[];
}

/** Loads the plugins of all parts, and checks options by their schemas; nothing is made of them yet. */
export async function checkParts(
  config: Partial<FleetConfig>,
  overrides: readonly Override[],
  runners?: readonly string[],
): Promise<CheckedParts> {
  const { queue, broadcast } = config;
  const problems: Problem[] = [];
  let checked: unknown = config;
  for (const { kind, path, part } of partsOf(config, runners)) {
    const { use, ...options } = part;
    try {
      const { options: schema } = await loadPart(kind, use);
      const { result, value } = parseOverridden(schema, options, overrides, path);
      if (result.error) problems.push(...problemsOf(result.error, schema, path));
      else if (value !== options) checked = withValue(checked, path, { use, ...(value as object) });
    } catch (error) {
      problems.push({ path, place: [...path, 'use'], message: AltsError.from(error).message });
    }
  }
  if (queue && !broadcast && !isBuiltIn('broadcast', queue.use)) {
    problems.push({ path: ['broadcast'], message: missingBroadcast(queue.use) });
  }
  return { config: checked as Partial<FleetConfig>, problems };
}
