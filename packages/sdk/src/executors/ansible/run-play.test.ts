import { expect, it, vi } from 'vitest';
import { runPlay } from './run-play.ts';

it('cannot be run where ansible is not on this machine, and says so', async () => {
  vi.stubEnv('PATH', '/nonexistent');
  const play = runPlay({
    suite: { root: '/tmp', dir: '', name: 'x', source: 'x', async [Symbol.asyncDispose]() {} },
    playbook: 'a.yml',
    inventory: {},
    variables: {},
    timeoutMs: 60_000,
    signal: new AbortController().signal,
    onOutput: () => undefined,
  });
  expect(await play).toEqual({
    unusable: expect.stringMatching(/^ansible-playbook is not on .*apt-get install ansible/),
  });
  vi.unstubAllEnvs();
});
