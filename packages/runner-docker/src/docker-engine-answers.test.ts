import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { dockerRunner } from './docker-runner.ts';

/**
 * What answers like an engine that is there, and gives these answers by their paths; all else it never answers.
 * @param place a port of its own: 0, or a socket
 */
async function engine(place: 0 | string, answers: Readonly<Record<string, object>> = {}) {
  const asked: string[] = [];
  const server = createServer(({ url = '' }, response) => {
    asked.push(url);
    if (url === '/_ping') response.end('OK');
    else if (answers[url]) response.setHeader('content-type', 'application/json').end(JSON.stringify(answers[url]));
  });
  if (place === 0) server.listen(0, '127.0.0.1');
  else server.listen(place);
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const host = place === 0 ? `tcp://127.0.0.1:${(server.address() as AddressInfo).port}` : `unix://${place}`;
  return { runner: dockerRunner({ host }), asked };
}

function socket(): string {
  const directory = mkdtempSync(join(tmpdir(), 'alts-engine-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return join(directory, 'docker.sock');
}

describe('an engine that answers no more', () => {
  it('is not waited for when the signal aborts, and the reason is thrown', async () => {
    const { runner, asked } = await engine(0);
    const questions = {
      '/version': (signal: AbortSignal) => runner.probe?.({ signal }),
      '/containers/json': (signal: AbortSignal) => Array.fromAsync(runner.list({ signal })),
      '/containers/c?': (signal: AbortSignal) => runner.remove('c', { signal }),
    };
    for (const [path, ask] of Object.entries(questions)) {
      const stop = new AbortController();
      const answer = expect(ask(stop.signal)).rejects.toThrow('enough');
      await expect.poll(() => asked.at(-1)).toContain(path);
      stop.abort(new Error('enough'));
      await answer;
    }
  });
});

describe('the directories that environments fill', () => {
  it('are where an engine of this machine has its data, if that is seen from here', async () => {
    const seen = await engine(socket(), { '/info': { DockerRootDir: tmpdir() } });
    expect(await seen.runner.directories?.()).toEqual([tmpdir()]);
    const other = await engine(socket(), { '/info': { DockerRootDir: '/no/such/directory' } });
    expect(await other.runner.directories?.()).toEqual([]);
  });

  it('are not known of an engine that may be on another machine', async () => {
    const { runner } = await engine(0, { '/info': { DockerRootDir: tmpdir() } });
    expect(await runner.directories?.()).toEqual([]);
  });
});
