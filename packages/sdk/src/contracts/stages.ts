import { z } from 'zod';

/** Stages of a test with the default life cycle, in the order in which they run. */
export const STAGES = [
  'start_environment',
  'initial_provision',
  'system_info',
  'install_package',
  'package_integrity_tests',
  'third_party_tests',
  'uninstall_package',
  'stop_environment',
] as const;

/** Stages of the further steps of a life cycle. */
export const LIFECYCLE_STAGES = [
  'reinstall_package',
  'upgrade_package',
  'downgrade_package',
  'purge_package',
  'install_package_again',
] as const;

/** The name of a stage, as it stands in reports, events and log file names; written here and nowhere else. */
export const StageName = z.enum([...STAGES, ...LIFECYCLE_STAGES]);
export type StageName = z.infer<typeof StageName>;
