import { randomUUID } from 'node:crypto';
import { OutputTail } from '../authoring/output-tail.ts';
import type { Argv, Environment, ExecOptions, ExecResult, OutputChunk } from '../contracts/environment.ts';
import { AltsError } from '../contracts/errors.ts';
import { MarkedParts } from './marked-parts.ts';

/** What {@link ExecOptions.keepBytes} is when nothing is said. */
const KEEP_BYTES = 65_536;

/**
 * Runs one command after the other. Positional: the mark; then for each command the bytes of its input (`-`: none), how
 * many words follow, and those words: variables as NAME=VALUE, program, arguments. No word is ever part of the script:
 * what is evaluated are references to positional parameters. After each command both streams say how it ended; input
 * that it left unread is read away.
 */
const SCRIPT = `mark=$1; shift
while [ $# -gt 0 ]; do
  bytes=$1 count=$2 at=0 words=; shift 2
  while [ $at -lt $count ]; do at=$((at + 1)); words="$words \\"\\\${$at}\\""; done
  if [ "$bytes" = - ]; then eval "(exec env$words)" </dev/null
  else head -c "$bytes" | { eval "(exec env$words)"; code=$?; cat >/dev/null; exit $code; }; fi
  code=$?; shift $count
  printf '%s:%s\\n' "$mark" "$code"
  printf '%s:%s\\n' "$mark" "$code" >&2
done`;

/** A command that waits for its result. */
interface Item {
  readonly command: Argv;
  readonly options: ExecOptions;
  readonly stdin: Uint8Array | undefined;
  readonly tails: { readonly stdout: OutputTail; readonly stderr: OutputTail };
  readonly done: PromiseWithResolvers<ExecResult>;
  /** Streams that have come to its end. */
  ended: number;
}

/**
 * An environment in which commands that are asked for at the same moment go in one round trip, one after the other: to
 * start a command in a container takes longer than most that only read, and an engine starts one at a time. When one of
 * them is aborted, so are those that have not come to their end. For commands that read and end by themselves; what a
 * signal ended shows as exit 128 and its number.
 */
export function batchedEnvironment(environment: Environment): Environment {
  let waiting: Item[] = [];
  const flush = (): void => {
    const items = waiting;
    waiting = [];
    runBatch(environment, items).catch((error: unknown) => {
      for (const { done } of items) done.reject(error);
    });
  };
  return {
    ...environment,
    read: environment.read.bind(environment),
    write: environment.write.bind(environment),
    async exec(command, options = {}) {
      const { cwd, user, timeoutMs, keepBytes = KEEP_BYTES } = options;
      if (cwd !== undefined || user !== undefined || timeoutMs !== undefined) return environment.exec(command, options);
      options.signal?.throwIfAborted();
      const stdin = options.stdin && Buffer.concat(await Array.fromAsync(options.stdin));
      const tails = { stdout: new OutputTail(keepBytes), stderr: new OutputTail(keepBytes) };
      const item: Item = { command, options, stdin, tails, done: Promise.withResolvers(), ended: 0 };
      if (waiting.push(item) === 1) setImmediate(flush);
      return item.done.promise;
    },
  };
}

async function runBatch(environment: Environment, items: readonly Item[]): Promise<void> {
  const [only] = items;
  if (only && items.length === 1) {
    const { command, options, stdin, done } = only;
    done.resolve(await environment.exec(command, { ...options, stdin: stdin && once(stdin) }));
    return;
  }
  const mark = randomUUID();
  const streams = { stdout: new MarkedParts(mark), stderr: new MarkedParts(mark) };
  const take = async ({ stream, bytes }: OutputChunk): Promise<void> => {
    for (const { index, piece, code } of streams[stream].push(bytes)) {
      const item = items[index];
      if (!item) continue;
      if (code !== undefined) end(item, code);
      else {
        item.tails[stream].add(piece);
        await item.options.onOutput?.({ stream, bytes: piece });
      }
    }
  };
  const signals = items.flatMap(({ options }) => options.signal ?? []);
  const { stderr } = await environment.exec(['sh', '-c', SCRIPT, 'sh', mark, ...items.flatMap(wordsOf)], {
    stdin: inputOf(items),
    signal: AbortSignal.any(signals),
    onOutput: take,
  });
  const why = Buffer.from(stderr).toString().trim().slice(-200);
  throw new AltsError('environment_lost', `the shell that reads the system ended too early: ${why}`);
}

/** The second of the two streams decides: what the first has may be all that came so far. */
function end(item: Item, code: number): void {
  item.ended += 1;
  if (item.ended < 2) return;
  const { stdout, stderr } = item.tails;
  item.done.resolve({
    end: { type: 'exit', code },
    stdout: stdout.bytes,
    stderr: stderr.bytes,
    truncated: stdout.truncated || stderr.truncated,
  });
}

function wordsOf({ command, options: { env = {} }, stdin }: Item): string[] {
  const words = [...Object.entries(env).map(([name, value]) => `${name}=${value}`), ...command];
  return [stdin ? String(stdin.length) : '-', String(words.length), ...words];
}

async function* inputOf(items: readonly Item[]): AsyncGenerator<Uint8Array> {
  for (const { stdin } of items) if (stdin) yield stdin;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
