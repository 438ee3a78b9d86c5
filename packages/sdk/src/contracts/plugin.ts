import { z } from 'zod';
import type { Broadcast } from './broadcast.ts';
import type { Checker } from './checker.ts';
import { AltsError } from './errors.ts';
import type { Queue } from './queue.ts';
import { describeZodError } from './request.ts';
import type { ResultStore } from './result-store.ts';
import type { Runner } from './runner.ts';

/** Kinds of plugin, and the contract that each implements. */
export interface Contracts {
  runner: Runner;
  queue: Queue;
  broadcast: Broadcast;
  'result-store': ResultStore;
  checker: Checker;
}

/** The version of each contract that this SDK speaks; what is made must carry the same in `contract`. */
export const CONTRACTS = {
  runner: 'runner/1',
  queue: 'queue/1',
  broadcast: 'broadcast/1',
  'result-store': 'result-store/1',
  checker: 'checker/1',
} as const satisfies { [Kind in keyof Contracts]: Contracts[Kind]['contract'] };

/** A plugin package's default export; `options` is parsed before anything starts. */
export interface Plugin<Kind extends keyof Contracts = keyof Contracts, Options extends z.ZodType = z.ZodType> {
  readonly kind: Kind;
  /** What configuration and `--runner` call it: lower case, digits, `-`. */
  readonly name: string;
  readonly options: Options;
  create(options: z.output<Options>): Contracts[Kind] | Promise<Contracts[Kind]>;
}

/** Gives a plugin its type, so that `create` knows what its options are. */
export function definePlugin<Kind extends keyof Contracts, Options extends z.ZodType>(
  plugin: Plugin<Kind, Options>,
): Plugin<Kind, Options> {
  return plugin;
}

const PluginShape = z.object({
  kind: z.enum(Object.keys(CONTRACTS) as [keyof Contracts, ...(keyof Contracts)[]]),
  name: z.string().regex(/^[a-z][a-z0-9-]*$/),
  options: z.custom<z.ZodType>(
    (v) => typeof (v as z.ZodType | undefined)?.safeParse === 'function',
    'must be a zod schema',
  ),
  create: z.custom<(options: unknown) => unknown>((v) => typeof v === 'function', 'must be a function'),
});

/**
 * Checks that what a plugin's module exports is a plugin of the kind wanted.
 * @param from what the user called it, for messages
 * @throws {AltsError} `invalid_plugin`
 */
export function asPlugin<Kind extends keyof Contracts>(kind: Kind, plugin: unknown, from: string): Plugin<Kind> {
  const shape = PluginShape.safeParse(plugin);
  if (!shape.success) {
    throw new AltsError(
      'invalid_plugin',
      `${from}: its default export is not a plugin: ${describeZodError(shape.error, plugin)}`,
    );
  }
  if (shape.data.kind !== kind) {
    throw new AltsError('invalid_plugin', `${from} is a ${shape.data.kind}, and a ${kind} is needed here`);
  }
  return shape.data as Plugin<Kind>;
}

/**
 * Makes what a plugin is for, after checking that it is one of the kind wanted and that its options are right.
 * @param from what the user called it, for messages
 * @throws {AltsError} `invalid_plugin`, or `invalid_request` for options
 */
export async function createFromPlugin<Kind extends keyof Contracts>(
  kind: Kind,
  plugin: unknown,
  options: unknown,
  from: string,
): Promise<Contracts[Kind]> {
  const { options: schema, create } = asPlugin(kind, plugin, from);
  const parsed = schema.safeParse(options);
  if (!parsed.success) {
    throw new AltsError('invalid_request', `options of ${kind} ${from}: ${describeZodError(parsed.error, options)}`);
  }
  const made = await create(parsed.data);
  assertContract(kind, made, from);
  return made;
}

/**
 * Checks that a thing says it implements the contract wanted, in the version that this SDK speaks.
 * @throws {AltsError} `invalid_plugin`
 */
export function assertContract(kind: keyof Contracts, value: unknown, from: string): void {
  const said = (value as { contract?: unknown } | null | undefined)?.contract;
  if (said !== CONTRACTS[kind]) {
    const got = said === undefined ? 'no contract' : JSON.stringify(said);
    throw new AltsError(
      'invalid_plugin',
      `${from}: a ${kind} with contract "${CONTRACTS[kind]}" is needed, this one says ${got}`,
    );
  }
}
