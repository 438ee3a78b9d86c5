import type { Argv, Environment, ExecEnd, ExecOptions, ExecResult } from '../contracts/environment.ts';
import { AltsError } from '../contracts/errors.ts';
import type { Shell } from '../contracts/package-manager.ts';
import type { StageLog } from './stage-log.ts';
import { Deadline, formatDuration } from './time-limit.ts';

interface ShellParts {
  readonly environment: Environment;
  /** The same, for commands that only read. */
  readonly reader: Environment;
  readonly log: StageLog;
  /** Aborts when the test is cancelled; time is kept by the deadline. */
  readonly signal: AbortSignal;
  readonly deadline: Deadline;
  readonly commandLimitMs: number;
}

type RunOptions = NonNullable<Parameters<Shell['run']>[1]> & {
  /** Ends the command earlier than the stage ends. */
  readonly within?: Deadline;
  /** Gets the output besides the log. */
  readonly listen?: NonNullable<ExecOptions['onOutput']>;
};

type Ended = { readonly end: ExecEnd } | { readonly unusable: string };

/** What runs on this machine in the place of a command. */
interface RunHere {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly onOutput: NonNullable<ExecOptions['onOutput']>;
}

/** A stage's way to its environment: every command and what it printed are in the log. */
export class StageShell implements Shell {
  readonly environment: Environment;
  readonly signal: AbortSignal;
  /** Of the first command that did not end with 0, or else of the last one. */
  exitCode: number | undefined;
  readonly #parts: ShellParts;

  constructor(parts: ShellParts) {
    this.#parts = parts;
    this.environment = parts.environment;
    this.signal = parts.signal;
  }

  note(line: string): void {
    void this.#parts.log.note(line);
  }

  async run(command: Argv, options: RunOptions = {}): Promise<ExecResult> {
    const { reading = false, within, listen, ...exec } = options;
    const { environment, reader, deadline, commandLimitMs } = this.#parts;
    const own = reading ? new Deadline(formatCommand(command), commandLimitMs) : within;
    const limit = own ? Deadline.earlier(own, deadline) : deadline;
    const result = await this.#logged(command, { limit, quiet: reading, listen }, (how) =>
      (reading ? reader : environment).exec(command, { ...exec, ...how }),
    );
    if (reading && result.end.type === 'time-limit') throw limit.error();
    return result;
  }

  /** Something on this machine, with the log and the limits of a command. */
  async runHere<T extends Ended>(
    command: Argv,
    { within, listen }: Required<Pick<RunOptions, 'within' | 'listen'>>,
    execute: (how: RunHere) => Promise<T>,
  ): Promise<T> {
    const limit = Deadline.earlier(within, this.#parts.deadline);
    return await this.#logged(command, { limit, quiet: false, listen }, execute);
  }

  async #logged<T extends Ended>(
    command: Argv,
    { limit, quiet, listen }: { limit: Deadline; quiet: boolean; listen: RunOptions['listen'] | undefined },
    execute: (how: RunHere) => Promise<T>,
  ): Promise<T> {
    const { log } = this.#parts;
    if (limit.remainingMs === 0) throw limit.error();
    await log.note(`$ ${formatCommand(command)}`);
    const started = performance.now();
    const sink = log.command(quiet);
    try {
      const result = await execute({
        signal: this.signal,
        timeoutMs: limit.remainingMs,
        onOutput: async (chunk) => {
          await sink.output(chunk);
          await listen?.(chunk);
        },
      });
      await sink.end();
      const how = 'unusable' in result ? result.unusable : describeEnd(result.end);
      await log.note(`[${how} after ${formatDuration(Math.round(performance.now() - started))}]`);
      if ('end' in result) this.#remember(result.end);
      return result;
    } catch (error) {
      await sink.end();
      if (AltsError.is(error)) await log.note(`[${error.message}]`);
      throw error;
    }
  }

  #remember(end: ExecEnd): void {
    if (this.exitCode === undefined || this.exitCode === 0) this.exitCode = end.type === 'exit' ? end.code : undefined;
  }
}

const PLAIN = /^[A-Za-z0-9_@%+=:,./-]+$/;
/** A script in an argument would fill the screen; the environment's own log of it is not what a reader looks for. */
const MAX_ARGUMENT = 200;

/** A command as a person would type it. For reading only: nothing is ever run from it. */
export function formatCommand(command: Argv): string {
  return command
    .map((argument) => (argument.length > MAX_ARGUMENT ? `${argument.slice(0, MAX_ARGUMENT)}…` : argument))
    .map((argument) => (PLAIN.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`))
    .join(' ');
}

function describeEnd(end: ExecEnd): string {
  if (end.type === 'exit') return `exit ${end.code}`;
  return end.type === 'signal' ? `ended by ${end.signal}` : `stopped at its limit of ${formatDuration(end.limitMs)}`;
}
