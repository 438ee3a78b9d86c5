import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { AltsError } from '@alts/sdk/plugin';
import type { EngineContainer, EngineExec } from './docker-engine.ts';
import { fromDocker } from './docker-errors.ts';
import type { ExecOutput } from './exec-output.ts';

/**
 * How often the engine is asked whether a command is over whose stream stays open: a daemon that it left behind holds
 * the stream.
 */
const POLL_MS = 250;
/** An engine that does not answer so many times in a row is gone, and the stream with it. */
const MAX_FAILURES = 4;
/** So long nothing comes after the end: then all has come that the command itself wrote, on a busy machine, too. */
const QUIET_MS = 1000;
/** So long, and so much, is read after the end though a daemon writes on. */
const MAX_DRAIN_MS = 3000;
const MAX_DRAIN_BYTES = 8 * 1024 * 1024;
const DRAIN_POLL_MS = 50;
/** The engine may say that a command runs for a moment after its stream ended. */
const SETTLE_MS = 20;
const MAX_SETTLES = 250;

/** Ends the stream soon after the command itself has ended, whoever else holds it; a slow reader still gets all. */
export async function endWithCommand(
  exec: EngineExec,
  socket: Duplex,
  output: ExecOutput,
  over: AbortSignal,
): Promise<void> {
  const pause = (ms: number): Promise<void> =>
    sleep(ms, undefined, { signal: over, ref: false }).catch(() => undefined);
  let failures = 0;
  for (let running = true; running; ) {
    await pause(POLL_MS);
    if (over.aborted) return;
    try {
      running = (await exec.inspect()).Running;
      failures = 0;
    } catch {
      failures += 1;
      running = failures < MAX_FAILURES;
    }
  }
  const before = output.bytes;
  let [seen, quietMs, waitedMs] = [before, 0, 0];
  while (!over.aborted && quietMs < QUIET_MS && waitedMs < MAX_DRAIN_MS && seen - before <= MAX_DRAIN_BYTES) {
    await pause(DRAIN_POLL_MS);
    // In pauses, not by the clock: in each the stream is read, however little of the machine this process gets.
    if (output.waiting) waitedMs += DRAIN_POLL_MS;
    quietMs = output.waiting && output.bytes === seen ? quietMs + DRAIN_POLL_MS : 0;
    seen = output.bytes;
  }
  socket.destroy();
}

/** The exit code, once the engine has it. */
export async function endOfExec(exec: EngineExec, container: EngineContainer): Promise<number> {
  for (let turn = 0; turn < MAX_SETTLES; turn += 1) {
    const { ExitCode: code, Running } = await exec.inspect();
    if (!Running && code !== null) return code;
    if (!(await container.inspect()).State.Running) break;
    await sleep(SETTLE_MS);
  }
  throw await whyLost(container, new Error('the stream ended before the command did'));
}

/** Why a command has no result: the container is gone, memory ran out, or the engine does not answer. */
export async function whyLost(container: EngineContainer, error: unknown): Promise<AltsError> {
  const state = await container.inspect().then(
    ({ State }) => State,
    (cause: unknown) => fromDocker(cause, 'the environment is lost', 'environment_lost'),
  );
  if (state instanceof AltsError) return state;
  if (state.OOMKilled && !state.Running) return new AltsError('out_of_memory', 'the environment ran out of memory');
  if (!state.Running) return new AltsError('environment_lost', `the container has stopped (exit ${state.ExitCode})`);
  return fromDocker(error, 'the connection to the command broke', 'environment_lost');
}
