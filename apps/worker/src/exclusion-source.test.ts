import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { ExclusionSource } from './exclusion-source.ts';
import { message, QUEUE, waitingRunner, workshop } from './worker.fixture.ts';

const DOCUMENT = JSON.stringify({ 'debian-12': { hello: ['install_package'] } });
const SPOILT = '<html>502 Bad Gateway</html>';
const subject = { distribution: 'debian', version: '12', packageName: 'hello' };

async function documentWith(text: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'alts-exclusions-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const path = join(directory, 'skipped.json');
  await writeFile(path, text);
  return path;
}

/** A server that takes connections, and answers while it has something to say. */
async function server() {
  const state: { says: string | undefined } = { says: DOCUMENT };
  const made = createServer((_, response) => {
    if (state.says !== undefined) response.end(state.says);
  }).listen(0, '127.0.0.1');
  await once(made, 'listening');
  onTestFinished(() => {
    made.closeAllConnections();
    made.close();
  });
  return Object.assign(state, { url: `http://127.0.0.1:${(made.address() as AddressInfo).port}/skipped.json` });
}

describe('an exclusion document that cannot be read', () => {
  it('costs no task anything: none is taken until it can be', async () => {
    const exclusions = await documentWith(SPOILT);
    const runner = waitingRunner();
    const { queue, open } = await workshop({ runner });
    const worker = open({ exclusions });
    await queue.publish(QUEUE, message);
    await worker.start();
    expect(worker.state().refuses).toContain(`exclusions ${exclusions}: is not JSON`);
    expect(await queue.depth(QUEUE)).toEqual({ waiting: 1, retrying: 0, dead: 0 });
    await writeFile(exclusions, DOCUMENT);
    await expect.poll(() => runner.waiting.size).toBe(1);
    expect(worker.state().refuses).toBeNull();
  });

  it('leaves its last good state in force, which says that it is one', async () => {
    const path = await documentWith(DOCUMENT);
    const warnings: object[] = [];
    const log = { info() {}, error() {}, warn: (fields: object) => warnings.push(fields) };
    const source = new ExclusionSource(path, log);
    const { signal } = new AbortController();
    await source.refresh(1000, signal);
    expect(source.current).not.toHaveProperty('outdated');
    await writeFile(path, SPOILT);
    for (const _ of [1, 2]) await source.refresh(1000, signal);
    const reason = expect.stringContaining('is not JSON');
    expect(warnings).toEqual([{ reason }]);
    expect(source.current).toMatchObject({ outdated: reason });
    expect(source.current?.for(subject).exclusions).toMatchObject([{ stage: 'install_package' }]);
    await writeFile(path, '{}');
    await source.refresh(1000, signal);
    expect(source.current).not.toHaveProperty('outdated');
    expect(source.current?.for(subject).exclusions).toEqual([]);
  });

  it('is done without while a server is silent that never spoke, and wanted from the first time on', async () => {
    // A file where the directory of kept documents would be: nothing is kept.
    vi.stubEnv('XDG_CACHE_HOME', await documentWith(''));
    onTestFinished(() => void vi.unstubAllEnvs());
    const place = await server();
    const source = new ExclusionSource(place.url, { info() {}, warn() {}, error() {} });
    const { signal } = new AbortController();
    place.says = undefined;
    await source.refresh(200, signal);
    expect(source.current).toMatchObject({ unavailable: 'no answer within 100 ms' });
    place.says = DOCUMENT;
    await source.refresh(20_000, signal);
    place.says = undefined;
    await source.refresh(200, signal);
    expect(source.current).toMatchObject({ outdated: expect.stringContaining('no answer within 100 ms') });
    expect(source.current?.for(subject).exclusions).toMatchObject([{ stage: 'install_package' }]);
  });
});
