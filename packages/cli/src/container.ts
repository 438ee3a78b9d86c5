import 'reflect-metadata';
import {
  AltsError,
  asPlugin,
  type Checker,
  type Contracts,
  createContainer,
  createFromPlugin,
  directoryStore,
  type Plugin,
  type ResultStore,
  type Runner,
  TOKENS,
} from '@alts/sdk';
import type { DependencyContainer } from 'tsyringe';
import { loadPlugin, type PluginKind } from './load-plugin.ts';
import { readRunnerOptions } from './runner-options.ts';

/** Backends that come with the command; each is loaded only when it is asked for. */
const BUILT_IN: Readonly<Record<string, () => Promise<{ readonly default: unknown }>>> = {
  docker: () => import('@alts/runner-docker'),
};

/** Parts of a fleet that come with the command. */
const PARTS: Readonly<Record<PluginKind, typeof BUILT_IN>> = {
  runner: BUILT_IN,
  queue: { amqp: () => import('@alts/queue-amqp') },
  broadcast: { amqp: () => import('@alts/queue-amqp/broadcast') },
  'result-store': {
    directory: () => import('./directory-plugin.ts'),
    s3: () => import('@alts/storage-s3'),
    azure: () => import('@alts/storage-azure'),
  },
  checker: {},
};

/** What the tools for base images can do: those of the Docker runner are the only ones yet. */
export const imageTools = () => import('@alts/runner-docker');

export const BUILT_IN_RUNNERS: readonly string[] = Object.keys(BUILT_IN);

export interface RunnerChoice {
  /** `--runner`: built in, the name of a package, or the path of a file. */
  readonly runner: string;
  /** `--runner-opt`, as written. */
  readonly runnerOpt?: readonly string[] | undefined;
}

/** What the commands work with. */
export interface Composition {
  readonly container: DependencyContainer;
  readonly runner: Runner;
  readonly store: ResultStore;
  readonly checkers: readonly Checker[];
}

/**
 * Makes a runner from its plugin, after its options were checked; connects to nothing.
 * @throws {AltsError} `invalid_plugin`, or `invalid_request` for options
 */
export async function createRunner({ runner: name, runnerOpt = [] }: RunnerChoice): Promise<Runner> {
  const builtIn = Object.hasOwn(BUILT_IN, name) ? BUILT_IN[name] : undefined;
  const plugin = builtIn ? (await builtIn()).default : await loadRunner(name);
  return createFromPlugin('runner', plugin, readRunnerOptions(plugin, runnerOpt), name);
}

const loadRunner = (name: string): Promise<unknown> =>
  loadPlugin(
    { kind: 'runner', name, what: `--runner ${JSON.stringify(name)}`, known: BUILT_IN_RUNNERS },
    process.cwd(),
  );

/** Whether a part comes with the command. */
export const isBuiltIn = (kind: PluginKind, name: string): boolean => Object.hasOwn(PARTS[kind], name);

/**
 * The plugin that a part of a fleet is made by.
 * @param name built in, the name of a package, or the path of a file
 * @throws {AltsError} `invalid_plugin`
 */
export async function loadPart<Kind extends PluginKind>(kind: Kind, name: string): Promise<Plugin<Kind>> {
  const known = PARTS[kind];
  const builtIn = isBuiltIn(kind, name) ? known[name] : undefined;
  const what = JSON.stringify(name);
  const plugin = builtIn
    ? (await builtIn()).default
    : await loadPlugin({ kind, name, what, known: Object.keys(known) }, process.cwd());
  return asPlugin(kind, plugin, what);
}

/**
 * Makes a part of a fleet from its plugin, after its options were checked.
 * @param at its place in the configuration, for messages
 * @throws {AltsError} `invalid_plugin`, or `invalid_request` for options
 */
export async function createPart<Kind extends PluginKind>(
  kind: Kind,
  { use: name, ...options }: { readonly use: string },
  at: string,
): Promise<Contracts[Kind]> {
  return createFromPlugin(kind, await loadPart(kind, name), options, at);
}

/**
 * The checkers that come with ALTS, then those of a configuration.
 * @throws {AltsError} `invalid_plugin`, also for two with one id: findings and waivers name it; `invalid_request` for options
 */
export async function composeCheckers(parts: readonly { readonly use: string }[]): Promise<readonly Checker[]> {
  const all = [...createContainer().resolve(TOKENS.checkers)];
  for (const [index, part] of parts.entries()) {
    const checker = await createPart('checker', part, `checkers.${index}`);
    if (all.some(({ id }) => id === checker.id)) {
      throw new AltsError(
        'invalid_plugin',
        `checkers.${index}: there is a checker with the id "${checker.id}" already`,
      );
    }
    all.push(checker);
  }
  return all;
}

/** Composes the engine for one command line, in a container of its own. */
export async function compose(choice: RunnerChoice & { readonly output: string }): Promise<Composition> {
  const container = createContainer();
  const runner = await createRunner(choice);
  const store = directoryStore(choice.output);
  container.register(TOKENS.runner, { useValue: runner });
  container.register(TOKENS.resultStore, { useValue: store });
  return { container, runner, store, checkers: container.resolve(TOKENS.checkers) };
}
