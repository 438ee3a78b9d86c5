import { expect, it } from 'vitest';
import type { Facts } from '../contracts/facts.ts';
import { startContainer } from '../package-managers/container.fixture.ts';
import { rpmSystemBefore, rpmSystemNow } from './rpm-snapshot.ts';

const CONTEXT = { phase: 'installed', package: { name: 'x' } } as const;
/** Debian's rpm and dnf on a system that has no other packages than one without files. */
const IMAGE = 'altsrpm:1';
const SPEC = `Name: x
Epoch: 1
Version: 2
Release: 3
Summary: x
License: x
BuildArch: noarch
%description
x
%install
mkdir -p %{buildroot}/usr/share/x
echo x > %{buildroot}/usr/share/x/a
echo x > %{buildroot}/usr/share/x/b
%files
/usr/share/x
`;
const INSTALL = `rpmbuild -bb "$1"
rpm --install --nodeps --force-debian "$HOME"/rpmbuild/RPMS/noarch/x-2-3.noarch.rpm`;
const CHANGES = `rm /usr/share/x/a
echo x > /usr/share/new
mkdir -p /var/cache/dnf/x
echo x > /var/log/dnf.rpm.log
update-alternatives --quiet --install /usr/bin/chosen chosen /usr/bin/tac 10`;

it('owners by the database of rpm, and nothing that rpm and dnf keep for themselves', async () => {
  await using container = await startContainer(IMAGE);
  const { environment } = container;
  const run = async (...command: [string, ...string[]]) => {
    const { end, stderr } = await environment.exec(command);
    expect(end, Buffer.from(stderr).toString()).toEqual({ type: 'exit', code: 0 });
  };
  await environment.write([{ path: '/srv/x.spec', type: 'file', content: Buffer.from(SPEC) }]);
  await run('sh', '-e', '-c', INSTALL, 'sh', '/srv/x.spec');
  const before = await rpmSystemBefore.collect(environment, {}, CONTEXT, {});
  await run('sh', '-e', '-c', CHANGES);
  const now = await rpmSystemNow.collect(environment, { 'system.before': before } as Facts, CONTEXT, {});

  expect(before.packages.get('x')).toBe('1:2-3 noarch');
  const appeared = [...now.files.keys()].filter((path) => !before.files.has(path));
  expect(appeared).toEqual(expect.arrayContaining(['/usr/share/new', '/usr/bin/chosen']));
  expect(appeared.filter((path) => path.startsWith('/var/'))).toEqual([]);
  expect([...now.owners]).toEqual([['/usr/share/x/a', ['x']]]);
  expect(now.alternatives.get('chosen')?.candidates).toEqual(['/usr/bin/tac']);
});
