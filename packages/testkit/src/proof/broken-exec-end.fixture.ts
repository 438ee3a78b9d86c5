import type { ExecOptions, Runner } from '@alts/sdk/plugin';
import { type Broken, brokenExec, without } from './broken.fixture.ts';
import { naive } from './naive-exec.fixture.ts';

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();

const end: readonly Broken<Runner>[] = [
  {
    fault: 'throws when the exit code is not 0',
    breaks: 'gives the exit code as it is',
    make: brokenExec(async (exec, command, options) => {
      const result = await exec(command, options);
      if (result.end.type === 'exit' && result.end.code === 77) throw new Error('exit 77');
      return result;
    }),
  },
  {
    fault: 'makes an exit code of a signal',
    breaks: 'tells a signal by its name',
    make: brokenExec(async (exec, command, options) => {
      const result = await exec(command, options);
      return result.end.type === 'signal' ? { ...result, end: { type: 'exit', code: 137 } } : result;
    }),
  },
  {
    fault: 'makes a signal of exit 137',
    breaks: 'tells exit 137 and 139 from SIGKILL and SIGSEGV',
    make: brokenExec(async (exec, command, options) => {
      const result = await exec(command, options);
      const killed = result.end.type === 'exit' && result.end.code === 137;
      return killed ? { ...result, end: { type: 'signal', signal: 'SIGKILL' } } : result;
    }),
  },
  {
    fault: 'throws when there is no such program',
    breaks: 'when there is no such program',
    make: brokenExec(async (exec, command, options) => {
      const result = await exec(command, options);
      if (result.end.type === 'exit' && result.end.code === 127) throw new Error('ENOENT');
      return result;
    }),
  },
  {
    fault: 'waits until nobody holds the output open',
    breaks: 'a daemon that keeps its output open does not hold it',
    limitMs: 1000,
    make: brokenExec((_exec, command, options) => naive(command, options)),
  },
  {
    fault: 'kills what a command leaves running',
    breaks: 'and lives on',
    make: brokenExec(async (exec, command, options) => {
      const result = await exec(command, options);
      const pid = Number(text(result.stdout));
      if (pid > 1 && command.join(' ').includes('sleep')) process.kill(pid, 'SIGKILL');
      return result;
    }),
  },
];

const stop: readonly Broken<Runner>[] = [
  {
    fault: 'knows no time limit',
    breaks: 'ends with time-limit when the time is over',
    limitMs: 3000,
    make: brokenExec((exec, command, options) => exec(command, without(options, 'timeoutMs'))),
  },
  {
    fault: 'forgets what was written before the time limit',
    breaks: 'keeps what was written until then',
    make: brokenExec(async (exec, command, options) => {
      const result = await exec(command, options);
      return result.end.type === 'time-limit' ? { ...result, stdout: new Uint8Array() } : result;
    }),
  },
  {
    fault: 'kills one process group at the time limit',
    breaks: 'not even those with a session of their own',
    make: brokenExec((exec, command, options) =>
      options?.timeoutMs ? naive(command, options) : exec(command, options),
    ),
  },
  {
    fault: 'calls every command with a limit late',
    breaks: 'does not let a time limit touch a command that is quicker',
    make: brokenExec(async (exec, command, options) => {
      const result = await exec(command, options);
      return options?.timeoutMs ? { ...result, end: { type: 'time-limit', limitMs: options.timeoutMs } } : result;
    }),
  },
  {
    fault: 'rejects an abort with an error of its own',
    breaks: 'exec: time limit and abort: rejects with the reason of the signal',
    make: brokenExec((exec, command, options) =>
      exec(command, options).catch((error) => {
        throw options?.signal?.aborted ? new Error('aborted', { cause: error }) : error;
      }),
    ),
  },
  {
    fault: 'lets the command run on after an abort',
    breaks: 'exec: time limit and abort: rejects with the reason of the signal',
    make: brokenExec((exec, command, options) => {
      const aborted = new Promise<never>((_resolve, reject) => {
        options?.signal?.addEventListener('abort', () => reject(options.signal?.reason), { once: true });
      });
      return Promise.race([exec(command, without(options, 'signal')), aborted]);
    }),
  },
  {
    fault: 'starts although it was aborted before',
    breaks: 'starts nothing when the signal was aborted before',
    make: brokenExec(async (exec, command, options) => {
      const result = await exec(command, without(options, 'signal'));
      options?.signal?.throwIfAborted();
      return result;
    }),
  },
  {
    fault: 'waits for the reader before it rejects',
    breaks: 'rejects on abort even while a chunk is being dealt with',
    limitMs: 1000,
    make: brokenExec(async (exec, command, options) => {
      let last: unknown;
      const onOutput: ExecOptions['onOutput'] = (chunk) => {
        last = options?.onOutput?.(chunk);
        return last as Promise<void>;
      };
      return await exec(command, { ...options, onOutput }).finally(() => last);
    }),
  },
  {
    fault: 'swallows the errors of onOutput',
    breaks: 'rejects with the error of onOutput',
    limitMs: 1000,
    make: brokenExec((exec, command, options) =>
      exec(command, {
        ...options,
        onOutput: async (chunk) => {
          try {
            await options?.onOutput?.(chunk);
          } catch {}
        },
      }),
    ),
  },
];

export const brokenExecEnds: readonly Broken<Runner>[] = [...end, ...stop];
