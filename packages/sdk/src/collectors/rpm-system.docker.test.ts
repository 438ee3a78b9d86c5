import { expect, it } from 'vitest';
import type { Environment } from '../contracts/environment.ts';
import type { CheckContext, Facts } from '../contracts/facts.ts';
import { startContainer } from '../package-managers/container.fixture.ts';
import { rpmFiles } from './rpm-files.ts';
import { rpmInstalled } from './rpm-installed.ts';
import { rpmSharedPaths } from './rpm-shared-paths.ts';
import { rpmSystemBefore, rpmSystemNow } from './rpm-snapshot.ts';
import { rpmSystemDependencies } from './rpm-system-dependencies.ts';

const CONTEXT: CheckContext = { phase: 'installed', package: { name: 'x' } };
const IMAGE = 'altsrpm:1';
/** Both may be built in the same second: files with other content have another size, too, for a snapshot to see it. */
const spec = (name: string, fields: string) => `Name: ${name}
Version: 1
Release: 1
Summary: x
License: x
BuildArch: noarch
${fields}
%description
x
%install
mkdir -p %{buildroot}/usr/lib/alts
cd %{buildroot}/usr/lib/alts
for file in same ghost; do echo $file > $file; done
echo '${fields}' > other
ln -s ${name} link
%files
/usr/lib/alts/same
%ghost /usr/lib/alts/ghost
/usr/lib/alts/other
/usr/lib/alts/link
`;
const BUILD = `for name; do rpmbuild -bb /srv/$name.spec; done`;
const INSTALL = `rpm --install --nodeps --replacefiles --force-debian "$HOME/rpmbuild/RPMS/noarch/$1-1-1.noarch.rpm"`;

async function run({ exec }: Environment, script: string, ...operands: string[]): Promise<void> {
  const { end, stderr } = await exec(['sh', '-e', '-c', script, 'sh', ...operands]);
  expect(end, Buffer.from(stderr).toString()).toEqual({ type: 'exit', code: 0 });
}

it('files that two packages have with other content, and dependencies that are not met', async () => {
  await using container = await startContainer(IMAGE);
  const { environment } = container;
  const specs = { x: spec('x', 'Obsoletes: old < 2'), y: spec('y', 'Requires: alts-nobody-has-it') };
  await environment.write(
    Object.entries(specs).map(([name, text]) => {
      return { path: `/srv/${name}.spec`, type: 'file' as const, content: Buffer.from(text) };
    }),
  );
  await run(environment, BUILD, 'x', 'y');
  expect(await rpmSystemDependencies.collect(environment, {}, CONTEXT, {})).toEqual([]);

  await run(environment, INSTALL, 'y');
  const facts: Partial<Facts> = { 'system.before': await rpmSystemBefore.collect(environment, {}, CONTEXT, {}) };
  await run(environment, INSTALL, 'x');
  facts['package.installed'] = await rpmInstalled.collect(environment, {}, CONTEXT, {});
  facts['package.files'] = await rpmFiles.collect(environment, facts as Facts, CONTEXT, {});
  facts['system.now'] = await rpmSystemNow.collect(environment, facts as Facts, CONTEXT, {});

  expect(await rpmSystemDependencies.collect(environment, {}, CONTEXT, {})).toEqual([
    { name: 'y', problem: expect.stringContaining('alts-nobody-has-it is needed by') },
  ]);
  expect(await rpmSharedPaths.collect(environment, facts as Facts, CONTEXT, {})).toEqual({
    shared: ['link', 'other'].map((name) => ({ path: `/usr/lib/alts/${name}`, owners: ['y'] })),
    diversions: [],
    replaces: ['old'],
  });
});
