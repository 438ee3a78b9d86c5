import { z } from 'zod';

/** Stages in the order in which they run; their names are written here and nowhere else. */
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

/** The name of a stage, as it stands in reports, events and log file names. */
export const StageName = z.enum(STAGES);
export type StageName = z.infer<typeof StageName>;
