import { type Lifecycle, type LifecycleStep, leavesInstalled, type Step, stepName } from '../../contracts/lifecycle.ts';
import type { StageName } from '../../contracts/stages.ts';

/** One stage of a test that is to run. */
export interface PlannedStage {
  readonly name: StageName;
  /** Name of the artifact for its output: of a repeated stage with its number, `upgrade_package-2.log`. */
  readonly log: string;
  /** The step that it takes; undefined for a stage that every test has. */
  readonly step?: LifecycleStep | undefined;
  /** The package that it leaves installed is checked in the stage itself: the stage for the checks was before it. */
  readonly checks: boolean;
  /** No other step comes after it. */
  readonly last: boolean;
}

const STAGE_OF: Readonly<Record<Step, StageName>> = {
  install: 'install_package',
  reinstall: 'reinstall_package',
  upgrade: 'upgrade_package',
  downgrade: 'downgrade_package',
  remove: 'uninstall_package',
  purge: 'purge_package',
  'install-again': 'install_package_again',
};

/** Stages in the order in which they run; those that check come after the first step that leaves the package installed. */
export function planStages(lifecycle: Lifecycle): PlannedStage[] {
  const counts = new Map<StageName, number>();
  const stage = (name: StageName, more: Partial<PlannedStage> = {}): PlannedStage => {
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return { name, log: `${name}${count > 1 ? `-${count}` : ''}.log`, checks: false, last: false, ...more };
  };
  const first = lifecycle.findIndex(leavesInstalled);
  const steps = lifecycle.flatMap((step, index) => {
    const checks = index > first && leavesInstalled(step);
    const own = stage(STAGE_OF[stepName(step)], { step, checks, last: index === lifecycle.length - 1 });
    return index === first ? [own, stage('package_integrity_tests'), stage('third_party_tests')] : [own];
  });
  const before = (['start_environment', 'initial_provision', 'system_info'] as const).map((name) => stage(name));
  return [...before, ...steps, stage('stop_environment')];
}
