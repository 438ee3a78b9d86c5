import { Command, CommanderError } from 'commander';
import { configCommand } from './commands/config.ts';
import { devCommand } from './commands/dev.ts';
import { doctorCommand } from './commands/doctor.ts';
import { imageCommand } from './commands/image.ts';
import { reapCommand } from './commands/reap.ts';
import { schedulerCommand } from './commands/scheduler.ts';
import { testCommand } from './commands/test.ts';
import { tokenCommand } from './commands/token.ts';
import { workerCommand } from './commands/worker.ts';
import { EXIT } from './exit-codes.ts';
import { flush, ignoreClosedReaders } from './output.ts';

const EXAMPLES = `
Examples:
  $ alts test hello --on debian:12
  $ alts test ./hello.deb --on debian:12 --on debian:13 --format junit
  $ alts doctor

Exit codes: 0 passed, 1 the package failed, 2 wrong command line or request,
            3 infrastructure error, 130 interrupted
`;

/** Help goes to stdout; of errors commander prints nothing: {@link run} does, once and on one line. */
function configure(command: Command): void {
  command
    .exitOverride()
    .configureOutput({ outputError: () => {} })
    .showSuggestionAfterError(false);
  for (const child of command.commands) configure(child);
}

function program(version: string): Command {
  const alts = new Command('alts')
    .description('Tests whether an rpm or deb package works on a real, clean system.')
    .version(version)
    .addHelpText('after', EXAMPLES)
    .helpCommand(false)
    .addCommand(testCommand())
    .addCommand(reapCommand())
    .addCommand(doctorCommand())
    .addCommand(imageCommand())
    .addCommand(devCommand())
    .addCommand(schedulerCommand())
    .addCommand(workerCommand())
    .addCommand(configCommand())
    .addCommand(tokenCommand());
  configure(alts);
  return alts;
}

/**
 * Runs one command line and ends the process with the code that belongs to it.
 * @param args without node and script
 */
export async function run(args: readonly string[], version: string): Promise<void> {
  ignoreClosedReaders();
  let code: number;
  try {
    await program(version).parseAsync(args, { from: 'user' });
    code = Number(process.exitCode ?? EXIT.passed);
  } catch (error) {
    code = await explain(error);
  }
  await flush();
  // Not left to the event loop: a connection that an engine keeps open must not hold the command.
  process.exit(code);
}

/** Says on one line of stderr what was wrong; gives the exit code. */
async function explain(error: unknown): Promise<number> {
  if (error instanceof CommanderError && error.exitCode === 0) return EXIT.passed;
  if (error instanceof CommanderError && error.code === 'commander.help') return EXIT.usage;
  const { reportProblem } = await import('./report-problem.ts').catch(() => ({ reportProblem: reportBroken }));
  if (error instanceof CommanderError) return reportProblem(error.message.replace(/^error: /, ''), EXIT.usage);
  return reportProblem(error);
}

/** For an installation so broken that not even the module that says such things can be loaded. */
function reportBroken(problem: unknown): number {
  const message = problem instanceof Error ? problem.message : String(problem);
  process.stderr.write(`alts: ${message.replace(/\p{Cc}+/gu, ' ')}; this installation is broken\n`);
  return EXIT.error;
}
