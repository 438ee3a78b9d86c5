import { TokenOptions } from '@alts/scheduler';
import { Architecture, DISTRIBUTIONS } from '@alts/sdk/plugin';
import { z } from 'zod';
import { CallbackOptions } from './callback-options.ts';
import { oneOf } from './one-of.ts';

const Name = z.string().regex(/^[a-z][a-z0-9-]*$/, 'must be lower-case letters, digits and "-"');
/** `<runner>-<architecture>-<cost>`, as the Python system names its queues, too. */
export const QueueName = z
  .string()
  .regex(/^[a-z][a-z0-9]*-[a-z0-9_]+-\d+$/, 'must be <runner>-<architecture>-<cost>, such as docker-x86_64-0');

/** A part and its options: `use` is a short name, an npm package or the path of a file; all else is for the part to say. */
const Part = z.looseObject({ use: z.string().min(1) });
export type Part = z.output<typeof Part>;

const Scheduler = z
  .strictObject({
    host: z.string().min(1).default('127.0.0.1'),
    port: z.int().min(0).max(65_535).default(8000),
    /** A file of SQLite. */
    database: z.string().min(1).default('tasks.sqlite'),
    token: TokenOptions,
    /** Runners that workers have; the first is for tasks that take any. */
    runners: z.array(Name).min(1).default(['docker']),
    /** Of tasks that name none. */
    architecture: Architecture.default('x86_64'),
    /** Seconds of silence after which a task is looked after, and after which one that is nowhere is published again. */
    silentSeconds: z.int().min(1).max(3600).default(30),
    lostSeconds: z.int().min(1).max(86_400).default(180),
    /** Seconds of silence after which one is published again, whatever its queue has: longer than queues take to be emptied. */
    stuckSeconds: z.int().min(60).max(31_536_000).default(21_600),
    /** Tasks, their reports and logs are removed so many days after their end. Left out: never. */
    expiresAfterDays: z.int().min(1).max(36_500).optional(),
    /** Those that workers have; tasks for others are refused. Left out: all that are known. */
    architectures: z.array(Architecture).min(1).optional(),
    /** Those that are tested here; tasks for others are refused. Left out: all that are known. */
    distributions: z
      .array(oneOf(Object.keys(DISTRIBUTIONS), 'a distribution'))
      .min(1)
      .optional(),
  })
  .refine(({ architecture, architectures }) => architectures?.includes(architecture) ?? true, {
    message: 'must be one of scheduler.architectures',
    path: ['architecture'],
  });

const Worker = z.strictObject({
  queues: z.array(QueueName).min(1),
  /** Tests side by side. */
  concurrency: z.int().min(1).max(1000).default(1),
  maxAttempts: z.int().min(1).max(20).default(3),
  /** How long tests may go on when the worker is to stop. */
  drainSeconds: z.int().min(0).max(86_400).default(300),
  /** Of this worker alone. Left out: host and process. */
  name: z.string().min(1).max(255).optional(),
  /** Where results wait while the store is not there. */
  spool: z.string().min(1).default('spool'),
  /** Takes no tasks while a disk has less. */
  minFreeMiB: z.int().min(0).default(1024),
  /** An exclusion document for all tests: the path of a file, or an http(s) URL. */
  exclusions: z.string().min(1).optional(),
  /** Where it answers `/healthz` and `/metrics`. Left out: nowhere. */
  listen: z.strictObject({ host: z.string().min(1).default('127.0.0.1'), port: z.int().min(0).max(65_535) }).optional(),
});

const SECTIONS = {
  scheduler: Scheduler.optional(),
  worker: Worker.optional(),
  queue: Part,
  /** Events and cancellations. Left out: over the same broker as the queue. */
  broadcast: Part.optional(),
  store: Part.default({ use: 'directory', path: 'results' }),
  /** Options of runners by their names; `use` is the name itself where it is left out. */
  runners: z.record(Name, z.looseObject({ use: z.string().min(1).optional() })).default({ docker: {} }),
  /** Those of others, besides the ones that come with ALTS. */
  checkers: z.array(Part).max(100).default([]),
  callbacks: CallbackOptions.optional(),
  /** Short names, for `use`, of plugins that do not come with the command: npm packages or paths of files. */
  plugins: z.record(Name, z.string().min(1)).optional(),
};
export type Section = keyof typeof SECTIONS;
export const SECTION_NAMES = Object.keys(SECTIONS) as readonly Section[];

/** One file for all programs; each reads its own part of it, and all of them what they share. */
export const FleetConfig = z.strictObject(SECTIONS);
export type FleetConfig = z.output<typeof FleetConfig>;

/**
 * What each program reads. No other section is looked at, so that a machine needs only the secrets and the plugins of the
 * programs that run there.
 */
export const PROGRAMS = {
  scheduler: ['queue', 'broadcast', 'store', 'scheduler', 'callbacks', 'plugins'],
  worker: ['queue', 'broadcast', 'store', 'worker', 'runners', 'checkers', 'plugins'],
  dev: ['store', 'runners', 'checkers', 'plugins'],
  /** What makes tokens, and what migrates tables. */
  schedulerAlone: ['scheduler'],
} as const satisfies Record<string, readonly Section[]>;

/** The schema of some sections. */
export function schemaOf(sections: readonly Section[]): z.ZodType<Partial<FleetConfig>> {
  return z.strictObject(Object.fromEntries(sections.map((name) => [name, SECTIONS[name]])));
}
