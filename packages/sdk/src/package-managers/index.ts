import type { PackageManager } from '../contracts/package-manager.ts';
import { apt } from './apt.ts';
import { dnf } from './dnf.ts';

/** One for each family. */
export const packageManagers: readonly PackageManager[] = [apt, dnf];
