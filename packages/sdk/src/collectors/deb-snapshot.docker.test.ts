import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Facts } from '../contracts/facts.ts';
import type { LaterSnapshot, SystemSnapshot } from '../contracts/snapshot.ts';
import { startContainer, type TestContainer } from '../package-managers/container.fixture.ts';
import { debSystemBefore, debSystemNow } from './deb-snapshot.ts';

const CONTEXT = { phase: 'installed', package: { name: 'x' } } as const;
/** What a package might do, and what the package manager does meanwhile. */
const CHANGES = `useradd --system alts-user
dpkg-divert --quiet --local --rename --divert /usr/bin/yes.real --add /usr/bin/yes
dpkg-statoverride --update --add root nogroup 2755 /usr/bin/factor
update-alternatives --quiet --install /usr/bin/chosen chosen /usr/bin/tac 10
printf x > "$(printf '/usr/share/a\\nb')"
printf x > "$(printf '/usr/share/caf\\351')"
ln -s 'some where' /usr/share/link
printf x > /run/in-a-mount
mkdir -p /var/cache/apt/mine /var/cache/alts
rm /bin/nproc
cp /bin/sleep /usr/local/bin/gone
setsid /usr/local/bin/gone 3600 > /dev/null 2>&1 < /dev/null &
until ls -l /proc/[0-9]*/exe 2> /dev/null | grep -q /usr/local/bin/gone; do :; done
rm /usr/local/bin/gone`;

async function* after(promise: Promise<void>): AsyncGenerator<Uint8Array> {
  await promise;
  yield Buffer.from('end');
}

let container: TestContainer;
let before: SystemSnapshot;
let now: LaterSnapshot;
beforeAll(async () => {
  container = await startContainer('debian:12', ['--tmpfs', '/run']);
  const { environment } = container;
  before = await debSystemBefore.collect(environment, {}, CONTEXT, {});
  const { end } = await environment.exec(['sh', '-e', '-c', CHANGES]);
  expect(end).toEqual({ type: 'exit', code: 0 });
  const facts = { 'system.before': before } as Facts;
  // Another question at the same time: its processes are ours too.
  const [started, answered] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const other = environment.exec(['sh', '-c', 'echo started; cat'], {
    stdin: after(answered.promise),
    onOutput: () => started.resolve(),
  });
  await started.promise;
  now = await debSystemNow.collect(environment, facts, CONTEXT, {});
  answered.resolve();
  await other;
});
afterAll(() => container[Symbol.asyncDispose]());

it('files that appeared and vanished, whatever their names', () => {
  const appeared = [...now.files.keys()].filter((path) => !before.files.has(path));
  expect(appeared).toContain('/usr/share/a\nb');
  expect(appeared).toContain('/usr/share/caf\\xe9');
  expect(appeared).toContain('/run/in-a-mount');
  expect(now.files.get('/usr/share/link')).toMatchObject({ type: 'symlink', target: 'some where' });
  expect(before.files.has('/usr/bin/nproc') && !now.files.has('/usr/bin/nproc')).toBe(true);
});
it("nothing of the kernel, of the package manager's own, of ALTS's own", () => {
  const own = /^\/(proc|sys|dev|var\/lib\/dpkg|var\/cache\/apt|var\/cache\/alts)\//;
  expect([...before.files.keys(), ...now.files.keys()].filter((path) => own.test(path))).toEqual([]);
});
it('owners of what is different, by whatever name of a directory their packages list it', () => {
  expect(now.owners.get('/usr/bin/nproc')).toEqual(['coreutils']);
  expect(now.owners.get('/usr/bin/yes.real')).toEqual(['coreutils']);
  expect(now.owners.get('/usr/bin/factor')).toEqual(['coreutils']);
  expect(now.owners.get('/usr/share/link')).toBeUndefined();
});
it('users, alternatives, diversions, overrides, packages', () => {
  expect([before.users.has('alts-user'), now.users.has('alts-user')]).toEqual([false, true]);
  expect(now.users.get('root')).toBe(0);
  expect(now.alternatives.get('chosen')).toEqual({ link: '/usr/bin/chosen', candidates: ['/usr/bin/tac'] });
  expect(now.diversions).toContainEqual({ path: '/usr/bin/yes', to: '/usr/bin/yes.real', by: ':' });
  expect(now.statOverrides).toEqual([{ path: '/usr/bin/factor', user: 'root', group: 'nogroup', mode: 0o2755 }]);
  expect(before.packages.get('coreutils')).toMatch(/^9\.1\S* amd64$/);
});
it('a daemon that was left behind, and no process of ALTS', () => {
  const known = new Set(before.processes.map(({ pid }) => pid));
  expect(now.processes.filter(({ pid }) => !known.has(pid))).toMatchObject([
    { executable: '/usr/local/bin/gone', deleted: true, command: '/usr/local/bin/gone 3600', uid: 0 },
  ]);
});
it('what nobody touched has not changed', () => {
  expect(now.files.get('/usr/bin/cat')).toBe(before.files.get('/usr/bin/cat'));
});
