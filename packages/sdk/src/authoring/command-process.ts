import type { Readable, Writable } from 'node:stream';
import type { Argv } from '../contracts/environment.ts';

/** A command that was started. A `ChildProcess` with three pipes is one; so is a channel of an SSH connection, nearly. */
export interface CommandProcess {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Lets go of the connection. Need not reach the command inside: that is killed in another way. */
  kill(): unknown;
  on(event: 'close', listener: (code: number | null) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

/** How a system is reached: the one thing that differs between `docker exec`, `ssh`, `chroot` and their like. */
export interface CommandTransport {
  /** Starts a program inside, as the superuser. Arguments arrive as they are: what goes over a shell must quote them. */
  start(argv: Argv): CommandProcess;
}
