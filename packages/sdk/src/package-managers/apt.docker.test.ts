import { createReadStream } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildRepository, type TemporaryRepository } from '../../../../fixtures/corpus/build-repository.ts';
import { serveRepository } from '../../../../fixtures/corpus/serve-repository.ts';
import type { Bytes } from '../contracts/environment.ts';
import type { Facts, InstalledPackage } from '../contracts/facts.ts';
import type { Shell } from '../contracts/package-manager.ts';
import { parseRequest } from '../contracts/request.ts';
import { apt } from './apt.ts';
import { startContainer, type TestContainer } from './container.fixture.ts';

const SYSTEMS = ['debian:11', 'debian:12', 'debian:13'];
const PLAIN = { recommends: false, reinstall: false };

let repository: TemporaryRepository;
beforeAll(async () => {
  repository = await buildRepository();
});
afterAll(() => repository[Symbol.asyncDispose]());

/** A request for one package, from these repositories. */
function request(name: string, ...repositories: string[]) {
  return parseRequest({ package: { name }, system: 'debian:12', repositories });
}

/** A container that knows the fixtures and nothing else: no test depends on a mirror. */
async function withFixtures(image: string, entry: string): Promise<TestContainer> {
  await using made = new AsyncDisposableStack();
  const container = made.use(await startContainer(image));
  await container.environment.exec(['sh', '-c', 'rm -rf /etc/apt/sources.list /etc/apt/sources.list.d/*']);
  await apt.prepare(container.shell, request('alts-good', entry));
  made.move();
  return container;
}

const takeOff = async (shell: Shell, installed: InstalledPackage) =>
  (await apt.remove(shell, installed)) ?? (await apt.purge(shell, installed));

/** Each `apt-get remove` that was run. */
const removals = ({ shell }: TestContainer): string[] =>
  shell.commands.filter(([program, ...args]) => program === 'apt-get' && args.includes('remove')).map(String);

async function factsOf({ environment }: TestContainer, name: string): Promise<Facts> {
  const facts: Partial<Record<keyof Facts, unknown>> = {};
  for (const collector of apt.collectors) {
    facts[collector.fact] = await collector.collect(
      environment,
      facts as unknown as Facts,
      { phase: 'installed', package: { name } },
      {},
    );
  }
  return facts as unknown as Facts;
}

async function* bytesOf(content: string | Uint8Array): Bytes {
  yield Buffer.from(content);
}

/** An empty package for that architecture. */
async function buildFor(architecture: string, { environment }: TestContainer): Promise<Uint8Array> {
  const control = `Package: x\nVersion: 1\nArchitecture: ${architecture}\nMaintainer: x <x@example.com>\nDescription: x\n`;
  await environment.write([{ path: '/srv/x/DEBIAN/control', type: 'file', content: Buffer.from(control) }]);
  await environment.exec(['dpkg-deb', '--build', '/srv/x', '/srv/x.deb']);
  for await (const file of environment.read(['/srv/x.deb'])) if (file.type === 'file') return file.content;
  throw new Error('no package was built');
}

describe.each(SYSTEMS)('apt on %s', (image) => {
  it('installs by name, identifies, gathers, removes', async () => {
    await using server = await serveRepository(repository.directory, {
      credentials: { user: 'joe', password: 's3cret' },
    });
    await using container = await withFixtures(image, server.entry);
    const { shell } = container;
    const before = await apt.describeSystem(shell);
    expect(before.packages.has('alts-good')).toBe(false);
    expect(before.packages.get('dpkg')).toMatch(/^1\./);

    expect(await apt.install(shell, { name: 'alts-good' }, PLAIN)).toBeUndefined();
    expect(await apt.identify(shell, 'alts-good')).toEqual({
      name: 'alts-good',
      version: '1.0-1',
      architecture: 'all',
      origin: expect.stringMatching(/^http:\/\/[\d.]+:\d+/),
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(JSON.stringify(shell.commands)).not.toContain('s3cret');

    const facts = await factsOf(container, 'alts-good');
    expect(facts['package.installed']).toMatchObject({ version: '1.0-1', installed: true, essential: false });
    expect(facts['package.files'].length).toBeGreaterThan(3);
    expect(facts['package.files'].filter((file) => file.type === 'missing' || file.resolves === 'no')).toEqual([]);

    expect(await takeOff(shell, facts['package.installed'])).toBeUndefined();
    expect((await factsOf(container, 'alts-good'))['package.installed'].installed).toBe(false);
  });

  it('stages a file, installs it and has its documentation, whatever the image leaves out', async () => {
    await using server = await serveRepository(repository.directory);
    await using container = await withFixtures(image, server.entry);
    const { shell, environment } = container;
    await environment.exec(['sh', '-c', 'echo path-exclude=/usr/share/doc/* > /etc/dpkg/dpkg.cfg.d/slim']);
    const content = createReadStream(repository.file('alts-good'));
    const staged = await apt.stage(shell, { fileName: 'it; rm -rf $HOME.deb', content, origin: '/x.deb' });
    expect(staged).toMatchObject({ target: { name: 'alts-good', version: '1.0-1' }, architecture: 'all' });
    if (!('target' in staged)) return;
    expect(await apt.install(shell, staged.target, PLAIN)).toBeUndefined();
    const paths = (await factsOf(container, 'alts-good'))['package.files'];
    expect(paths.filter((file) => file.type === 'missing')).toEqual([]);
  });

  it('leaves in what the system does not work without', async () => {
    await using container = await startContainer(image);
    const { 'package.installed': libc } = await factsOf(container, 'libc6');
    expect(libc).toMatchObject({ installed: true, essential: false });
    expect(await takeOff(container.shell, libc)).toEqual({ kept: expect.stringContaining('essential') });
    const { 'package.installed': dpkg } = await factsOf(container, 'dpkg');
    expect(await takeOff(container.shell, dpkg)).toEqual({ kept: expect.stringContaining('essential') });
  });
});

describe('what goes wrong', () => {
  it('a repository that does not answer is an error, and says which', async () => {
    await using server = await serveRepository(repository.directory, { faults: [{ path: /./, fault: 503 }] });
    await expect(withFixtures('debian:12', server.entry)).rejects.toMatchObject({
      code: 'repository_unavailable',
      message: expect.stringContaining('503'),
    });
  });

  it('unknown packages, names that apt would take for something else, and versions that are not there', async () => {
    await using server = await serveRepository(repository.directory);
    await using container = await withFixtures('debian:12', server.entry);
    const install = (name: string, version?: string) => apt.install(container.shell, { name, version }, PLAIN);
    expect(await install('no-such-package-xyz')).toMatchObject({ reason: 'package_not_found' });
    expect(await install('tar-')).toMatchObject({ reason: 'package_not_found' });
    expect(await install('alts-goo.')).toMatchObject({ reason: 'package_not_found' });
    expect(await install('alts-good', '9.9-9')).toMatchObject({ reason: 'version_not_found' });
    expect(await install('alts-versions', '1.0')).toBeUndefined();
    expect(await apt.identify(container.shell, 'alts-versions')).toMatchObject({ version: '1.0' });
  });

  it('files that are no packages, are cut off, or are for another machine', async () => {
    await using container = await startContainer('debian:12');
    const stage = (content: Bytes) => apt.stage(container.shell, { fileName: 'x.deb', content, origin: '/x.deb' });
    expect(await stage(bytesOf('hello'))).toMatchObject({
      reason: 'not_a_package',
      message: expect.stringMatching(/^x\.deb is not a Debian package/),
    });
    expect(await stage(bytesOf(''))).toMatchObject({ reason: 'not_a_package' });
    const cut = await stage(createReadStream(repository.file('alts-large'), { end: 100_000 }));
    const failure = 'target' in cut ? await apt.install(container.shell, cut.target, PLAIN) : cut;
    expect(failure).toMatchObject({ reason: 'not_a_package' });
    expect(await stage(bytesOf(await buildFor('s390x', container)))).toMatchObject({
      reason: 'wrong_architecture',
      message: expect.stringMatching(/x\.deb is for s390x, the system is \w+/),
    });
  });

  it('a script that fails is the package, a disk that is full is not, whoever noticed it', async () => {
    await using server = await serveRepository(repository.directory);
    await using container = await withFixtures('debian:12', server.entry);
    const { shell, environment } = container;
    expect(await apt.install(shell, { name: 'alts-fake-disk-full' }, PLAIN)).toMatchObject({ reason: 'script_failed' });
    await environment.exec(['sh', '-c', 'head -c 1G /dev/zero > /dev/shm/fill']);
    await expect(apt.install(shell, { name: 'alts-fake-disk-full' }, PLAIN)).rejects.toMatchObject({
      code: 'disk_full',
    });
  });

  it('memory that ran out is not the fault of the script that was killed for it', async () => {
    await using server = await serveRepository(repository.directory);
    await using container = await startContainer('debian:12', ['--memory', '128m']);
    const { shell, environment } = container;
    await environment.exec(['sh', '-c', 'rm -rf /etc/apt/sources.list /etc/apt/sources.list.d/*']);
    await apt.prepare(shell, request('alts-good', server.entry));
    const hungry = '#!/bin/sh\nhead -c 500M /dev/zero | tail > /dev/null || true\nkill -9 $$\n';
    await environment.write([
      { path: '/srv/x/DEBIAN/postinst', type: 'file', mode: 0o755, content: Buffer.from(hungry) },
    ]);
    const content = bytesOf(await buildFor('all', container));
    const staged = await apt.stage(shell, { fileName: 'x.deb', content, origin: '/x.deb' });
    if (!('target' in staged)) throw new Error(staged.message);
    await expect(apt.install(shell, staged.target, PLAIN)).rejects.toMatchObject({ code: 'out_of_memory' });
  });

  it('a package of the base system that no repository has is not silently taken for tested', async () => {
    await using server = await serveRepository(repository.directory);
    await using container = await withFixtures('debian:12', server.entry);
    const result = await apt.install(container.shell, { name: 'tar' }, { recommends: false, reinstall: true });
    expect(result).toMatchObject({ reason: 'package_not_found', message: expect.stringContaining('base system') });
  });

  it('says that there is nothing to purge after the removal of a package without configuration and postrm', async () => {
    await using server = await serveRepository(repository.directory);
    await using container = await withFixtures('debian:12', server.entry);
    await apt.install(container.shell, { name: 'alts-utf8-names' }, PLAIN);
    const { 'package.installed': found } = await factsOf(container, 'alts-utf8-names');
    expect(await takeOff(container.shell, found)).toBe('nothing');
    expect((await factsOf(container, 'alts-utf8-names'))['package.installed'].version).toBeNull();
  });

  it('removes what nothing depends on without a look at the package lists', async () => {
    await using server = await serveRepository(repository.directory);
    await using container = await withFixtures('debian:13', server.entry);
    await apt.install(container.shell, { name: 'alts-good' }, PLAIN);
    const { 'package.installed': found } = await factsOf(container, 'alts-good');
    expect(await apt.remove(container.shell, found)).toBeUndefined();
    expect(removals(container)).toEqual([expect.stringContaining('alts-no-lists')]);
    expect((await factsOf(container, 'alts-good'))['package.installed'].status).not.toBe('installed');
  });

  it('removes what others depend on along with them, and lets apt look for another in its place', async () => {
    await using server = await serveRepository(repository.directory);
    await using container = await withFixtures('debian:12', server.entry);
    await apt.install(container.shell, { name: 'alts-its-dependent' }, PLAIN);
    const { 'package.installed': found } = await factsOf(container, 'alts-has-dependent');
    expect(await apt.remove(container.shell, found)).toMatchObject({
      alsoRemoved: expect.arrayContaining(['alts-its-dependent']),
    });
    expect(removals(container)).toEqual([expect.not.stringContaining('alts-no-lists')]);
  });

  it('a package whose removal fails', async () => {
    await using server = await serveRepository(repository.directory);
    await using container = await withFixtures('debian:12', server.entry);
    await apt.install(container.shell, { name: 'alts-postrm-fails' }, PLAIN);
    const { 'package.installed': found } = await factsOf(container, 'alts-postrm-fails');
    expect(await takeOff(container.shell, found)).toMatchObject({
      reason: 'script_failed',
      output: expect.stringContaining('I shall not be moved'),
    });
  });
});
