import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SuiteSpec } from '../contracts/suite.ts';
import { fetchSuite, type SuiteFetchOptions } from './fetch-suite.ts';

let work: string;
let server: Server;
let status = 200;

beforeEach(async () => {
  work = await mkdtemp(join(tmpdir(), 'alts-tarball-test-'));
  await mkdir(join(work, 'suite-1.0/tests'), { recursive: true });
  await writeFile(join(work, 'suite-1.0/tests/a.sh'), 'echo a\n');
  status = 200;
  server = createServer(async ({ url }, response) => {
    response.writeHead(status);
    response.end(status === 200 ? await readFile(join(work, new URL(String(url), 'http://any').pathname)) : undefined);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
  await rm(work, { recursive: true, force: true });
});

async function tar(name: string, ...args: string[]): Promise<string> {
  await execa('tar', ['-c', '-a', '-f', join(work, name), '-C', work, ...args]);
  return join(work, name);
}

async function get(tarball: string, options: Partial<SuiteFetchOptions> & { readonly dir?: string } = {}) {
  const { dir, ...rest } = options;
  const signal = AbortSignal.timeout(20_000);
  return fetchSuite(SuiteSpec.parse({ tarball, dir }), { cacheDirectory: join(work, 'c'), signal, note() {}, ...rest });
}
const ofServer = (name: string) => `http://127.0.0.1:${(server.address() as AddressInfo).port}/${name}`;
const temporarySuites = async () => (await readdir(tmpdir())).filter((name) => name.startsWith('alts-suite-')).sort();

describe('a tarball', () => {
  test('with one directory in it is that directory, and goes when it is disposed of', async () => {
    const suite = await get(await tar('x.tar.gz', 'suite-1.0'), { dir: 'tests' });
    if ('reason' in suite) expect.fail(suite.message);
    expect(suite).toMatchObject({ name: 'suite-1.0', dir: 'tests', source: join(work, 'x.tar.gz') });
    expect(await readdir(join(suite.root, 'tests'))).toEqual(['a.sh']);
    await suite[Symbol.asyncDispose]();
    await expect(readdir(suite.root)).rejects.toThrow('ENOENT');
  });

  test('of many files is all of them, and called like the file', async () => {
    await using suite = (await get(
      await tar('my-suite.tgz', '-C', join(work, 'suite-1.0'), 'tests', '-C', work, 'suite-1.0'),
    )) as never;
    expect(suite).toMatchObject({ name: 'my-suite' });
  });

  test('of a server', async () => {
    await tar('x.tar.gz', 'suite-1.0');
    await using suite = (await get(`${ofServer('x.tar.gz')}?token=1`)) as never;
    expect(suite).toMatchObject({ name: 'suite-1.0' });
  });

  test('that the server does not have is a failure that names it', async () => {
    status = 404;
    expect(await get(ofServer('gone.tar.gz'))).toEqual({
      reason: 'suite_not_found',
      message: `${ofServer('gone.tar.gz')}: the server answered 404 Not Found`,
    });
  });

  test('of a server that refuses is an error', async () => {
    status = 403;
    await expect(get(ofServer('x.tar.gz'))).rejects.toMatchObject({ code: 'repository_unavailable' });
  });

  test('that is none is a failure, and leaves nothing', async () => {
    const before = await temporarySuites();
    await writeFile(join(work, 'x.tar.gz'), 'no tarball');
    expect(await get(join(work, 'x.tar.gz'))).toMatchObject({
      reason: 'suite_not_found',
      message: expect.stringMatching(/x\.tar\.gz cannot be unpacked/),
    });
    expect(await temporarySuites()).toEqual(before);
  });

  test('cannot write outside of its directory', async () => {
    await writeFile(join(work, 'evil'), 'x');
    const file = await tar('x.tar', '-P', '--transform', `s,^evil,${work}/../alts-escaped,`, 'evil');
    await get(file);
    const file2 = await tar('y.tar', '-P', '--transform', 's,^evil,../../../alts-escaped,', 'evil');
    expect(await get(file2)).toMatchObject({ reason: 'suite_not_found' });
    expect(await readdir(tmpdir())).not.toContain('alts-escaped');
  });

  test.for([
    ['files', { files: 2, bytes: 1e9 }],
    ['bytes', { files: 1000, bytes: 100 }],
  ] as const)('of too many %s is refused', async ([, limit]) => {
    await writeFile(join(work, 'suite-1.0/large'), 'x'.repeat(1000));
    const file = await tar('x.tar.gz', 'suite-1.0');
    await expect(get(file, { limit })).rejects.toMatchObject({ code: 'limit_exceeded' });
    await expect(get(ofServer('x.tar.gz'), { limit })).rejects.toMatchObject({ code: 'limit_exceeded' });
  });
});
