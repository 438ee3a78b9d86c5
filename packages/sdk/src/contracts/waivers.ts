import { z } from 'zod';
import { Severity } from './severity.ts';

/** Longest pattern; what it is held against may be longer. */
const MAX_PATTERN = 1024;
const MAX_ENTRIES = 1000;

/** `*` is any text without `/`, `**` any text, `?` one character but `/`. Everything else stands for itself. */
export const Pattern = z.string().min(1, 'is empty').max(MAX_PATTERN, `is longer than ${MAX_PATTERN} characters`);

/** Why something is accepted or left out. */
export const RuleReason = z
  .string()
  .max(1000, 'is longer than 1000 characters')
  .refine((text) => text.trim() !== '', 'must say why this is accepted');

/** The last day, in UTC, on which something holds. */
export const RuleExpiry = z.iso.date('must be a date such as 2026-12-31');

const id = '[A-Za-z0-9][A-Za-z0-9._-]{0,127}';

/** Says that findings are known and accepted: they are in the report as `waived` and fail nothing. */
export const Waiver = z.strictObject({
  /** `<checker>/<rule>`; `*` and `?` are understood in the rule: `files/broken-link`, `files/*`. */
  rule: z
    .string()
    .regex(
      new RegExp(`^${id}/[A-Za-z0-9._*?-]{1,128}$`),
      'must be <checker>/<rule> such as "files/broken-link" or "files/*"',
    ),
  /** A pattern for the name of the package under test. Left out: any package. */
  package: Pattern.optional(),
  /** A pattern for what the finding is about, mostly the path of a file. Left out: anything. */
  path: Pattern.optional(),
  /** Why it is accepted: for whoever reads the report. */
  reason: RuleReason,
  /** The last day, in UTC, on which it waives: `2026-12-31`. Left out: for ever. */
  expires: RuleExpiry.optional(),
});
export type Waiver = z.output<typeof Waiver>;

/** Waivers of a request or a configuration; the first that fits a finding is the one that the report names. */
export const Waivers = z.array(Waiver).max(MAX_ENTRIES, `are more than ${MAX_ENTRIES}`);

const ChangedSeverity = z.enum(
  Severity.options,
  'must be "error", "warning" or "info"; to accept findings, waive them',
);

const RULE_KEY = new RegExp(`^${id}/(\\*|${id})$`);

/** Severities other than a rule's own, by `<checker>/<rule>`, or `<checker>/*` for all its rules that are not named. */
export const Severities = z.record(z.string(), ChangedSeverity).superRefine((severities, context) => {
  const keys = Object.keys(severities);
  if (keys.length > MAX_ENTRIES) context.addIssue({ code: 'custom', message: `are more than ${MAX_ENTRIES}` });
  for (const key of keys.filter((one) => !RULE_KEY.test(one))) {
    context.addIssue({ code: 'custom', path: [key], message: 'must be <checker>/<rule> or <checker>/*' });
  }
});
export type Severities = z.output<typeof Severities>;
