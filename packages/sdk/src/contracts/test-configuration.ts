import { z } from 'zod';
import { SkipRules } from './skip.ts';
import { Severities, Waivers } from './waivers.ts';

/** A file on this machine, or an http(s) URL, of an exclusion document. */
export const ExclusionSource = z
  .string()
  .min(1, 'must be the path of a file or an http(s) URL')
  .max(4096, 'is longer than 4096 characters')
  .refine((text) => !text.includes('\0'), 'has a NUL in it');

/** What holds for many tests: the file of `--config`. */
export const TestConfiguration = z.strictObject({
  /** For editors; not read. */
  $schema: z.string().optional(),
  severities: Severities.default({}),
  waivers: Waivers.default([]),
  /** Stages and tests that are left out. */
  skip: SkipRules.default([]),
  /** An exclusion document; a path is relative to the directory of this file. */
  exclusions: ExclusionSource.optional(),
});
export type TestConfiguration = z.output<typeof TestConfiguration>;
