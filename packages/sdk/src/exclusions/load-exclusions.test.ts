import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { serveExclusions, tagged } from './exclusion-server.fixture.ts';
import { loadExclusions } from './load-exclusions.ts';

const text = JSON.stringify({ 'debian-12': { hello: ['uninstall_package'] } });
const other = JSON.stringify({ 'debian-12': { hello: ['install_package'] } });
const subject = { distribution: 'debian', version: '12', packageName: 'hello' };

async function scratch(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'alts-exclusions-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  return directory;
}

type Options = Omit<Parameters<typeof loadExclusions>[1], 'cacheDirectory'>;

/** Loads and says what is excluded. */
async function load(source: string, cacheDirectory: string, options: Options = {}) {
  const loaded = await loadExclusions(source, { cacheDirectory, ...options });
  return { ...loaded, stages: loaded.for(subject).exclusions.map(({ stage }) => stage) };
}

describe('an exclusion document on a server', () => {
  it('is fetched once, and used without a question as long as it is young', async () => {
    const server = await serveExclusions(tagged(text, '"1"'));
    const cache = await scratch();
    const first = await load(server.url, cache);
    expect(first).toMatchObject({ source: server.url, stages: ['uninstall_package'] });
    expect(first.outdated ?? first.unavailable).toBeUndefined();
    server.answer = tagged(other, '"2"');
    expect((await load(server.url, cache)).stages).toEqual(['uninstall_package']);
    expect(server.requests).toHaveLength(1);
  });

  it('is asked for with its tag when it is old, and kept when it is the same', async () => {
    const server = await serveExclusions(tagged(text, '"1"'));
    const cache = await scratch();
    await load(server.url, cache);
    expect(await load(server.url, cache, { maxAgeMs: 0 })).toMatchObject({ stages: ['uninstall_package'] });
    server.answer = tagged(other, '"2"');
    expect(await load(server.url, cache, { maxAgeMs: 0 })).toMatchObject({ stages: ['install_package'] });
    expect(server.requests.map(({ tag }) => tag)).toEqual([undefined, '"1"', '"1"']);
    expect(await readdir(cache)).toHaveLength(1);
  });

  it.each<[string, Parameters<typeof serveExclusions>[0], string]>([
    ['fails', (_, response) => response.writeHead(500).end('{}'), 'the server answered 500'],
    ['does not have it', (_, response) => response.writeHead(404).end('{}'), 'the server answered 404'],
    ['does not end', () => {}, 'no answer within 300 ms'],
    [
      'sends too much',
      (_, response) => response.writeHead(200).end(' '.repeat(1024 * 1024 + 1)),
      'longer than 1048576 bytes',
    ],
    [
      'sends us in circles',
      (_, response) => response.writeHead(302, { location: '/x' }).end(),
      'more than 5 redirects',
    ],
    ['sends us elsewhere', (_, response) => response.writeHead(302, { location: 'file:///x' }).end(), 'file:'],
  ])(
    'that %s: what was there is used, and without that nothing is excluded; both are said',
    async (_, answer, problem) => {
      const server = await serveExclusions(tagged(text, '"1"'));
      const cache = await scratch();
      await load(server.url, cache);
      server.answer = answer;
      const options = { maxAgeMs: 0, timeLimitMs: 300 };
      const outdated = await load(server.url, cache, options);
      expect(outdated.stages).toEqual(['uninstall_package']);
      expect(outdated.outdated).toContain(problem);
      const unavailable = await load(server.url, await scratch(), options);
      expect(unavailable.stages).toEqual([]);
      expect(unavailable.unavailable).toContain(problem);
      // Nothing of it is kept: the next one asks again.
      server.answer = tagged(other, '"2"');
      expect((await load(server.url, cache, options)).stages).toEqual(['install_package']);
    },
  );

  it('that is not there', async () => {
    const server = await serveExclusions(tagged(text, '"1"'));
    await server.stop();
    expect((await load(server.url, await scratch())).unavailable).toContain('ECONNREFUSED');
  });

  it('is followed to where it has moved', async () => {
    const server = await serveExclusions((request, response) => {
      if (request.url?.startsWith('/moved')) response.end(text);
      else response.writeHead(301, { location: '/moved' }).end();
    });
    expect((await load(server.url, await scratch())).stages).toEqual(['uninstall_package']);
  });

  it('that is none refuses the test, and is not kept', async () => {
    const server = await serveExclusions((_, response) => response.end('<html>'));
    const cache = await scratch();
    await expect(load(server.url, cache)).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringContaining(`exclusions ${server.url}: is not JSON`),
    });
    expect(await readdir(cache)).toEqual([]);
  });

  it('is fetched again when what is kept is spoilt', async () => {
    const server = await serveExclusions(tagged(text, '"1"'));
    const cache = await scratch();
    await load(server.url, cache);
    const [kept = ''] = await readdir(cache);
    await writeFile(join(cache, kept), '{"url":');
    expect((await load(server.url, cache)).stages).toEqual(['uninstall_package']);
  });

  it('can be fetched by many at a time', async () => {
    const server = await serveExclusions(tagged(text, '"1"'));
    const cache = await scratch();
    const loaded = await Promise.all(Array.from({ length: 20 }, () => load(server.url, cache, { maxAgeMs: 0 })));
    expect(new Set(loaded.flatMap(({ stages }) => stages))).toEqual(new Set(['uninstall_package']));
    expect(await readdir(cache)).toHaveLength(1);
  });

  it('does without a cache that cannot be written', async () => {
    const server = await serveExclusions(tagged(text, '"1"'));
    expect((await load(server.url, '/dev/null/x')).stages).toEqual(['uninstall_package']);
  });

  it('is named without what may be secret in its URL', async () => {
    const server = await serveExclusions(tagged(text, '"1"'));
    expect((await load(`${server.url}?token=secret`, await scratch())).source).toBe(server.url);
    const withUser = server.url.replace('//', '//me:secret@');
    const refused = await load(withUser, await scratch()).catch((error: Error) => error);
    expect(refused).toMatchObject({ code: 'invalid_request', message: expect.not.stringContaining('secret') });
  });

  it('is given up when the test is cancelled', async () => {
    const controller = new AbortController();
    const server = await serveExclusions(() => controller.abort(new Error('enough')));
    await expect(load(server.url, await scratch(), { signal: controller.signal })).rejects.toThrow('enough');
  });
});

describe('an exclusion document in a file', () => {
  it('is read', async () => {
    const file = join(await scratch(), 'doc.json');
    await writeFile(file, text);
    expect(await load(file, '/dev/null/x')).toMatchObject({ source: file, stages: ['uninstall_package'] });
  });

  it.each([
    ['/no/such.json', 'cannot be read: ENOENT'],
    ['/', 'cannot be read: '],
  ])('%s refuses the test', async (file, words) => {
    await expect(load(file, '/dev/null/x')).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringContaining(`exclusions ${file}: ${words}`),
    });
  });
});
