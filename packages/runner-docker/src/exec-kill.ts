import type { EngineContainer } from './docker-engine.ts';
import { KILL_SCRIPT } from './exec-script.ts';

/** How long a kill may take before the command is given up. */
const KILL_MS = 10_000;

/**
 * Kills a command inside, with all that it started, as the superuser. Never throws: where it cannot reach the command
 * any more, the environment is lost, and the next call to it says so.
 */
export async function killInside(container: EngineContainer, mark: string, session: number | undefined): Promise<void> {
  try {
    const killer = await container.exec({
      Cmd: ['/bin/sh', '-c', KILL_SCRIPT, 'sh', mark, String(session ?? '')],
      User: '0',
      AttachStdout: true,
      AttachStderr: true,
    });
    const stream = await killer.start({ hijack: true, stdin: false });
    const limit = setTimeout(() => stream.destroy(), KILL_MS);
    try {
      for await (const _ of stream);
    } finally {
      clearTimeout(limit);
    }
  } catch {
    // See above: whatever is wrong with the engine is said by the call that needs it.
  }
}
