import { z } from 'zod';
import { PackageVersion } from './package-version.ts';

/**
 * What can be done to a package. Each step begins by bringing about the state that it needs, where that is not so:
 * `reinstall`, `downgrade`, `remove` and `purge` the version under test, `upgrade` an older one, `install-again` one that
 * was removed.
 */
export const STEPS = ['install', 'reinstall', 'upgrade', 'downgrade', 'remove', 'purge', 'install-again'] as const;
export type Step = (typeof STEPS)[number];

const MAX_STEPS = 16;

const Plain = z.enum(STEPS, `must be one of ${STEPS.join(', ')}`);

const Detailed = z.discriminatedUnion(
  'step',
  [
    z.strictObject({
      step: z.literal('upgrade'),
      /** Left out: the newest that is older than the one under test, first of all of the distribution's own. */
      from: PackageVersion.optional(),
    }),
    z.strictObject({
      step: z.literal('downgrade'),
      /** Left out: the newest that is older than the one under test, first of all of the distribution's own. */
      to: PackageVersion.optional(),
    }),
    z.strictObject({ step: Plain.exclude(['upgrade', 'downgrade']) }),
  ],
  `must have a step, one of ${STEPS.join(', ')}`,
);

/** A step by its name, or as an object where there is more to say: `{ step: 'upgrade', from: '1.0-1' }`. */
export const LifecycleStep = z.union([Detailed, Plain]);
export type LifecycleStep = z.output<typeof LifecycleStep>;

/** After these the version under test is there. */
const INSTALLING: readonly Step[] = ['install', 'reinstall', 'upgrade', 'install-again'];

/** What is done to the package, in this order; it is checked after each step. */
export const Lifecycle = z
  .array(LifecycleStep)
  .max(MAX_STEPS, `has more than ${MAX_STEPS} steps`)
  .refine((steps) => steps.length > 0, 'has no steps; leave it out for install and remove')
  .refine(
    (steps) => steps.length === 0 || steps.some((one) => INSTALLING.includes(stepName(one))),
    `must have a step that leaves the package installed, to be checked: ${INSTALLING.join(', ')}`,
  );
export type Lifecycle = z.output<typeof Lifecycle>;

export function stepName(step: LifecycleStep): Step {
  return typeof step === 'string' ? step : step.step;
}

/** Whether the version under test is there after this step. */
export function leavesInstalled(step: LifecycleStep): boolean {
  return INSTALLING.includes(stepName(step));
}
