import { join } from 'node:path';
import { execa } from 'execa';
import type { ExecEnd, OutputChunk } from '../../contracts/environment.ts';
import type { Play, PlayResult } from '../../contracts/test-suites.ts';
import { killPlay } from './kill-play.ts';
import { playEnvironment } from './play-environment.ts';
import { type PlayFiles, writePlayFiles } from './play-files.ts';
import { PlayWitness } from './play-verdict.ts';

const NOT_INSTALLED =
  'ansible-playbook is not on this machine: install ansible here (Debian and Ubuntu: apt-get install ansible)';

/**
 * Runs a playbook on this machine, connected to the environment. A playbook is code that runs HERE, too, as the user who
 * runs the test: `local_action`, `delegate_to` and lookups see this machine. That few variables are passed keeps secrets
 * from what is printed, not from a playbook that looks for them.
 * @throws the signal's reason on abort
 */
export async function runPlay(play: Play): Promise<PlayResult> {
  play.signal.throwIfAborted();
  await using files = await writePlayFiles(play.inventory, play.variables);
  return await runWith(files, play);
}

async function runWith(files: PlayFiles, play: Play): Promise<PlayResult> {
  const { suite, inventory, timeoutMs, signal } = play;
  const witness = new PlayWitness(inventory);
  const args = ['-i', files.inventory, '-e', `@${files.variables}`, join(suite.root, play.playbook)];
  const running = execa('ansible-playbook', args, {
    cwd: join(suite.root, suite.dir),
    env: playEnvironment(files, inventory, play.variables),
    extendEnv: false,
    stdin: 'ignore',
    buffer: false,
    reject: false,
    // A group of its own: what it has started goes with it.
    detached: true,
  });
  const limit = AbortSignal.timeout(Math.max(1, timeoutMs));
  const stop = AbortSignal.any([signal, limit]);
  let group = running.pid;
  const sweep = (): Promise<void> => {
    const killed = killPlay(group, `HOME=${files.directory}`);
    // Its number may be another's when it is gone.
    group = undefined;
    return killed;
  };
  const giveUp = (): void => {
    void sweep();
    // Whoever hides from us may keep the output open.
    running.stdout.destroy();
    running.stderr.destroy();
  };
  // What it leaves behind here would keep the output open.
  running.nodeChildProcess.once('exit', () => void sweep());
  stop.addEventListener('abort', giveUp, { once: true });
  const hear = async (chunk: OutputChunk): Promise<void> => {
    witness.push(chunk);
    await play.onOutput(chunk);
  };
  try {
    const [ended] = await Promise.all([
      running,
      listen(running.stdout, 'stdout', hear, stop),
      listen(running.stderr, 'stderr', hear, stop),
    ]);
    signal.throwIfAborted();
    if (ended.code === 'ENOENT' && ended.exitCode === undefined) return { unusable: NOT_INSTALLED };
    const end = endOf(ended, limit.aborted ? timeoutMs : undefined);
    const unusable = witness.whyUnusable(end);
    return unusable === undefined ? { end } : { unusable };
  } finally {
    stop.removeEventListener('abort', giveUp);
    await sweep();
  }
}

async function listen(
  output: AsyncIterable<Uint8Array>,
  stream: OutputChunk['stream'],
  hear: (chunk: OutputChunk) => Promise<void>,
  stop: AbortSignal,
): Promise<void> {
  try {
    for await (const bytes of output) await hear({ stream, bytes });
  } catch (error) {
    // It was cut off by us.
    if (!stop.aborted) throw error;
  }
}

function endOf({ exitCode, signal }: { exitCode?: number; signal?: string }, limitMs: number | undefined): ExecEnd {
  if (limitMs !== undefined) return { type: 'time-limit', limitMs };
  return exitCode === undefined ? { type: 'signal', signal: signal ?? 'SIGKILL' } : { type: 'exit', code: exitCode };
}
