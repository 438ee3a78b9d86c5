import { z } from 'zod';
import { AltsError } from '../contracts/errors.ts';
import { describeZodError } from '../contracts/request.ts';

const Packages = z
  .record(z.string(), z.array(z.string(), 'must be a list of steps'))
  .refine((packages) => !Object.hasOwn(packages, ''), 'has an empty name, which every package would begin with');

/** `{ "<distribution>-<version>": { "<prefix of package names>": ["<step>", …] } }` */
const ExclusionDocument = z.record(z.string(), Packages);
export type ExclusionDocument = z.output<typeof ExclusionDocument>;

/**
 * Reads an exclusion document.
 * @param source what it is called in messages
 * @throws {AltsError} `invalid_request`; the message names the document, the key, its value and what would be right
 */
export function parseExclusions(text: string, source: string): ExclusionDocument {
  const refuse = (why: string, cause?: unknown): AltsError =>
    new AltsError('invalid_request', `exclusions ${source}: ${why}`, { cause });
  let input: unknown;
  try {
    input = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw refuse(`is not JSON: ${(cause as Error).message}`, cause);
  }
  const parsed = ExclusionDocument.safeParse(input);
  if (parsed.success) return parsed.data;
  // One line; a document can be wrong in thousands of places.
  throw refuse(describeZodError(new z.ZodError(parsed.error.issues.slice(0, 3)), input));
}
