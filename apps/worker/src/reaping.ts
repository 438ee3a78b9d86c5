import { type Runner, reap, removeAbandonedDirectories } from '@alts/sdk';
import type { Log } from './parts.ts';
import { within } from './within.ts';

/** How long one reaping may take. What is left is for the next one. */
const LIMIT_MS = 5 * 60_000;

/** What workers that were killed left on this machine goes. That it could not be done is worth a line, no more. */
export async function reapAll(runners: ReadonlyMap<string, Runner>, log: Log, signal: AbortSignal): Promise<void> {
  const directories = await removeAbandonedDirectories();
  if (directories.length > 0) log.info({ removed: directories.join(', ') }, 'removed temporary files of the dead');
  await Promise.all([...runners].map(([name, runner]) => reapOne(name, runner, log, signal)));
}

async function reapOne(name: string, runner: Runner, log: Log, stop: AbortSignal): Promise<void> {
  const removed: string[] = [];
  const onRemoved = (id: string) => removed.push(id);
  try {
    const { failed } = await within(LIMIT_MS, stop, (signal) => reap(runner, { signal, onRemoved }));
    for (const { id, error } of failed) {
      log.warn({ runner: name, id, error: error.message }, 'what was abandoned could not be removed');
    }
  } catch (error) {
    if (!stop.aborted) log.warn({ runner: name, error }, 'nobody could look for what was abandoned');
  }
  if (removed.length > 0) log.info({ runner: name, removed: removed.join(', ') }, 'removed what was abandoned');
}
