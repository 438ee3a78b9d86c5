import { z } from 'zod';
import { matchesGlob } from './glob.ts';
import { LIFECYCLE_STAGES } from './stages.ts';
import { Pattern, RuleExpiry, RuleReason } from './waivers.ts';

/** Stages that can be left out; without the others there is nothing to test, or something would be left behind. */
export const SKIPPABLE_STAGES = [
  'install_package',
  'package_integrity_tests',
  'third_party_tests',
  'uninstall_package',
  ...LIFECYCLE_STAGES,
] as const;

export const SkippableStage = z.enum(
  SKIPPABLE_STAGES,
  `cannot be skipped: must be one of ${SKIPPABLE_STAGES.join(', ')}`,
);
export type SkippableStage = z.output<typeof SkippableStage>;

const MAX_RULES = 1000;

/** Says what of a test is left out, and why: it is in the report as `skipped`, with the reason. */
export const SkipRule = z
  .strictObject({
    stage: SkippableStage,
    /** A pattern for the names of tests of suites: only those are skipped, and the stage runs. */
    tests: Pattern.optional(),
    /** A pattern for the name of the package under test. Left out: any package. */
    package: Pattern.optional(),
    /** A pattern for `<distribution>:<version>`: `debian:*`. Left out: any system. */
    system: Pattern.optional(),
    /** Why it is skipped: for whoever reads the report. */
    reason: RuleReason,
    /** The last day, in UTC, on which it skips: `2026-12-31`. Left out: for ever. */
    expires: RuleExpiry.optional(),
  })
  .refine(({ stage, tests }) => tests === undefined || stage === 'third_party_tests', {
    path: ['tests'],
    message: 'is only for the stage third_party_tests',
  });
export type SkipRule = z.output<typeof SkipRule>;

/** Rules of a request or a configuration; the first that fits is the one that the report names. */
export const SkipRules = z.array(SkipRule).max(MAX_RULES, `are more than ${MAX_RULES}`);

/** What skip rules are held against. */
export interface SkipSubject {
  readonly distribution: string;
  readonly version: string;
  readonly packageName: string;
}

/** Whether a rule is about this package on this system at all; its date does not matter. */
export function isAbout(rule: SkipRule, { distribution, version, packageName }: SkipSubject): boolean {
  return (
    (rule.package === undefined || matchesGlob(packageName, rule.package)) &&
    (rule.system === undefined || matchesGlob(`${distribution}:${version}`, rule.system))
  );
}
