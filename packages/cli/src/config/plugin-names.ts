import type { FleetConfig } from './fleet-config.ts';

/**
 * The configuration with what `plugins` says in the place of the short names that parts `use`. A runner that says none uses
 * its own name; one that a queue of the worker names need not be among `runners`.
 */
export function withPluginNames(config: Partial<FleetConfig>): Partial<FleetConfig> {
  const { plugins, queue, broadcast, store, checkers } = config;
  if (!plugins) return config;
  const named = <P extends { readonly use: string }>(part: P): P => ({ ...part, use: pluginOf(config, part.use) });
  const bare = (config.worker ? runnerNames(config.worker.queues) : []).filter((name) => Object.hasOwn(plugins, name));
  const runners = { ...Object.fromEntries(bare.map((name) => [name, { use: name }])), ...config.runners };
  return {
    ...config,
    ...(queue && { queue: named(queue) }),
    ...(broadcast && { broadcast: named(broadcast) }),
    ...(store && { store: named(store) }),
    ...(checkers && { checkers: checkers.map(named) }),
    ...(config.runners && {
      runners: Object.fromEntries(
        Object.entries(runners).map(([name, options]) => [name, named({ ...options, use: options.use ?? name })]),
      ),
    }),
  };
}

/** The runners that queues name: `docker` of `docker-x86_64-0`. */
export function runnerNames(queues: readonly string[]): string[] {
  return [...new Set(queues.map((queue) => queue.split('-')[0] ?? ''))];
}

/** The plugin that a name stands for. */
export function pluginOf({ plugins = {} }: Pick<Partial<FleetConfig>, 'plugins'>, name: string): string {
  return (Object.hasOwn(plugins, name) ? plugins[name] : undefined) ?? name;
}
