import { spawn } from 'node:child_process';
import { buffer } from 'node:stream/consumers';
import type { Argv, ExecOptions, ExecResult } from '@alts/sdk/plugin';

/** As a beginner would write it: it waits for the streams, kills one group, and reads all there is into memory. */
export async function naive([program, ...args]: Argv, { timeoutMs, onOutput }: ExecOptions = {}): Promise<ExecResult> {
  const child = spawn(program, args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const timer = setTimeout(() => process.kill(-(child.pid ?? Number.NaN), 'SIGKILL'), timeoutMs ?? 2 ** 31 - 1);
  child.on('error', () => undefined);
  // Not `close`: a daemon that holds the output would hold us.
  const ended = new Promise<number>((resolve) => child.on('exit', (code) => resolve(code ?? 0)));
  const all = Promise.all([ended, buffer(child.stdout), buffer(child.stderr)]);
  const [code, stdout, stderr] = timeoutMs === undefined ? await all : [await ended, Buffer.alloc(0), Buffer.alloc(0)];
  clearTimeout(timer);
  await onOutput?.({ stream: 'stdout', bytes: stdout });
  const end =
    timeoutMs === undefined ? ({ type: 'exit', code } as const) : ({ type: 'time-limit', limitMs: timeoutMs } as const);
  return { end, stdout, stderr, truncated: false };
}
