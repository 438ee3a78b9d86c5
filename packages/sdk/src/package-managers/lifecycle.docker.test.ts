import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildRepository, type TemporaryRepository } from '../../../../fixtures/corpus/build-repository.ts';
import { serveRepository } from '../../../../fixtures/corpus/serve-repository.ts';
import { parseRequest } from '../contracts/request.ts';
import { apt } from './apt.ts';
import { startContainer } from './container.fixture.ts';
import { dnf } from './dnf.ts';

let repository: TemporaryRepository;
let distribution: TemporaryRepository;
beforeAll(async () => {
  distribution = await buildRepository(['alts-versions-1.0']);
  repository = await buildRepository(['alts-versions-1.0', 'alts-versions-2.0', 'alts-versions-epoch', 'alts-tidy']);
});
afterAll(async () => {
  await repository[Symbol.asyncDispose]();
  await distribution[Symbol.asyncDispose]();
});

describe.each(['debian:11', 'debian:12', 'debian:13'])('apt of %s', (image) => {
  it('knows versions by its own order, and whose they are; asks once, and leaves nothing', async () => {
    await using server = await serveRepository(repository.directory);
    await using container = await startContainer(image);
    const { shell, environment } = container;
    await using own = await serveRepository(distribution.directory);
    const sources = { path: '/etc/apt/sources.list', type: 'file' as const, content: Buffer.from(`${own.entry}\n`) };
    await environment.exec(['sh', '-c', 'rm -rf /etc/apt/sources.list.d/*']);
    await environment.write([sources]);
    const request = { package: { name: 'alts-versions' }, system: 'debian:12', repositories: [server.entry] };
    await apt.prepare(shell, parseRequest(request));

    const before = shell.commands.length;
    const all = await apt.versions(shell, 'alts-versions', ['1.5', '0.1~rc1']);
    expect(shell.commands.length - before).toBe(1);
    expect(all.map(({ version, places }) => [version, ...places])).toEqual([
      ['1:1.0', 'request'],
      ['2.0', 'request'],
      ['1.5'],
      ['1.0', 'distribution'],
      ['0.1~rc1'],
    ]);
    expect(all.filter(({ candidate }) => candidate).map(({ version }) => version)).toEqual(['1:1.0']);
    expect(await apt.versions(shell, 'alts-nobody-has-this', [])).toEqual([]);
    const { stdout } = await environment.exec(['sh', '-c', 'ls /var/cache/alts 2>/dev/null; :']);
    expect(Buffer.from(stdout).toString()).toBe('');
  });

  it('knows the conffiles of an installed package', async () => {
    await using server = await serveRepository(repository.directory);
    await using container = await startContainer(image);
    const { shell, environment } = container;
    await environment.exec(['sh', '-c', 'rm -rf /etc/apt/sources.list /etc/apt/sources.list.d/*']);
    const request = { package: { name: 'alts-tidy' }, system: 'debian:12', repositories: [server.entry] };
    await apt.prepare(shell, parseRequest(request));
    expect(await apt.configurationFiles(shell, 'alts-tidy')).toEqual([]);
    expect(await apt.install(shell, { name: 'alts-tidy' }, { recommends: false, reinstall: false })).toBeUndefined();
    const found = await apt.configurationFiles(shell, 'alts-tidy');
    expect([...found].sort()).toEqual(['/etc/alts-tidy.conf', '/etc/cron.d/alts-tidy', '/etc/init.d/alts-tidy']);
  });
});

describe('rpm', () => {
  it('puts versions in its own order, epochs first', async () => {
    await using container = await startContainer('altsrpm:1');
    const also = ['1.0-1', '1.0-10', '1.0-9', '1.0~rc1-1', '1.0^git1-1', '2:0.1-1', '1:9-1', '0:0.9-1', '10.0-1'];
    const all = await dnf.versions(container.shell, 'alts-nobody-has-this', also);
    expect(all.map(({ version }) => version)).toEqual([
      '2:0.1-1',
      '1:9-1',
      '10.0-1',
      '1.0^git1-1',
      '1.0-10',
      '1.0-9',
      '1.0-1',
      '1.0~rc1-1',
      '0.9-1',
    ]);
    expect(all.every(({ places, candidate }) => places.length === 0 && !candidate)).toBe(true);
  });
});
