import type { SuiteTarget } from '../../contracts/suite-plan.ts';

type Reason = (target: SuiteTarget) => string | undefined;

const always: Reason = () => undefined;
const never =
  (reason: string): Reason =>
  () =>
    reason;

/**
 * Every restriction that is known, and when it forbids to run a test. An environment is made for one package and thrown
 * away, so that tests may break it; it reaches what its own network reaches.
 * Source: README.package-tests, «Defined restrictions».
 */
const RESTRICTIONS: ReadonlyMap<string, Reason> = new Map([
  ['allow-stderr', always],
  ['breaks-testbed', always],
  ['build-needed', never('build-needed is not supported: the package is not built')],
  ['flaky', always],
  ['hint-testsuite-triggers', never('hint-testsuite-triggers: it is not meant to be run')],
  ['isolation-container', always],
  [
    'isolation-machine',
    ({ isMachine }) => (isMachine ? undefined : 'isolation-machine: it needs a machine of its own'),
  ],
  ['needs-internet', always],
  ['needs-reboot', ({ canReboot }) => (canReboot ? undefined : 'needs-reboot: this environment cannot reboot')],
  ['needs-recommends', always],
  ['needs-root', always],
  ['needs-sudo', never('needs-sudo is not supported: no user is allowed to use sudo')],
  ['rw-build-tree', always],
  ['skip-foreign-architecture', always],
  ['skip-not-installable', always],
  ['skippable', always],
  ['superficial', always],
]);

/** Why a test with these restrictions is not run; an unknown one is a reason, too. */
export function whyRestricted(restrictions: Iterable<string>, target: SuiteTarget): string | undefined {
  const names = [...restrictions];
  const unknown = names.find((name) => !RESTRICTIONS.has(name));
  if (unknown !== undefined) return `unknown restriction ${unknown.slice(0, 100)}`;
  for (const name of names) {
    const reason = RESTRICTIONS.get(name)?.(target);
    if (reason !== undefined) return reason;
  }
  return undefined;
}
