import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { environmentOver } from '../authoring/environment-over.ts';
import type { Argv, Environment, ExecResult } from '../contracts/environment.ts';
import { batchedEnvironment } from './batched-environment.ts';

// Over processes of this machine: that the script does what it says is for a real shell to prove.

/** How many round trips there were. */
function counted(): { environment: Environment; commands: Argv[] } {
  const commands: Argv[] = [];
  const here = environmentOver(
    { start: ([program, ...args]) => spawn(program, args) },
    { id: 'here', system: { distribution: 'debian', version: '12' } },
  );
  const exec: Environment['exec'] = (command, options) => {
    commands.push(command);
    return here.exec(command, options);
  };
  return { environment: batchedEnvironment({ ...here, exec }), commands };
}

async function* bytesOf(text: string) {
  yield Buffer.from(text);
}

const shown = ({ end, stdout, stderr }: ExecResult) => [
  end.type === 'exit' ? end.code : end.type,
  Buffer.from(stdout).toString(),
  Buffer.from(stderr).toString(),
];

describe.runIf(process.platform === 'linux')('commands that are asked for at the same moment', () => {
  it('are one round trip, and each has its own outputs and end', async () => {
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
    expect(commands).toHaveLength(1);
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

  it('are stopped together when one of them is', async () => {
    const { environment } = counted();
    const stop = new AbortController();
    const hanging = environment.exec(['sleep', '1000'], { signal: stop.signal, onOutput: () => undefined });
    const after = environment.exec(['true']);
    setImmediate(() => setImmediate(() => stop.abort(new Error('enough'))));
    await expect(hanging).rejects.toThrow('enough');
    await expect(after).rejects.toThrow('enough');
  });

  it('all fail when the shell that runs them is killed', async () => {
    const { environment } = counted();
    const killing = environment.exec(['sh', '-c', 'kill -9 $PPID; sleep 1']);
    const after = environment.exec(['true']);
    await expect(killing).rejects.toMatchObject({ code: 'environment_lost' });
    await expect(after).rejects.toMatchObject({ code: 'environment_lost' });
  });
});

it.runIf(process.platform === 'linux')(
  'runs alone what comes alone, or wants a place or a limit of its own',
  async () => {
    const { environment, commands } = counted();
    await environment.exec(['true']);
    await Promise.all([environment.exec(['pwd'], { cwd: '/' }), environment.exec(['true'], { timeoutMs: 5000 })]);
    expect(commands).toEqual([['true'], ['pwd'], ['true']]);
  },
);
