import type { FleetConfig } from './fleet-config.ts';

/**
 * The configuration with what `plugins` says in the place of the short names that parts `use`. A runner that says none uses
 * its own name; one that a queue of the worker names need not be among `runners`.
 */
export function withPluginNames(config: FleetConfig): FleetConfig {
  const { plugins } = config;
  if (!plugins) return config;
  const named = <P extends { readonly use: string }>(part: P): P => ({ ...part, use: plugins[part.use] ?? part.use });
  const queued = (config.worker?.queues ?? []).map((queue) => queue.split('-')[0] ?? '');
  const bare = queued.filter((name) => Object.hasOwn(plugins, name)).map((name) => [name, { use: name }] as const);
  const runners = Object.entries({ ...Object.fromEntries(bare), ...config.runners });
  return {
    ...config,
    queue: named(config.queue),
    ...(config.broadcast && { broadcast: named(config.broadcast) }),
    store: named(config.store),
    runners: Object.fromEntries(
      runners.map(([name, options]) => [name, named({ ...options, use: options.use ?? name })]),
    ),
  };
}
