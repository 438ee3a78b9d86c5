import { type Runner, reap, removeAbandonedDirectories } from '@alts/sdk';
import type { Log } from './parts.ts';

/** What workers that were killed left on this machine goes. That it could not be done is worth a line, no more. */
export async function reapAll(runners: ReadonlyMap<string, Runner>, log: Log, signal?: AbortSignal): Promise<void> {
  const directories = await removeAbandonedDirectories();
  if (directories.length > 0) log.info({ removed: directories.join(', ') }, 'removed temporary files of the dead');
  for (const [name, runner] of runners) {
    try {
      const { removed, failed } = await reap(runner, { signal });
      if (removed.length > 0) log.info({ runner: name, removed: removed.join(', ') }, 'removed what was abandoned');
      for (const { id, error } of failed) {
        log.warn({ runner: name, id, error: error.message }, 'what was abandoned could not be removed');
      }
    } catch (error) {
      if (!signal?.aborted) log.warn({ runner: name, error }, 'nobody could look for what was abandoned');
    }
  }
}
