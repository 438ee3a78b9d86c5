import { reap, removeAbandonedDirectories, safeLine } from '@alts/sdk';
import type { ReapCommandOptions } from './commands/reap.ts';
import { createRunner } from './container.ts';
import { EXIT } from './exit-codes.ts';
import { interruptible } from './interrupt.ts';

/** `alts reap`: a line for each environment and each temporary directory that was removed, then how many environments. */
export async function reapAbandoned(options: ReapCommandOptions): Promise<number> {
  const runner = await createRunner(options);
  using interrupt = interruptible(() => process.stderr.write('interrupted\n'));
  const { removed, inUse, failed } = await reap(runner, {
    signal: interrupt.signal,
    onRemoved: (id, { taskId }) => process.stdout.write(`removed ${id} of task ${taskId}\n`),
  }).catch((error: unknown) => {
    if (interrupt.signal.aborted) return { removed: [], inUse: 0, failed: [] };
    throw error;
  });
  if (interrupt.signal.aborted) return EXIT.interrupted;
  for (const path of await removeAbandonedDirectories()) process.stdout.write(`removed ${path}\n`);
  for (const { id, error } of failed) process.stderr.write(`could not remove ${id}: ${safeLine(error.message)}\n`);
  process.stdout.write(
    `${removed.length} removed, ${inUse} in use${failed.length > 0 ? `, ${failed.length} left` : ''}\n`,
  );
  return failed.length > 0 ? EXIT.error : EXIT.passed;
}
