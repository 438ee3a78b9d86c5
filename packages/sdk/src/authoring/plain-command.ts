import { buffer } from 'node:stream/consumers';
import type { Abortable, Argv, Bytes } from '../contracts/environment.ts';
import { AltsError } from '../contracts/errors.ts';
import type { CommandTransport } from './command-process.ts';
import { answers, closing, feed } from './running-command.ts';

/** Arguments of one command: a transport may have to put them all into one string of at most 128 KiB (execve(2)). */
const MAX_ARGUMENT_BYTES = 65_536;

/** Groups things so that the arguments of each group fit into one command. */
export function* batches<T>(items: Iterable<T>, argumentsOf: (item: T) => readonly string[]): Generator<T[]> {
  let batch: T[] = [];
  let bytes = 0;
  for (const item of items) {
    const size = argumentsOf(item).reduce((sum, argument) => sum + Buffer.byteLength(argument) + 1, 0);
    if (batch.length > 0 && bytes + size > MAX_ARGUMENT_BYTES) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
    batch.push(item);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}

/** Runs one of our own short commands, whose output is small. */
export async function runPlain(
  transport: CommandTransport,
  argv: Argv,
  { signal, stdin }: Abortable & { readonly stdin?: Bytes } = {},
): Promise<{ readonly code: number; readonly stdout: Buffer; readonly stderr: string }> {
  signal?.throwIfAborted();
  const child = transport.start(argv);
  const fault = Promise.withResolvers<never>();
  const onAbort = () => fault.reject(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  feed(child.stdin, stdin, fault.reject);
  try {
    const all = Promise.all([closing(child), buffer(child.stdout), buffer(child.stderr)]);
    const [code, stdout, stderr] = await Promise.race([all, fault.promise]);
    if (code === null || (code !== 0 && !(await answers(transport)))) {
      throw new AltsError('environment_lost', `the connection ended before ${argv[0]} did`);
    }
    return { code, stdout, stderr: stderr.toString() };
  } finally {
    signal?.removeEventListener('abort', onAbort);
    child.kill();
  }
}
