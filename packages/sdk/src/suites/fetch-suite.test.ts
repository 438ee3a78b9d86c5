import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { SuiteSpec } from '../contracts/suite.ts';
import type { LocalSuite } from '../contracts/suite-plan.ts';
import { fetchSuite, type SuiteFetchOptions } from './fetch-suite.ts';
import { type GitServer, LOGIN, startGitServer } from './git/git-server.fixture.ts';

let server: GitServer;
let work: string;
const commits: Record<string, string> = {};
const taken: LocalSuite[] = [];

beforeAll(async () => {
  server = await startGitServer();
  commits['first'] = await server.commit('tests', { 'a.sh': 'echo first\n' });
  await server.git('tests', 'tag', '-a', 'v1', '-m', 'one', 'main');
  commits['second'] = await server.commit('tests', { 'a.sh': 'echo second\n', 'sub dir/ü.sh': 'echo\n' });
  commits['branch'] = await server.commit('tests', { 'a.sh': 'echo branch\n' }, 'refs/heads/dev/x');
  commits['change'] = await server.commit('tests', { 'a.sh': 'echo change\n' }, 'refs/changes/45/12345/2');
  await server.commit('tests', { 'a.sh': 'echo misleading\n' }, 'refs/heads/12345/2');
  await server.commit('locked', { 'a.sh': 'echo locked\n' });
});
afterAll(() => server[Symbol.asyncDispose]());

beforeEach(async () => {
  work = await mkdtemp(join(tmpdir(), 'alts-fetch-test-'));
});
afterEach(async () => {
  for (const suite of taken.splice(0)) await suite[Symbol.asyncDispose]();
  server.onlyTips = false;
  server.silent = false;
  server.asked.length = 0;
  vi.unstubAllEnvs();
  await rm(work, { recursive: true, force: true });
});

const cacheDirectory = () => join(work, 'cache');

async function get(spec: unknown, options: Partial<SuiteFetchOptions> = {}): Promise<LocalSuite> {
  const found = await fetchSuite(SuiteSpec.parse(spec), {
    cacheDirectory: cacheDirectory(),
    signal: AbortSignal.timeout(20_000),
    note: () => {},
    ...options,
  });
  if ('reason' in found) throw new Error(`${found.reason}: ${found.message}`);
  taken.push(found);
  return found;
}
const script = async (suite: LocalSuite) => (await readFile(join(suite.root, 'a.sh'), 'utf8')).trim();
const ofTests = (ref?: string) => ({ url: server.url('tests'), ...(ref && { ref }) });

describe('what a ref means', () => {
  test('without one: the HEAD of the repository, and nothing of git but the name of the commit', async () => {
    const suite = await get(ofTests());
    expect(suite).toMatchObject({ name: 'tests', dir: '', source: server.url('tests'), commit: commits['second'] });
    expect((await readdir(suite.root)).sort()).toEqual(['a.sh', 'sub dir']);
  });

  test.for([
    ['a tag, also one that is an object of its own', 'v1', 'first'],
    ['a branch', 'main', 'second'],
    ['a branch with a slash in its name', 'dev/x', 'branch'],
    ['a change of Gerrit, before a branch of that name', '12345/2', 'change'],
    ['a full name', 'refs/heads/dev/x', 'branch'],
  ] as const)('%s', async ([, ref, which]) => {
    const suite = await get(ofTests(ref));
    expect(suite.commit).toBe(commits[which]);
    expect(await script(suite)).toBe(`echo ${which}`);
  });

  test.for([
    ['whole', 40],
    ['its first digits', 9],
  ] as const)('a commit that is no tip, %s, with a server that gives tips only', async ([, digits]) => {
    server.onlyTips = true;
    const suite = await get(ofTests(commits['first']?.slice(0, digits)));
    expect(suite.commit).toBe(commits['first']);
    expect(await script(suite)).toBe('echo first');
  });

  test.for(['nosuch', 'v2', '99/1', 'deadbeef', 'f'.repeat(40)])(
    '%s, which is not there, is a failure that names it',
    async (ref) => {
      await expect(get(ofTests(ref))).rejects.toThrow(`suite_not_found: ${server.url('tests')} has no ref "${ref}"`);
    },
  );
});

describe('the directory of the tests', () => {
  test('is inside', async () => {
    expect(await get({ ...ofTests(), dir: 'sub dir/' })).toMatchObject({ dir: 'sub dir' });
  });
  test.for(['nosuch', 'a.sh'])('%s is none: a failure that names it, and nothing stays', async (dir) => {
    const before = await temporarySuites();
    await expect(get({ ...ofTests(), dir })).rejects.toThrow(new RegExp(`suite_not_found: .*"${dir}".*tests.git`));
    expect(await temporarySuites()).toEqual(before);
  });
});

const temporarySuites = async () => (await readdir(tmpdir())).filter((name) => name.startsWith('alts-suite-')).sort();

describe('what is kept between tests', () => {
  test('a commit is not asked for twice, also when the server is gone', async () => {
    await get(ofTests(commits['second']));
    server.asked.length = 0;
    expect(await script(await get(ofTests(commits['second'])))).toBe('echo second');
    expect(server.asked).toEqual([]);
  });

  test('a branch is asked for each time, and fetched when it has moved', async () => {
    await server.commit('moving', { 'a.sh': 'echo old\n' });
    const of = { url: server.url('moving'), ref: 'main' };
    expect(await script(await get(of))).toBe('echo old');
    await server.commit('moving', { 'a.sh': 'echo new\n' });
    expect(await script(await get(of))).toBe('echo new');
    server.asked.length = 0;
    await get(of);
    expect(server.asked.some((path) => path.endsWith('git-upload-pack') && !path.includes('?'))).toBe(true);
    expect(await readdir(cacheDirectory())).toHaveLength(2);
  });

  test('a branch of a server that is down is an error, not what it was yesterday', async () => {
    await using other = await startGitServer();
    await other.commit('x', { 'a.sh': 'echo\n' });
    const url = other.url('x');
    await get({ url });
    await other.down();
    await expect(get({ url })).rejects.toMatchObject({
      code: 'repository_unavailable',
      message: expect.stringContaining(url),
    });
  });

  test('a test that changes its copy changes it for nobody else', async () => {
    await writeFile(join((await get(ofTests())).root, 'a.sh'), 'spoilt');
    expect(await script(await get(ofTests()))).toBe('echo second');
  });

  test('many at once meet neither in the cache nor in what they are given', async () => {
    const suites = await Promise.all(Array.from({ length: 6 }, () => get(ofTests('main'))));
    expect(new Set(suites.map(({ root }) => root)).size).toBe(6);
    expect(await Promise.all(suites.map(script))).toEqual(Array.from({ length: 6 }, () => 'echo second'));
    expect(await readdir(cacheDirectory())).toHaveLength(1);
  });

  test('what is used least goes when there is too much', async () => {
    const text = 'x'.repeat(1000);
    const [a, b, c] = [
      await server.commit('large', { text: `${text}a` }),
      await server.commit('large', { text: `${text}b` }),
      await server.commit('large', { text: `${text}c` }),
    ];
    const of = (ref: string | undefined) => get({ url: server.url('large'), ref }, { cacheBytes: 2500 });
    await of(a);
    await of(b);
    await of(a);
    await of(c);
    const kept = await readdir(cacheDirectory());
    expect(kept.map((key) => key.split('-')[1]).sort()).toEqual([a, c].sort());
  });
});

describe('limits', () => {
  test('a suite of too many files is refused, and nothing of it is kept', async () => {
    const files = Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`${at}.sh`, 'echo\n']));
    await server.commit('many', files);
    await expect(get({ url: server.url('many') }, { limit: { files: 50, bytes: 1e6 } })).rejects.toMatchObject({
      code: 'limit_exceeded',
      message: expect.stringMatching(/many\.git has more than 50 files/),
    });
    expect(await readdir(cacheDirectory())).toEqual([]);
  });

  test('an abort ends it at once, while the server is silent, and leaves nothing', async () => {
    server.silent = true;
    const abort = new AbortController();
    const running = get(ofTests('main'), { signal: abort.signal });
    running.catch(() => {});
    await vi.waitUntil(() => server.asked.length > 0);
    abort.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
    expect(await readdir(work)).toEqual([]);
  });
});

describe('what a repository may not do', () => {
  test('run hooks or filters, whatever the configuration of the user says', async () => {
    await server.commit('filtered', { 'a.sh': 'echo plain\n', '.gitattributes': '* filter=evil\n' });
    const hook = join(work, 'home/hooks/post-checkout');
    await mkdir(join(work, 'home/hooks'), { recursive: true });
    await writeFile(hook, `#!/bin/sh\ntouch ${work}/hook-ran\n`);
    await chmod(hook, 0o755);
    const configuration = `[core]\nhooksPath = ${work}/home/hooks\n[filter "evil"]\nsmudge = touch ${work}/filter-ran; cat\n`;
    await writeFile(join(work, 'home/.gitconfig'), configuration);
    vi.stubEnv('HOME', join(work, 'home'));
    vi.stubEnv('GIT_CONFIG_GLOBAL', join(work, 'home/.gitconfig'));
    vi.stubEnv('GIT_DIR', '/nonexistent');
    expect(await script(await get({ url: server.url('filtered') }))).toBe('echo plain');
    expect((await readdir(work)).sort()).toEqual(['cache', 'home']);
  });

  test('bring in submodules that nobody asked for', async () => {
    await withSubmodule('parent', '../inner.git');
    expect(await readdir(join((await get({ url: server.url('parent') })).root, 'inner'))).toEqual([]);
    const all = await get({ url: server.url('parent'), submodules: true });
    expect(await readdir(join(all.root, 'inner'))).toEqual(['inside.sh']);
  });

  test('have files of this machine as a submodule', async () => {
    await withSubmodule('thief', `file://${join(work, 'private')}`);
    await expect(get({ url: server.url('thief'), submodules: true })).rejects.toMatchObject({
      code: 'repository_unavailable',
      message: expect.stringMatching(/transport 'file' not allowed/),
    });
  });
});

async function withSubmodule(repository: string, url: string): Promise<void> {
  const inner = await server.commit('inner', { 'inside.sh': 'echo\n' });
  const modules = `[submodule "inner"]\npath = inner\nurl = ${url}\n`;
  await server.commit(repository, { '.gitmodules': modules });
  const index = join(work, 'index');
  const git = async (...args: string[]) => {
    vi.stubEnv('GIT_INDEX_FILE', index);
    const said = await server.git(repository, ...args);
    vi.unstubAllEnvs();
    return said;
  };
  await git('read-tree', 'main');
  await git('update-index', '--add', '--cacheinfo', `160000,${inner},inner`);
  const tree = await git('write-tree');
  const commit = await git('commit-tree', '-p', 'main', '-m', 'inner', tree);
  await git('update-ref', 'refs/heads/main', commit);
}

describe('a repository that wants a password', () => {
  test('is an error without one, at once and without a prompt', async () => {
    await expect(get({ url: server.url('locked') })).rejects.toMatchObject({
      code: 'repository_unavailable',
      message: expect.stringContaining('refuses access, or wants a user and password'),
    });
  });

  test('is fetched with the one of its URL, which is shown to nobody', async () => {
    const notes: string[] = [];
    const url = server.url('locked').replace('://', `://${LOGIN}@`);
    const suite = await get({ url }, { note: (line) => notes.push(line) });
    expect(await script(suite)).toBe('echo locked');
    expect(suite.source).toBe(server.url('locked').replace('://', '://***@'));
    expect(notes.join()).not.toContain('s3cret');
  });

  test('never says the password that was wrong', async () => {
    const url = server.url('locked').replace('://', '://joe:wr0ngword@');
    const error: Error = await get({ url }).then(
      () => expect.fail('it was let in'),
      (reason: Error) => reason,
    );
    expect(error.message).toContain('refuses access');
    expect(error.message).not.toContain('wr0ngword');
  });
});

test('a directory is used where it is, and stays', async () => {
  await mkdir(join(work, 'my tests/unit'), { recursive: true });
  const suite = await get({ directory: join(work, 'my tests'), dir: 'unit' });
  expect(suite).toMatchObject({ root: join(work, 'my tests'), dir: 'unit', name: 'my_tests' });
  await suite[Symbol.asyncDispose]();
  expect(await readdir(join(work, 'my tests'))).toEqual(['unit']);
});

test('a link in the place of the directory may not lead out of the suite', async () => {
  await mkdir(join(work, 'suite'));
  await symlink('/etc', join(work, 'suite/out'));
  await expect(get({ directory: join(work, 'suite'), dir: 'out' })).rejects.toThrow(
    /suite_not_found: "out".*leads out/,
  );
});
