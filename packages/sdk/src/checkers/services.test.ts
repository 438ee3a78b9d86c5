import { describe, expect, it } from 'vitest';
import type { ServiceFile } from '../contracts/facts.ts';
import type { LaterSnapshot, SystemProcess } from '../contracts/snapshot.ts';
import { services } from './services.ts';
import { EMPTY, filesOf } from './snapshot.fixture.ts';
import { parseUnit, programOf, valuesOf } from './unit-file.ts';

const UNIT = '/lib/systemd/system/x.service';
const BASE = [
  '/bin -> usr/bin',
  '/usr/',
  '/usr/bin/',
  '/usr/bin/d*',
  '/usr/bin/data',
  '/etc/',
  '/etc/default/',
  '/etc/default/d',
];

interface Story {
  readonly now?: Partial<LaterSnapshot>;
  readonly others?: readonly ServiceFile[];
  readonly own?: readonly string[];
}

function judged(unit: string, { now = {}, others = [], own = [UNIT] }: Story = {}): string[][] {
  const text = `[Service]\n${unit}\n`;
  const found = services.check(
    {
      'package.installed': {
        name: 'x',
        version: '1',
        architecture: 'all',
        status: '',
        installed: true,
        essential: false,
      },
      'package.files': own.map((path) => ({ path, type: 'file' })),
      'package.services': [...(unit === '' ? [] : [{ path: UNIT, kind: 'unit', text } as const]), ...others],
      'system.before': EMPTY,
      'system.now': { ...EMPTY, files: filesOf(...BASE), ...now },
    },
    { phase: 'installed', package: { name: 'x' } },
  );
  return [...found].map(({ rule, severity }) => [rule, severity]);
}
const withFiles = (...files: string[]): Story => ({ now: { files: filesOf(...BASE, ...files) } });

describe('the syntax of units', () => {
  it('comments, continued lines, several sections, spaces', () => {
    const text =
      '# c\n[Unit]\nRequires = a.service \\\n; between\n  b.service\n[Service]\nnonsense\nExecStart=/bin/d -x\n';
    expect(parseUnit(text)).toEqual([
      { section: 'Unit', name: 'Requires', value: 'a.service  b.service' },
      { section: 'Service', name: 'ExecStart', value: '/bin/d -x' },
    ]);
  });
  it('an empty value takes back those before it', () => {
    expect(valuesOf(parseUnit('ExecStart=/a\nExecStart=\nExecStart=/b'), 'ExecStart')).toEqual(['/b']);
  });
  it('the program of a command line, without prefixes and quotes', () => {
    expect(programOf('-@/bin/d d -x')).toEqual({ path: '/bin/d', mayFail: true });
    expect(programOf('+"/opt/a b/d" x')).toEqual({ path: '/opt/a b/d', mayFail: false });
    expect(programOf('/opt/%i/d')).toBeUndefined();
    expect(programOf('$D x')).toBeUndefined();
    expect(programOf('')).toBeUndefined();
  });
});

describe('missing-program', () => {
  it('a program that is there is left alone, also by another name of its directory, or without one', () => {
    for (const program of ['/usr/bin/d', '/bin/d -x', '!!/bin/d', 'd'])
      expect(judged(`ExecStart=${program}`)).toEqual([]);
  });
  it('one that is not, or that cannot be executed', () => {
    for (const program of ['/usr/bin/none', 'none', '/usr/bin', '/usr/bin/data']) {
      expect(judged(`ExecStart=${program}`), program).toEqual([['missing-program', 'error']]);
    }
  });
  it('is a warning where a failure is ignored, and for what comes after the start', () => {
    expect(judged('ExecStart=/bin/d\nExecReload=/bin/none')).toEqual([['missing-program', 'warning']]);
    expect(judged('ExecStart=/bin/d\nExecStartPre=-/bin/none')).toEqual([['missing-program', 'warning']]);
  });
  it('what is known only on a running machine is left alone', () => {
    expect(judged('ExecStart=/run/d')).toEqual([]);
    expect(judged('ExecStart=/opt/%n')).toEqual([]);
    expect(judged('ExecStart=/bin/none\nConditionPathExists=/etc/not-there')).toEqual([]);
    expect(judged('ExecStart=/bin/none\nConditionPathExists=/etc/default/d')).toEqual([['missing-program', 'error']]);
  });
  it('is a warning where only a running machine knows whether the unit starts', () => {
    for (const condition of [
      'ConditionFileNotEmpty=/lib/modules/%v/x',
      'ConditionVirtualization=vm',
      'ConditionPathExists=|/etc/x',
    ]) {
      expect(judged(`ExecStart=/bin/none\n${condition}`), condition).toEqual([['missing-program', 'warning']]);
    }
  });
  it("systemd's own programs are missing only where systemd is", () => {
    expect(judged('ExecStart=/bin/systemctl x\nExecStartPost=systemctl y\nExecStop=/lib/systemd/systemd-x')).toEqual(
      [],
    );
    const systemd = withFiles('/usr/lib/', '/usr/lib/systemd/', '/usr/lib/systemd/systemd*');
    expect(judged('ExecStart=/bin/systemctl x', systemd)).toEqual([['missing-program', 'error']]);
  });
});

describe('missing-user and missing-group', () => {
  it('they are there, are numbers, or known later', () => {
    for (const user of ['root', '65534', '%i', '']) expect(judged(`User=${user}\nGroup=${user}`)).toEqual([]);
  });
  it('they are not', () => {
    expect(judged('User=none')).toEqual([['missing-user', 'error']]);
    expect(judged('Group=none')).toEqual([['missing-group', 'error']]);
    expect(judged('SupplementaryGroups=root none')).toEqual([['missing-group', 'error']]);
    expect(judged('SocketUser=none')).toEqual([['missing-user', 'error']]);
  });
  it('DynamicUser= and sysusers.d make them', () => {
    expect(judged('User=none\nDynamicUser=yes')).toEqual([]);
    const text = '# users\nu none - "Nobody"\ng more -\n';
    const others = [{ path: '/usr/lib/sysusers.d/x.conf', kind: 'users', text } as const];
    expect(judged('User=none\nGroup=none\nSupplementaryGroups=more', { others })).toEqual([]);
    expect(judged('User=other', { others })).toHaveLength(1);
  });
});

describe('missing-environment-file and missing-unit', () => {
  it('an environment file that is there, or may be missing', () => {
    expect(judged('EnvironmentFile=/etc/default/d')).toEqual([]);
    expect(judged('EnvironmentFile=-/etc/default/none')).toEqual([]);
    expect(judged('EnvironmentFile=/etc/default/none')).toEqual([['missing-environment-file', 'warning']]);
  });
  it('a unit that is there, by its own name or as a template, or is made at run time', () => {
    const units = withFiles(
      '/usr/lib/',
      '/lib -> usr/lib',
      '/usr/lib/systemd/',
      '/usr/lib/systemd/system/',
      '/usr/lib/systemd/system/a.service',
      '/usr/lib/systemd/system/b@.service',
    );
    for (const unit of [
      'a.service',
      'b@c.service',
      'dev-sda.device',
      '-.mount',
      'network.target',
      'systemd-networkd.service',
    ]) {
      expect(judged(`Requires=${unit}`, units), unit).toEqual([]);
    }
    expect(judged('BindsTo=none.service', units)).toEqual([['missing-unit', 'warning']]);
    expect(judged('Wants=none.service')).toEqual([]);
  });
});

describe('process-running', () => {
  const process: SystemProcess = {
    pid: 9,
    startedAt: 1,
    uid: 0,
    executable: '/usr/bin/d',
    deleted: false,
    command: 'd',
  };
  const now = { processes: [process], files: filesOf(...BASE) };
  it('a process that no service accounts for', () => {
    expect(judged('', { now, own: ['/usr/bin/d'] })).toEqual([['process-running', 'warning']]);
  });
  it('the process of a service is as it should be', () => {
    expect(judged('', { now, own: ['/usr/bin/d', '/etc/init.d/d'] })).toEqual([]);
    expect(judged('ExecStart=/bin/d', { now })).toEqual([]);
  });
  it('one of a package that came with it is none of its', () => {
    expect(judged('', { now: { ...now, owners: new Map([['/usr/bin/d', ['companion']]]) }, own: [] })).toEqual([]);
  });
});
