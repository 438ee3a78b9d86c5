import { execa } from 'execa';
import { AltsError } from '../contracts/errors.ts';

export interface ToolResult {
  /** Left out when a signal ended it. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ToolOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

/** Lists of the refs of large repositories are some MiB. */
const MAX_OUTPUT = 64 * 1024 * 1024;
/** What a fetch may take, however slow the other side is. */
const LIMIT_MS = 10 * 60_000;

/**
 * Runs git or tar on this machine, without a terminal and without input; a non-zero exit is a result.
 * @throws the signal's reason on abort
 * @throws {AltsError} `not_supported` when the program is not on this machine; `repository_unavailable` when it takes
 *   longer than 10 minutes
 */
export async function runTool(
  program: string,
  args: readonly string[],
  { cwd, env, signal }: ToolOptions,
): Promise<ToolResult> {
  signal.throwIfAborted();
  const limit = AbortSignal.timeout(LIMIT_MS);
  const running = execa(program, args, {
    ...(cwd !== undefined && { cwd }),
    ...(env && { env, extendEnv: false }),
    stdin: 'ignore',
    reject: false,
    // A group of its own: what git has started goes with it.
    detached: true,
    maxBuffer: MAX_OUTPUT,
  });
  const stop = AbortSignal.any([signal, limit]);
  const kill = () => killGroup(running.pid);
  stop.addEventListener('abort', kill, { once: true });
  const ended = await running;
  stop.removeEventListener('abort', kill);
  signal.throwIfAborted();
  if (ended.code === 'ENOENT' && ended.exitCode === undefined) {
    throw new AltsError('not_supported', `${program} is not on this machine: install it to fetch test suites`);
  }
  if (limit.aborted) {
    throw new AltsError('repository_unavailable', `${program} ${args[0]} took longer than ${LIMIT_MS / 60_000} min`);
  }
  return { exitCode: ended.exitCode, stdout: ended.stdout, stderr: ended.stderr };
}

function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It has just ended.
  }
}

/** Whether the last words of a tool say that the disk is full. */
export function saysDiskFull(stderr: string): boolean {
  return /No space left on device|Disk quota exceeded/.test(stderr);
}
