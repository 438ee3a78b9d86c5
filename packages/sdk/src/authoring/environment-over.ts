import type { Environment } from '../contracts/environment.ts';
import type { CommandTransport } from './command-process.ts';
import { execOver } from './exec-over.ts';
import { readOver } from './read-over.ts';
import { writeOver } from './write-over.ts';

/** All of an environment but its ways to run commands and move files. */
export type EnvironmentDescription = Omit<Environment, 'exec' | 'read' | 'write'>;

/**
 * An environment for authors who can run a command in their system, and have nothing else: exec, read and write go
 * over that. What the backend does better (an API for files, say) is better done by itself.
 */
export function environmentOver(transport: CommandTransport, description: EnvironmentDescription): Environment {
  return {
    ...description,
    exec: (command, options) => execOver(transport, command, options),
    read: (paths, options) => readOver(transport, paths, options),
    write: (files, options) => writeOver(transport, files, options),
  };
}
