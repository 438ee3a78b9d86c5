import { stopCommands } from './run-command.mjs';
import { explain } from './step.mjs';

/**
 * Runs a program of this folder: its exit code is what `work` resolves to. Ctrl-C reaches the running command by the
 * terminal, which cleans up and ends; we end after it. A second one ends us at once.
 */
export function main(work, whenStopped = async () => undefined) {
  let interrupted = false;
  const interrupt = (signal) => {
    if (interrupted) process.exit(130);
    interrupted = true;
    if (signal === 'SIGTERM') stopCommands();
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  const stopped = () => interrupted;
  work(stopped)
    .catch((error) => {
      console.error(`\n${explain(error)}`);
      return 1;
    })
    .then(async (code) => {
      if (interrupted) await whenStopped();
      process.exit(interrupted ? 130 : code);
    });
}
