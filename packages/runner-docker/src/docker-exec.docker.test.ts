import { createHash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import type { Environment } from '@alts/sdk/plugin';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Provisioned, printed, provisioned, text } from './environment.fixture.ts';
import { socketProxy } from './socket-proxy.fixture.ts';

// What the contract says is proved by conformance.test.ts; here is what is special in how it is done over Docker.

const MIB = 1024 * 1024;

/** How many processes inside have that argument. Counted out here: a grep inside would be one of them. */
async function sleeping(environment: Environment, argument: string): Promise<number> {
  const found = await printed(environment, 'cat /proc/[0-9]*/cmdline 2>/dev/null | tr "\\0" "\\n"');
  return found.split('\n').filter((one) => one === argument).length;
}

describe.each(['debian:11', 'debian:12', 'debian:13'])('exec in %s', (system) => {
  let made: Provisioned;
  beforeAll(async () => {
    made = await provisioned({}, system);
  });
  afterAll(() => made[Symbol.asyncDispose]());

  it('shows nothing of its own on stderr when a signal ends the command', async () => {
    const chunks: string[] = [];
    const { end, stderr } = await made.environment.exec(['sh', '-c', 'printf unfinished >&2; kill -SEGV $$'], {
      onOutput: ({ bytes }) => void chunks.push(text(bytes)),
    });
    expect(end).toEqual({ type: 'signal', signal: 'SIGSEGV' });
    expect(text(stderr)).toBe('unfinished');
    expect(chunks.join('')).toBe('unfinished');
  });

  it('tells SIGKILL from exit 137 and from exit 9', async () => {
    const end = async (script: string) => (await made.environment.exec(['sh', '-c', script])).end;
    expect(await end('kill -KILL $$')).toEqual({ type: 'signal', signal: 'SIGKILL' });
    expect(await end('exit 137')).toEqual({ type: 'exit', code: 137 });
    expect(await end('exit 9')).toEqual({ type: 'exit', code: 9 });
  });

  it('kills at the time limit what hides: no mark, another session, another user', async () => {
    const script = `
      sleep 7771 &
      env -i setsid sleep 7771 &
      setsid setpriv --reuid 65534 --regid 65534 --clear-groups sleep 7771 &
      (setsid sh -c 'sleep 7771 & wait' &)
      wait`;
    const { end } = await made.environment.exec(['sh', '-c', script], { timeoutMs: 1500 });
    expect(end).toEqual({ type: 'time-limit', limitMs: 1500 });
    expect(await sleeping(made.environment, '7771')).toBe(0);
  });

  it('lets what another command left behind live when one is killed', async () => {
    await made.environment.exec(['sh', '-c', 'setsid sleep 7772 > /dev/null 2>&1 &']);
    await made.environment.exec(['sleep', '7773'], { timeoutMs: 500 });
    expect(await sleeping(made.environment, '7772')).toBe(1);
  });

  it('speaks C.UTF-8 unless it is told otherwise', async () => {
    expect(await printed(made.environment, 'echo $LC_ALL')).toBe('C.UTF-8\n');
    const { stdout } = await made.environment.exec(['sh', '-c', 'echo $LC_ALL'], { env: { LC_ALL: 'de_DE' } });
    expect(text(stdout)).toBe('de_DE\n');
  });

  it('loses nothing to a reader who is slow when the command has ended and its daemon goes on', async () => {
    let bytes = 0;
    const script = 'head -c 400000 /dev/zero; sleep 7774 &';
    const { end } = await made.environment.exec(['sh', '-c', script], {
      onOutput: async (chunk) => {
        bytes += chunk.bytes.length;
        await made.environment.exec(['true']);
      },
    });
    expect(end).toEqual({ type: 'exit', code: 0 });
    expect(bytes).toBe(400_000);
  });
});

describe('exec', () => {
  it('waits for the last words of a command that was silent for long, though the engine says that it is over', async () => {
    await using proxy = await socketProxy({ lateMs: 400 });
    await using made = await provisioned({ host: proxy.host });
    expect(await printed(made.environment, 'sleep 1; echo the last words')).toBe('the last words\n');
  });

  it('holds 150 MiB for a slow reader in bounded memory, and brings every byte', async () => {
    await using made = await provisioned();
    const hash = createHash('sha256');
    let [bytes, most] = [0, 0];
    const before = process.memoryUsage.rss();
    await made.environment.exec(['head', '-c', String(150 * MIB), '/dev/zero'], {
      onOutput: async (chunk) => {
        hash.update(chunk.bytes);
        bytes += chunk.bytes.length;
        for (let turns = 0; turns < 5; turns += 1) await turn();
        most = Math.max(most, process.memoryUsage.rss());
      },
    });
    expect(bytes).toBe(150 * MIB);
    expect(hash.digest('hex')).toBe(
      createHash('sha256')
        .update(Buffer.alloc(150 * MIB))
        .digest('hex'),
    );
    expect((most - before) / MIB).toBeLessThan(75);
  });

  it('works where there is no setsid, and still kills all at the time limit', async () => {
    await using made = await provisioned();
    await printed(made.environment, 'rm "$(command -v setsid)"');
    const echoed = await made.environment.exec(['cat'], {
      stdin: (async function* () {
        yield Buffer.from('fed');
      })(),
    });
    expect(text(echoed.stdout)).toBe('fed');
    expect((await made.environment.exec(['sh', '-c', 'exit 7'])).end).toEqual({ type: 'exit', code: 7 });
    expect((await made.environment.exec(['sh', '-c', 'kill $$'])).end).toEqual({ type: 'signal', signal: 'SIGTERM' });
    await made.environment.exec(['sh', '-c', 'sleep 7775 & sleep 7775'], { timeoutMs: 1000 });
    expect(await sleeping(made.environment, '7775')).toBe(0);
  });

  it('kills what has filled the limit on processes, so that the environment is usable again', async () => {
    await using made = await provisioned({}, 'debian:12', { processes: 64 });
    const script = '(while :; do sleep 7776 & done) 2>/dev/null; exec sleep 7776';
    const { end } = await made.environment.exec(['sh', '-c', script], { timeoutMs: 2000 });
    expect(end).toEqual({ type: 'time-limit', limitMs: 2000 });
    expect(await sleeping(made.environment, '7776')).toBe(0);
  });

  it('says out_of_memory when the limit on memory ended a command', async () => {
    await using made = await provisioned({ memoryMiB: 64 });
    const running = made.environment.exec(['sh', '-c', 'exec tail /dev/zero']);
    await expect(running).rejects.toMatchObject({ code: 'out_of_memory' });
  });
});
