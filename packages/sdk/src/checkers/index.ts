import type { Checker } from '../contracts/checker.ts';
import { checksums } from './checksums.ts';
import { files } from './files.ts';
import { installed } from './installed.ts';
import { leftovers } from './leftovers.ts';
import { permissions } from './permissions.ts';
import { services } from './services.ts';

/** All that is checked when nothing else is said. */
export const checkers: readonly Checker[] = [installed, files, checksums, permissions, services, leftovers];
