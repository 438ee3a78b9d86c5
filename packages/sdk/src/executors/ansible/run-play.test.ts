import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Play } from '../../contracts/test-suites.ts';
import { runPlay } from './run-play.ts';

afterEach(() => vi.unstubAllEnvs());

async function temporary(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'alts-run-play-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  return directory;
}

/** A play with what it has printed, on a machine whose ansible-playbook is this script, or where there is none. */
async function playWith(script: string | undefined, fields: Partial<Play> = {}) {
  const root = await temporary();
  const bin = await temporary();
  if (script !== undefined) {
    await writeFile(join(bin, 'ansible-playbook'), `#!/bin/sh\n${script}\n`);
    await chmod(join(bin, 'ansible-playbook'), 0o755);
  }
  vi.stubEnv('PATH', script === undefined ? bin : `${bin}:/usr/bin:/bin`);
  const output: string[] = [];
  const play: Play = {
    suite: { root, dir: '', name: 'x', source: 'x', async [Symbol.asyncDispose]() {} },
    playbook: 'a b.yml',
    inventory: { ansible_connection: 'community.docker.docker', ansible_host: 'abc' },
    variables: {},
    timeoutMs: 60_000,
    signal: new AbortController().signal,
    onOutput: ({ bytes }) => void output.push(Buffer.from(bytes).toString()),
    ...fields,
  };
  return { root, play, output };
}

const RECAP = 'printf "\\nPLAY RECAP ***\\nenvironment   : ok=1  changed=0\\n"';

describe('a playbook', () => {
  it('is run in the directory of the suite, with an inventory and variables of its own', async () => {
    const { root, play, output } = await playWith(`pwd; printf '%s\\n' "$@"; cat "$2"; cat "\${4#@}"; ${RECAP}`, {
      variables: { A: 'a=b "c"', alts_artifacts: '/x' },
    });
    expect(await runPlay(play)).toEqual({ end: { type: 'exit', code: 0 } });
    const printed = output.join('');
    expect(printed.split('\n')[0]).toBe(root);
    expect(printed).toContain(`\n${root}/a b.yml\n`);
    expect(printed).toContain('{"all":{"hosts":{"environment":{"ansible_connection":"community.docker.docker"');
    expect(printed).toContain('"A": !unsafe "a=b \\"c\\""\n"alts_artifacts": !unsafe "/x"\n');
  });

  it('has no variables of this process but those by which programs are found', async () => {
    vi.stubEnv('ALTS_SECRET', 'secret');
    vi.stubEnv('SSH_AUTH_SOCK', '/agent');
    vi.stubEnv('DOCKER_AUTH_CONFIG', 'secret');
    const { play, output } = await playWith(`env; ${RECAP}`, {
      variables: { HOME: '/root', GREETING: 'a=b', ANSIBLE_CONFIG: '/etc/ansible/ansible.cfg' },
    });
    await runPlay(play);
    const printed = output.join('');
    expect(printed).not.toMatch(/secret|SSH_AUTH_SOCK|HOME=\/root|\/etc\/ansible/);
    expect(printed).toContain('GREETING=a=b\n');
  });

  it('has the agent of ssh where ansible connects by ssh', async () => {
    vi.stubEnv('SSH_AUTH_SOCK', '/agent');
    const { play, output } = await playWith(`env; ${RECAP}`, { inventory: { ansible_connection: 'ssh' } });
    await runPlay(play);
    expect(output.join('')).toContain('SSH_AUTH_SOCK=/agent\n');
  });

  it('leaves no file', async () => {
    const { play, output } = await playWith(`echo "$HOME"; touch "$HOME/x"; ${RECAP}`);
    await runPlay(play);
    await expect(readdir(output.join('').split('\n')[0] ?? '')).rejects.toThrow('ENOENT');
  });

  it('ends as its exit code says', async () => {
    const { play } = await playWith('exit 2');
    expect(await runPlay(play)).toEqual({ end: { type: 'exit', code: 2 } });
  });

  it('does not count where no host was for it', async () => {
    const { play } = await playWith(
      'echo "skipping: no hosts matched"; printf "\\nPLAY RECAP ***\\nlocalhost : ok=1\\n"',
    );
    expect(await runPlay(play)).toEqual({ unusable: expect.stringContaining('none of its plays is for') });
  });

  it('cannot be run without ansible, or without the connection', async () => {
    const absent = await playWith(undefined);
    expect(await runPlay(absent.play)).toEqual({
      unusable: expect.stringMatching(/^ansible-playbook is not .*install/),
    });
    const without = await playWith(`echo "the connection plugin 'community.docker.docker' was not found"; exit 2`);
    expect(await runPlay(without.play)).toEqual({
      unusable: expect.stringContaining('ansible-galaxy collection install community.docker"'),
    });
  });

  it('does not get past what a reader takes of its output', async () => {
    const { play } = await playWith('echo some', {
      onOutput: () => {
        throw new Error('the log is closed');
      },
    });
    await expect(runPlay(play)).rejects.toThrow('the log is closed');
  });
});

describe.runIf(process.platform === 'linux')('what a playbook has started on this machine', () => {
  const CHILDREN = 'sleep 8606644 & setsid sleep 8606644 & echo $!; echo $$';

  async function running(pids: string): Promise<string[]> {
    const commands = pids.split('\n').filter(Boolean);
    const found = await Promise.all(commands.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
    return found.filter((command) => command !== '');
  }

  it('is killed at its limit', async () => {
    const { play, output } = await playWith(`${CHILDREN}; wait`, { timeoutMs: 500 });
    expect(await runPlay(play)).toEqual({ end: { type: 'time-limit', limitMs: 500 } });
    expect(await running(output.join(''))).toEqual([]);
  });

  it('is killed when the test is cancelled', async () => {
    const abort = new AbortController();
    const output: string[] = [];
    const { play } = await playWith(`${CHILDREN}; wait`, {
      signal: abort.signal,
      onOutput: ({ bytes }) => {
        output.push(Buffer.from(bytes).toString());
        if (output.join('').split('\n').length > 2) abort.abort(new Error('cancelled'));
      },
    });
    await expect(runPlay(play)).rejects.toThrow('cancelled');
    expect(await running(output.join(''))).toEqual([]);
  });

  it('is killed when the playbook has ended, though it keeps its output open', async () => {
    const { play, output } = await playWith(`${CHILDREN}; ${RECAP}`);
    expect(await runPlay(play)).toEqual({ end: { type: 'exit', code: 0 } });
    const pids = output.join('').split('\n').slice(0, 2).join('\n');
    expect(await running(pids)).toEqual([]);
  });
});
