import type { Bytes, ExecOptions, ExecResult, Runner } from '@alts/sdk/plugin';
import { type Broken, brokenExec, without } from './broken.fixture.ts';
import { naive } from './naive-exec.fixture.ts';

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();

async function* firstOf(content: Bytes): AsyncGenerator<Uint8Array> {
  for await (const piece of content) {
    yield piece;
    return;
  }
}

async function* again(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* pieces;
}

const input: readonly Broken<Runner>[] = [
  {
    fault: 'makes a shell line of the arguments',
    breaks: 'hands on the arguments as they are',
    make: brokenExec((exec, command, options) => exec(['sh', '-c', command.join(' ')], options)),
  },
  {
    fault: 'drops empty arguments',
    breaks: 'hands on the arguments as they are',
    make: brokenExec((exec, [program, ...args], options) => exec([program, ...args.filter(Boolean)], options)),
  },
  {
    fault: 'drops variables',
    breaks: 'adds variables to those of the environment',
    make: brokenExec((exec, command, options) => exec(command, without(options, 'env'))),
  },
  {
    fault: 'puts variables in the place of those that were there',
    breaks: 'adds variables to those of the environment',
    make: brokenExec((exec, command, options) =>
      exec(options?.env ? ['env', '-u', 'PATH', `/bin/${command[0]}`, ...command.slice(1)] : command, options),
    ),
  },
  {
    fault: 'ignores the directory',
    breaks: 'runs in / unless another directory is named',
    make: brokenExec((exec, command, options) => exec(command, without(options, 'cwd'))),
  },
  {
    fault: 'runs somewhere when no directory is named',
    breaks: 'runs in / unless another directory is named',
    make: brokenExec((exec, command, options) => exec(command, { cwd: '/tmp', ...options })),
  },
  {
    fault: 'ignores the user',
    breaks: 'runs as another user',
    make: brokenExec((exec, command, options) => exec(command, without(options, 'user'))),
  },
  {
    fault: 'ignores the input',
    breaks: 'feeds every byte of the input',
    make: brokenExec((exec, command, options) => exec(command, without(options, 'stdin'))),
  },
  {
    fault: 'waits for the end of the input before it starts the command',
    breaks: 'feeds the input as it comes',
    make: brokenExec(async (exec, command, options) => {
      const pieces = options?.stdin && (await Array.fromAsync(options.stdin));
      return exec(command, pieces ? { ...options, stdin: again(pieces) } : options);
    }),
  },
  {
    fault: 'feeds the first piece of the input only',
    breaks: 'feeds every byte of the input',
    make: brokenExec((exec, command, options) =>
      exec(command, options?.stdin ? { ...options, stdin: firstOf(options.stdin) } : options),
    ),
  },
  {
    fault: 'leaves the input open when there is none',
    breaks: 'gives empty input unless there is some',
    limitMs: 1000,
    make: brokenExec((exec, command, options) => exec(command[0] === 'cat' ? ['sleep', '30'] : command, options)),
  },
];

const output: readonly Broken<Runner>[] = [
  {
    fault: 'mixes stderr into stdout',
    breaks: 'keeps stdout and stderr apart',
    make: brokenExec((exec, command, options) => exec(['sh', '-c', 'exec "$@" 2>&1', 'sh', ...command], options)),
  },
  {
    fault: 'brings output when all is over',
    breaks: 'brings output while the command runs',
    limitMs: 1000,
    make: brokenExec((_exec, command, options) => naive(command, options)),
  },
  {
    fault: 'does not wait for the reader',
    breaks: 'one chunk at a time',
    make: brokenExec((exec, command, options) =>
      exec(command, {
        ...options,
        onOutput: (chunk) => void Promise.resolve(options?.onOutput?.(chunk)).catch(() => undefined),
      }),
    ),
  },
  {
    fault: 'loses a byte of each chunk',
    breaks: 'brings 20 MB to a slow reader whole',
    make: brokenExec((exec, command, options) =>
      exec(command, {
        ...options,
        onOutput: (chunk) => options?.onOutput?.({ ...chunk, bytes: chunk.bytes.subarray(1) }),
      }),
    ),
  },
  {
    fault: 'reads ahead without a limit',
    breaks: 'slows the command down when nobody reads',
    make: brokenExec(async (exec, command, options) => {
      let last = Promise.resolve();
      const onOutput: ExecOptions['onOutput'] = (chunk) => {
        last = last.then(() => options?.onOutput?.(chunk));
      };
      const result = await exec(command, { ...options, onOutput });
      await last;
      return result;
    }),
  },
  {
    fault: 'keeps as much as it likes',
    breaks: 'keeps the last bytes of each stream',
    make: brokenExec((exec, command, options) => exec(command, { ...options, keepBytes: 1_000_000 })),
  },
  {
    fault: 'does not say that there was more',
    breaks: 'keeps the last bytes of each stream',
    make: brokenExec(async (exec, command, options) => ({ ...(await exec(command, options)), truncated: false })),
  },
  {
    fault: 'takes output for text',
    breaks: 'hands on bytes that are no text',
    make: brokenExec(async (exec, command, options) => {
      const result = await exec(command, options);
      return { ...result, stdout: Buffer.from(text(result.stdout)) };
    }),
  },
  {
    fault: 'gives to one command the result of another that runs at the same time',
    breaks: 'mixes nothing up when many commands run at once',
    make: (runner) => {
      let before: Promise<ExecResult> | undefined;
      return brokenExec((exec, command, options) => {
        const mine = exec(command, options);
        // Nobody may ask for it, and its environment goes when the case has failed.
        mine.catch(() => undefined);
        const other = before;
        before = mine;
        return command.includes('7') && other ? other : mine;
      })(runner);
    },
  },
];

export const brokenExecs: readonly Broken<Runner>[] = [...input, ...output];
