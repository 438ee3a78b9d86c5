import type { Checker } from '../contracts/checker.ts';
import { checksums } from './checksums.ts';
import { configuration } from './configuration.ts';
import { conflicts } from './conflicts.ts';
import { dependencies } from './dependencies.ts';
import { files } from './files.ts';
import { installed } from './installed.ts';
import { leftovers } from './leftovers.ts';
import { permissions } from './permissions.ts';
import { rpath } from './rpath.ts';
import { services } from './services.ts';
import { sharedLibraries } from './shared-libraries.ts';

/** All that is checked when nothing else is said. */
export const checkers: readonly Checker[] = [
  installed,
  files,
  checksums,
  permissions,
  sharedLibraries,
  rpath,
  conflicts,
  dependencies,
  services,
  configuration,
  leftovers,
];
