import type { Checker } from '../contracts/checker.ts';
import { files } from './files.ts';
import { installed } from './installed.ts';
import { leftovers } from './leftovers.ts';
import { rpath } from './rpath.ts';
import { services } from './services.ts';
import { sharedLibraries } from './shared-libraries.ts';

/** All that is checked when nothing else is said. */
export const checkers: readonly Checker[] = [installed, files, sharedLibraries, rpath, services, leftovers];
