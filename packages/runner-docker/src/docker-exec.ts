import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { AltsError, type Argv, type Bytes, type ExecOptions, type ExecResult } from '@alts/sdk/plugin';
import type { EngineContainer, EngineExec } from './docker-engine.ts';
import { endOfExec, endWithCommand, whyLost } from './exec-end.ts';
import { killInside } from './exec-kill.ts';
import { assertNotLost, mayBeLost } from './exec-killed.ts';
import { CallersFault, ExecOutput } from './exec-output.ts';
import { MARK_VARIABLE, readEnd, type Wrapping, wrap } from './exec-script.ts';
import { type Interruption, interruption } from './interruption.ts';

/** How long what was written before a kill may take to arrive after it. */
const AFTER_KILL_MS = 500;
/** How long a command may take to start before it is killed all the same. */
const BEGIN_MS = 5000;

const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;
const LOCALE = 'C.UTF-8';

/** Containers that have no setsid(1) of util-linux. */
const withoutSetsid = new WeakSet<EngineContainer>();

interface Started {
  readonly container: EngineContainer;
  readonly exec: EngineExec;
  readonly socket: Duplex;
  readonly output: ExecOutput;
  readonly mark: string;
}

async function start(
  container: EngineContainer,
  wrapping: Wrapping,
  command: Argv,
  options: ExecOptions,
): Promise<Started> {
  const { env = {}, cwd = '/', user, stdin } = options;
  const mark = randomUUID();
  const { LC_ALL: locale = LOCALE, ...others } = env;
  const variables = { ...others, LC_ALL: 'C', [MARK_VARIABLE]: mark };
  const exec = await container.exec({
    Cmd: wrap(wrapping, command, locale),
    Env: Object.entries(variables).map(([name, value]) => `${name}=${value}`),
    WorkingDir: cwd,
    ...(user === undefined ? {} : { User: user }),
    AttachStdin: stdin !== undefined,
    AttachStdout: true,
    AttachStderr: true,
  });
  const socket = await exec.start({ hijack: true, stdin: stdin !== undefined });
  return { container, exec, socket, output: new ExecOutput(options), mark };
}

/** A command may leave its input unread: that is no fault. Input that breaks off is. */
async function feed({ socket, output }: Started, stdin: Bytes | undefined): Promise<void> {
  await output.begun;
  // Not before it runs: what an attempt that failed to start has read would be missing in the next one.
  if (!stdin || output.stderr.session === undefined) return;
  let broken: CallersFault | undefined;
  const noting = async function* (): AsyncGenerator<Uint8Array> {
    try {
      yield* stdin;
    } catch (error) {
      broken = new CallersFault(error);
      throw error;
    }
  };
  await pipeline(noting(), socket, { end: true }).catch(() => undefined);
  if (broken) throw broken;
}

const never = new Promise<never>(() => undefined);

/** Kills it once it runs: before, a kill would find nothing, and the command would run on. */
async function kill({ container, mark, output }: Started): Promise<void> {
  await Promise.race([output.begun, sleep(BEGIN_MS, undefined, { ref: false })]);
  await killInside(container, mark, output.stderr.session);
}

/** Follows a command to its end; undefined when it never began. */
async function follow(
  started: Started,
  wrapping: Wrapping,
  options: ExecOptions,
  interrupted: Interruption,
): Promise<ExecResult | undefined> {
  const { socket, output, exec, container } = started;
  const over = new AbortController();
  const reading = output.read(socket);
  // Both may fail after the race below is decided.
  reading.catch(() => undefined);
  const feeding = feed(started, options.stdin).then(() => never);
  feeding.catch(() => undefined);
  void endWithCommand(exec, socket, output, over.signal);
  try {
    const how = await Promise.race([reading, feeding, interrupted.promise]);
    if (how === undefined) {
      const code = await endOfExec(exec, container);
      if (output.stderr.session === undefined) return undefined;
      const end = readEnd(wrapping, code, output.stderr.abnormal);
      if (mayBeLost(end)) await assertNotLost(container);
      return output.result(end);
    }
    await kill(started);
    if (how === 'abort') throw options.signal?.reason;
    await Promise.race([reading, sleep(AFTER_KILL_MS)]);
    return output.result({ type: 'time-limit', limitMs: options.timeoutMs ?? 0 });
  } catch (error) {
    if (!interrupted.happened) await kill(started);
    throw error;
  } finally {
    over.abort();
    socket.destroy();
  }
}

async function attempt(
  container: EngineContainer,
  wrapping: Wrapping,
  command: Argv,
  options: ExecOptions,
  interrupted: Interruption,
): Promise<{ readonly result: ExecResult | undefined; readonly unbegun: () => Promise<ExecResult> }> {
  const started = await start(container, wrapping, command, options);
  const result = await follow(started, wrapping, options, interrupted);
  const { output, exec } = started;
  const unbegun = async (): Promise<ExecResult> => {
    await output.flushUnbegun();
    return output.result({ type: 'exit', code: await endOfExec(exec, container) });
  };
  return { result, unbegun };
}

/** Runs it in a session by setsid, and where that does not begin, by sh alone. */
async function run(
  container: EngineContainer,
  command: Argv,
  options: ExecOptions,
  interrupted: Interruption,
): Promise<ExecResult> {
  if (!withoutSetsid.has(container)) {
    const { result } = await attempt(container, 'setsid', command, options, interrupted);
    if (result) return result;
  }
  const { result, unbegun } = await attempt(container, 'sh', command, options, interrupted);
  if (!result) return await unbegun();
  withoutSetsid.add(container);
  return result;
}

/** Runs one command in a container, with all that `Environment.exec` promises. */
export async function dockerExec(
  container: EngineContainer,
  command: Argv,
  options: ExecOptions = {},
): Promise<ExecResult> {
  const { signal, env = {} } = options;
  signal?.throwIfAborted();
  const wrong = Object.keys(env).find((name) => !VARIABLE.test(name));
  if (wrong !== undefined)
    throw new AltsError('invalid_request', `env: ${JSON.stringify(wrong)} is not the name of a variable`);
  using interrupted = interruption(options);
  try {
    return await run(container, command, options, interrupted);
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof CallersFault) throw error.error;
    throw AltsError.is(error) ? error : await whyLost(container, error);
  }
}
