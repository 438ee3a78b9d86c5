import { constants } from 'node:os';
import type { Argv, ExecEnd, ExecOptions, ExecResult } from '../contracts/environment.ts';
import { AltsError } from '../contracts/errors.ts';
import type { CommandTransport } from './command-process.ts';
import { answers, type RunningCommand, runOver } from './running-command.ts';

function signalName(code: number): string {
  const found = Object.entries(constants.signals).find(([, number]) => number === code - 128);
  return found?.[0] ?? `SIG${code - 128}`;
}

/** Without a mark the wrapper itself was killed (memory ran out, `kill -9 -1`), never started, or the system is gone. */
async function endOf(transport: CommandTransport, running: RunningCommand): Promise<ExecEnd> {
  const mark = await running.end;
  if (mark?.how === 'exit') return { type: 'exit', code: mark.code };
  if (mark) return { type: 'signal', signal: signalName(mark.code) };
  const code = await running.closed;
  if (code === null || !(await answers(transport))) {
    throw new AltsError('environment_lost', 'the connection ended before the command did');
  }
  return code > 128 ? { type: 'signal', signal: signalName(code) } : { type: 'exit', code };
}

/**
 * Runs a command over a transport, with all that `Environment.exec` promises. Needs sh, coreutils and grep inside;
 * setpriv (util-linux) and getent where another user is wanted.
 */
export async function execOver(
  transport: CommandTransport,
  command: Argv,
  options: ExecOptions = {},
): Promise<ExecResult> {
  const { signal, timeoutMs } = options;
  signal?.throwIfAborted();
  const fault = Promise.withResolvers<never>();
  const late = Promise.withResolvers<'late'>();
  const onAbort = () => fault.reject(signal?.reason);
  const running = runOver(transport, command, options, fault.reject);
  signal?.addEventListener('abort', onAbort, { once: true });
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => late.resolve('late'), timeoutMs);
  const ended = endOf(transport, running);
  ended.catch(() => undefined);
  try {
    let end = await Promise.race([ended, late.promise, fault.promise]);
    if (end === 'late') {
      end = { type: 'time-limit', limitMs: timeoutMs ?? 0 };
      await running.kill();
      await Promise.race([running.drain(), fault.promise]);
    }
    const { stdout, stderr } = running.tails;
    return { end, stdout: stdout.bytes, stderr: stderr.bytes, truncated: stdout.truncated || stderr.truncated };
  } catch (error) {
    await running.kill();
    throw error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
    fault.promise.catch(() => undefined);
    running.release();
  }
}
