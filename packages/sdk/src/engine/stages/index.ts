import type { StageName } from '../../contracts/stages.ts';
import type { StageContext, StageOutcome } from '../test-state.ts';
import { downgradePackage } from './downgrade-package.ts';
import { initialProvision } from './initial-provision.ts';
import { installPackage } from './install-package.ts';
import { installPackageAgain } from './install-package-again.ts';
import { packageIntegrityTests } from './package-integrity-tests.ts';
import { purgePackage } from './purge-package.ts';
import { reinstallPackage } from './reinstall-package.ts';
import { startEnvironment } from './start-environment.ts';
import { stopEnvironment } from './stop-environment.ts';
import { systemInfo } from './system-info.ts';
import { thirdPartyTests } from './third-party-tests.ts';
import { uninstallPackage } from './uninstall-package.ts';
import { upgradePackage } from './upgrade-package.ts';

/** What each stage does. */
export const STAGE_ACTIONS: Readonly<Record<StageName, (context: StageContext) => Promise<StageOutcome>>> = {
  start_environment: startEnvironment,
  initial_provision: initialProvision,
  system_info: systemInfo,
  install_package: installPackage,
  reinstall_package: reinstallPackage,
  upgrade_package: upgradePackage,
  downgrade_package: downgradePackage,
  package_integrity_tests: packageIntegrityTests,
  third_party_tests: thirdPartyTests,
  uninstall_package: uninstallPackage,
  purge_package: purgePackage,
  install_package_again: installPackageAgain,
  stop_environment: stopEnvironment,
};
