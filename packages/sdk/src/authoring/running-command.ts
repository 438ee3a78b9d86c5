import { randomUUID } from 'node:crypto';
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Argv, Bytes, ExecOptions, OutputChunk } from '../contracts/environment.ts';
import { AltsError } from '../contracts/errors.ts';
import type { CommandProcess, CommandTransport } from './command-process.ts';
import { EXEC_SCRIPT, KILL_SCRIPT } from './exec-script.ts';
import { type EndMark, readToMark } from './marked-stream.ts';
import { OutputTail } from './output-tail.ts';

const DEFAULT_KEEP_BYTES = 65_536;
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** How long a start, a kill, or the end of a stream after a kill may take until the connection is dropped. */
const GRACE_MS = 5_000;

/** A command that runs inside, seen from outside. */
export interface RunningCommand {
  /** Resolves when both streams are read: with the mark that the wrapper wrote, undefined where it wrote none. */
  readonly end: Promise<EndMark | undefined>;
  /** Resolves with the exit code of the connection. */
  readonly closed: Promise<number | null>;
  readonly tails: Readonly<Record<OutputChunk['stream'], OutputTail>>;
  /** Kills it inside, with all that it started. */
  kill(): Promise<void>;
  /** What it wrote before it was killed; what escaped the kill does not hold this up for long. */
  drain(): Promise<unknown>;
  /** Lets go of the connection. */
  release(): void;
}

function wrapped(command: Argv, mark: string, { cwd = '/', user = '', env = {} }: ExecOptions): Argv {
  const wrong = Object.keys(env).find((name) => !VARIABLE.test(name));
  if (wrong !== undefined) {
    throw new AltsError('invalid_request', `env: ${JSON.stringify(wrong)} is not the name of a variable`);
  }
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const inner = ['sh', '-c', EXEC_SCRIPT, 'sh', mark, cwd, user, ...variables, '--', ...command];
  return ['env', `ALTS_EXEC=${mark}`, ...inner];
}

/** Resolves with the exit code when the process is over and its streams are at their end. */
export function closing(child: CommandProcess): Promise<number | null> {
  return new Promise((resolve) => {
    child.on('close', resolve);
    child.on('error', () => resolve(null));
  });
}

async function* noting(content: Bytes, onFault: (fault: unknown) => void): AsyncGenerator<Uint8Array> {
  try {
    yield* content;
  } catch (fault) {
    onFault(fault);
    throw fault;
  }
}

/** A command may leave its input unread, that is no fault; input that breaks off is. */
export function feed(stdin: Writable, content: Bytes | undefined, onFault: (fault: unknown) => void): void {
  stdin.on('error', () => undefined);
  if (content) pipeline(noting(content, onFault), stdin).catch(() => undefined);
  else stdin.end();
}

/** One chunk at a time, whichever stream it is from: a reader need not be prepared for two at once. */
function oneByOne(onOutput: NonNullable<ExecOptions['onOutput']>): (chunk: OutputChunk) => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  return (chunk) => {
    last = last.then(() => onOutput(chunk));
    return last;
  };
}

async function withGrace<T>(child: CommandProcess, promise: Promise<T>): Promise<T> {
  const limit = setTimeout(() => child.kill(), GRACE_MS);
  try {
    return await promise;
  } finally {
    clearTimeout(limit);
  }
}

async function killMarked(transport: CommandTransport, mark: string): Promise<void> {
  const killer = transport.start(['sh', '-c', KILL_SCRIPT, 'sh', mark]);
  feed(killer.stdin, undefined, () => undefined);
  killer.stdout.resume();
  killer.stderr.resume();
  await withGrace(killer, closing(killer));
}

/** False when the system is gone: then what ran in it is lost, and did not fail on its own. Asks by running a command. */
export async function answers(transport: CommandTransport): Promise<boolean> {
  const child = transport.start(['sh', '-c', ':']);
  feed(child.stdin, undefined, () => undefined);
  child.stdout.resume();
  child.stderr.resume();
  return (await withGrace(child, closing(child))) === 0;
}

/** Starts a command over a transport, in a wrapper that says when it starts and how it ends. */
export function runOver(
  transport: CommandTransport,
  command: Argv,
  options: ExecOptions,
  onFault: (fault: unknown) => void,
): RunningCommand {
  const { stdin, onOutput, keepBytes = DEFAULT_KEEP_BYTES } = options;
  const mark = `\x1ealts-${randomUUID()}`;
  const child = transport.start(wrapped(command, mark, options));
  const closed = closing(child);
  const started = Promise.withResolvers<void>();
  const deliver = onOutput && oneByOne(onOutput);
  const tails = { stdout: new OutputTail(keepBytes), stderr: new OutputTail(keepBytes) };
  const read = (stream: Readable, name: OutputChunk['stream']) =>
    readToMark(stream, {
      mark,
      onStart: started.resolve,
      take: async (bytes) => {
        tails[name].add(bytes);
        await deliver?.({ stream: name, bytes });
      },
    });
  const end = Promise.all([read(child.stdout, 'stdout'), read(child.stderr, 'stderr')]).then(([, said]) => said);
  feed(child.stdin, stdin, onFault);
  return {
    end,
    closed,
    tails,
    kill: async () => {
      // Not before it started: such a kill would find nothing, and the command would run on.
      await withGrace(child, Promise.race([started.promise, closed]));
      await killMarked(transport, mark);
    },
    drain: () => withGrace(child, end),
    release: () => {
      child.stdin.destroy();
      child.kill();
    },
  };
}
