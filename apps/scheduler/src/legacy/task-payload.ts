import { z } from 'zod';
import { withoutNulls } from './without-nulls.ts';

/** PostgreSQL has no NUL in a text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: a control character is what this refuses
const NO_NUL = [/^[^\u0000]*$/, 'has a NUL in it'] as const;
const Text = z
  .string()
  .max(4096, 'is longer than 4096 characters')
  .regex(...NO_NUL);
const Word = Text.min(1, 'is empty');

const Repository = z
  .object({
    name: Word.optional(),
    /** As the web server writes it. */
    baseurl: Word.optional(),
    /** As the README of the Python system writes it. */
    url: Word.optional(),
  })
  .refine(({ baseurl, url }) => baseurl !== undefined || url !== undefined, { message: 'baseurl is missing' });

/** A suite: as ALTS documents it, or as the UI sends it, with the directory in the URL. */
const Suite = z.object({
  url: Word,
  git_ref: Word.optional(),
  test_dir: Word.optional(),
  tests_to_run: z.array(Word).max(1000).optional(),
});

const Configuration = z.object({
  tests: z.array(Suite).max(32).default([]),
  /** The UI puts any names into it, with texts as values; only what is named here means anything. */
  test_env: z.looseObject({ extra_env_vars: z.array(Text).max(1000).optional() }).optional(),
});

/** What a client calls a task; it is cancelled by it, too. */
export const ExternalId = z
  .string()
  .min(1, 'is empty')
  .max(255, 'is longer than 255 characters')
  .regex(...NO_NUL);

/** Numbers and texts that are numbers alike: the Python system's model turned one into the other. */
const NumberOrText = z.union([z.int(), Word]).transform(String);

/**
 * A task as clients of the Python system send it (`TaskRequestPayload`). Explicit nulls are as good as nothing, fields that
 * nobody knows are passed over, as they always were.
 */
export const TaskPayloadFields = z.object({
  bs_task_id: z.union([z.int(), ExternalId]).transform(String).optional(),
  runner_type: Word.default('any'),
  dist_name: Word,
  dist_version: NumberOrText,
  dist_arch: Word,
  package_name: Word,
  package_version: Word.optional(),
  package_epoch: z.int().nonnegative().optional(),
  callback_href: Text.optional(),
  repositories: z.array(Repository).max(64).default([]),
  module_name: Word.optional(),
  module_stream: Word.optional(),
  module_version: Word.optional(),
  test_configuration: Configuration.optional(),
  test_flavor: z.object({ name: Word, version: Word }).optional(),
  package_channel: z.enum(['stable', 'beta']).optional(),
  vm_alive: z.boolean().default(false),
  verbose: z.boolean().default(false),
});
export const TaskPayload = z.preprocess(withoutNulls, TaskPayloadFields);
export type TaskPayload = z.output<typeof TaskPayload>;
