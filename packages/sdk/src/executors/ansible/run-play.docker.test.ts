import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Play } from '../../contracts/test-suites.ts';
import { runPlay } from './run-play.ts';

/** A play of these tasks, in JSON, which is YAML, too; the environment is this machine. Resolves to it and its output. */
async function playOf(tasks: object[], fields: Partial<Play> = {}, hosts = 'all') {
  const root = await mkdtemp(join(tmpdir(), 'alts-run-play-'));
  onTestFinished(() => rm(root, { recursive: true }));
  await writeFile(join(root, 'a b.yml'), JSON.stringify([{ hosts, gather_facts: false, tasks }]));
  const output: string[] = [];
  const play: Play = {
    suite: { root, dir: '', name: 'x', source: 'x', async [Symbol.asyncDispose]() {} },
    playbook: 'a b.yml',
    inventory: { ansible_connection: 'local' },
    variables: { DIRECTORY: root },
    timeoutMs: 60_000,
    signal: new AbortController().signal,
    onOutput: ({ bytes }) => void output.push(Buffer.from(bytes).toString()),
    ...fields,
  };
  return { root, play, output };
}

const shell = (line: string) => ({ 'ansible.builtin.shell': line });

describe('a playbook', () => {
  it('ends as its exit code says', async () => {
    const good = await playOf([shell('true')]);
    expect(await runPlay(good.play)).toEqual({ end: { type: 'exit', code: 0 } });
    expect(good.output.join('')).toContain('changed: [environment]');
    const bad = await playOf([shell('false')]);
    expect(await runPlay(bad.play)).toEqual({ end: { type: 'exit', code: 2 } });
  });

  it.each(['localhost', 'someother'])('does not count where it is for %s alone', async (hosts) => {
    const { play } = await playOf([shell('true')], {}, hosts);
    expect(await runPlay(play)).toEqual({ unusable: expect.stringContaining('none of its plays is for') });
  });

  it('cannot be run without the plugin of the connection, and says what to install', async () => {
    const { play } = await playOf([shell('true')], { inventory: { ansible_connection: 'alts.nobody.has' } });
    expect(await runPlay(play)).toEqual({ unusable: expect.stringContaining('collection install alts.nobody"') });
  });

  it('ends with who listens to it', async () => {
    const onOutput = () => {
      throw new Error('the log is closed');
    };
    const { play } = await playOf([shell('sleep 8606644')], { onOutput });
    await expect(runPlay(play)).rejects.toThrow('the log is closed');
  });
});

describe.runIf(process.platform === 'linux')('what a playbook has started on this machine', () => {
  const CHILDREN = 'cd "{{ DIRECTORY }}"; sleep 8606644 & echo $! > one; setsid sleep 8606644 & echo $! > two; ';

  async function left(root: string): Promise<string[]> {
    const commands = ['one', 'two'].map(async (name) => {
      const pid = (await readFile(join(root, name), 'utf8')).trim();
      return readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    });
    return (await Promise.all(commands)).filter((command) => command.includes('8606644'));
  }

  it('is killed at its limit', async () => {
    const { root, play } = await playOf([shell(`${CHILDREN} wait`)], { timeoutMs: 8000 });
    expect(await runPlay(play)).toEqual({ end: { type: 'time-limit', limitMs: 8000 } });
    expect(await left(root)).toEqual([]);
  });

  it('is killed when the test is cancelled', async () => {
    const abort = new AbortController();
    const onOutput: Play['onOutput'] = ({ bytes }) => {
      if (Buffer.from(bytes).includes('TASK [now]')) abort.abort(new Error('cancelled'));
    };
    const tasks = [shell(`(${CHILDREN}) > /dev/null 2>&1`), { name: 'now', ...shell('sleep 8606644') }];
    const { root, play } = await playOf(tasks, { signal: abort.signal, onOutput });
    await expect(runPlay(play)).rejects.toThrow('cancelled');
    expect(await left(root)).toEqual([]);
  });

  it('is killed when the playbook has ended', async () => {
    const { root, play } = await playOf([shell(`(${CHILDREN}) > /dev/null 2>&1`)]);
    expect(await runPlay(play)).toEqual({ end: { type: 'exit', code: 0 } });
    expect(await left(root)).toEqual([]);
  });
});
