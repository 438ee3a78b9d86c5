import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { environmentOver } from '../authoring/environment-over.ts';
import type { Argv, Environment, ExecResult } from '../contracts/environment.ts';
import { type ReadingEnvironment, readingEnvironment } from './reading-environment.ts';

// Over processes of this machine: that the script does what it says is for a real shell to prove.

/** The commands that were started from outside. */
function counted(): { environment: ReadingEnvironment; commands: Argv[] } {
  const commands: Argv[] = [];
  const here = environmentOver(
    { start: ([program, ...args]) => spawn(program, args) },
    { id: 'here', system: { distribution: 'debian', version: '12' } },
  );
  const exec: Environment['exec'] = (command, options) => {
    commands.push(command);
    return here.exec(command, options);
  };
  const environment = readingEnvironment({ ...here, exec });
  open.push(environment);
  return { environment, commands };
}

const open: ReadingEnvironment[] = [];
afterEach(async () => {
  for (const environment of open.splice(0)) await environment.close();
});

/** What was killed stays as a zombie until init looks after it. */
function runs(pid: string): boolean {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

async function* bytesOf(text: string) {
  yield Buffer.from(text);
}

const shown = ({ end, stdout, stderr }: ExecResult) => [
  end.type === 'exit' ? end.code : end.type,
  Buffer.from(stdout).toString(),
  Buffer.from(stderr).toString(),
];

describe.runIf(process.platform === 'linux')('commands in shells that stay', () => {
  it('are started by no more than two, and each has its own outputs and end', async () => {
    const { environment, commands } = counted();
    const results = await Promise.all([
      environment.exec(['printf', '%s', 'no newline']),
      environment.exec(['sh', '-c', 'echo out; echo err >&2; exit 3']),
      environment.exec(['true']),
      environment.exec(['no-such-program-here']),
    ]);
    expect(results.slice(0, 3).map(shown)).toEqual([
      [0, 'no newline', ''],
      [3, 'out\n', 'err\n'],
      [0, '', ''],
    ]);
    expect(results[3]?.end).toEqual({ type: 'exit', code: 127 });
    for (const word of ['a', 'b', 'c'])
      expect(shown(await environment.exec(['echo', word]))).toEqual([0, `${word}\n`, '']);
    expect(commands).toHaveLength(2);
    expect(commands.every(([program]) => program === 'sh')).toBe(true);
  });

  it("have their own input and variables, and what one leaves unread is not the next one's", async () => {
    const { environment } = counted();
    const results = await Promise.all([
      environment.exec(['head', '-n', '1'], { stdin: bytesOf(`one\n${'x'.repeat(300_000)}`) }),
      environment.exec(['cat']),
      environment.exec(['sh', '-c', 'cat; printf %s "$NAME"'], { stdin: bytesOf('two '), env: { NAME: "it's $HOME" } }),
    ]);
    expect(results.map(shown)).toEqual([
      [0, 'one\n', ''],
      [0, '', ''],
      [0, "two it's $HOME", ''],
    ]);
  });

  it('take no word for a script', async () => {
    const { environment } = counted();
    const words = ['$(id)', '`id`', '"; exit 9; "', "'", '\\', 'a\nb', ''];
    const [result] = await Promise.all([environment.exec(['printf', '<%s>', ...words]), environment.exec(['true'])]);
    expect(shown(result)).toEqual([0, words.map((word) => `<${word}>`).join(''), '']);
  });

  it('hand on what they write while they write it, up to the last byte', async () => {
    const { environment } = counted();
    const pieces: Uint8Array[] = [];
    const [large, small] = await Promise.all([
      environment.exec(['sh', '-c', 'head -c 3000000 /dev/zero; printf end'], {
        keepBytes: 10,
        onOutput: ({ bytes }) => void pieces.push(Uint8Array.from(bytes)),
      }),
      environment.exec(['echo', 'small']),
    ]);
    expect(Buffer.concat(pieces)).toHaveLength(3_000_003);
    expect(Buffer.from(large.stdout).toString()).toBe(`${'\0'.repeat(7)}end`);
    expect([large.truncated, small.truncated]).toEqual([true, false]);
    expect(shown(small)).toEqual([0, 'small\n', '']);
  });

  it('end by a signal as others do', async () => {
    const { environment } = counted();
    expect((await environment.exec(['sh', '-c', 'kill -9 $$'])).end).toEqual({ type: 'signal', signal: 'SIGKILL' });
  });

  it('end at their limit, with what they said until then; others of the same shell are run by another', async () => {
    const { environment, commands } = counted();
    const slow = ['sh', '-c', 'echo begun; sleep 1000'] as const;
    const results = await Promise.all([
      environment.exec(slow, { timeoutMs: 1000 }),
      environment.exec(slow, { timeoutMs: 1000 }),
      environment.exec(['echo', 'next']),
    ]);
    const stopped = { type: 'time-limit', limitMs: 1000 };
    expect(results.map(({ end }) => end)).toEqual([stopped, stopped, { type: 'exit', code: 0 }]);
    expect(results.map(({ stdout }) => Buffer.from(stdout).toString())).toEqual(['begun\n', 'begun\n', 'next\n']);
    expect(commands).toHaveLength(3);
  });

  it('wait for nothing where the shells were started before', async () => {
    const { environment, commands } = counted();
    environment.warm();
    environment.warm();
    expect(commands).toHaveLength(2);
    await Promise.all([environment.exec(['true']), environment.exec(['true']), environment.exec(['true'])]);
    expect(commands).toHaveLength(2);
  });

  it('do not wait for others on their own time', async () => {
    const { environment } = counted();
    const long = environment.exec(['sleep', '1.5']);
    const other = environment.exec(['sleep', '1.5']);
    const short = await environment.exec(['echo', 'short'], { timeoutMs: 1000 });
    expect(shown(short)).toEqual([0, 'short\n', '']);
    expect((await Promise.all([long, other])).map(({ end }) => end)).toEqual([
      { type: 'exit', code: 0 },
      { type: 'exit', code: 0 },
    ]);
  });

  it('leave nothing running when they are aborted', async () => {
    const { environment } = counted();
    const stop = new AbortController();
    const pids: string[] = [];
    const hanging = environment.exec(['sh', '-c', 'echo $$; sleep 1000'], {
      signal: stop.signal,
      onOutput: ({ bytes }) => {
        pids.push(Buffer.from(bytes).toString().trim());
        stop.abort(new Error('enough'));
      },
    });
    await expect(hanging).rejects.toThrow('enough');
    await environment.close();
    expect(pids).toHaveLength(1);
    await expect.poll(() => runs(pids[0] ?? '')).toBe(false);
    await expect(environment.exec(['true'], { signal: stop.signal })).rejects.toThrow('enough');
    expect(shown(await environment.exec(['echo', 'on']))).toEqual([0, 'on\n', '']);
  });

  it('fail with the error of whoever reads their output, and others go on', async () => {
    const { environment } = counted();
    const reading = environment.exec(['echo', 'x'], {
      onOutput: () => {
        throw new Error('I cannot read this');
      },
    });
    await expect(reading).rejects.toThrow('I cannot read this');
    expect(shown(await environment.exec(['echo', 'on']))).toEqual([0, 'on\n', '']);
  });

  it('are lost with the shell that runs them, and the next have another', async () => {
    const { environment } = counted();
    await expect(environment.exec(['sh', '-c', 'kill -9 $PPID; sleep 1'])).rejects.toMatchObject({
      code: 'environment_lost',
    });
    expect(shown(await environment.exec(['echo', 'on']))).toEqual([0, 'on\n', '']);
  });
});

it.runIf(process.platform === 'linux')('runs as ever what wants a place of its own', async () => {
  const { environment, commands } = counted();
  expect(shown(await environment.exec(['pwd'], { cwd: '/tmp' }))).toEqual([0, '/tmp\n', '']);
  expect(commands).toEqual([['pwd']]);
});
