import { describe, expect, it } from 'vitest';
import type { SystemSnapshot } from '../contracts/snapshot.ts';
import { decodeName, RecordStream } from './record-stream.ts';
import { SnapshotReader } from './snapshot-reader.ts';
import { pruned, type SnapshotFamily, snapshotScript } from './snapshot-script.ts';
import { parseProcesses } from './system-processes.ts';
import { parseAlternatives, parseDiversions, parsePackages, parseStatOverrides } from './system-registers.ts';

const family: SnapshotFamily = {
  ownPaths: ['/var/lib/own'],
  registers: '',
  listing: 'list',
  packageOf: (line) => /^==> (\S+)\.list <==$/.exec(line)?.[1],
};

/** A record for a file; a path of bytes is given as latin1. */
const file = (path: string, type = 'f', target = '', rest = '644 0 0 5 100.5') =>
  `${type} ${rest} ${path}\0${target}\0`;
const section = (name: string, content = '') => `\x1e${name}\0${content}`;
const FILES = [
  file('/bin', 'l', 'usr/bin'),
  file('/usr', 'd'),
  file('/usr/bin', 'd'),
  file('/usr/bin/old'),
  file('/usr/bin/same'),
];

function read(text: string, before?: SystemSnapshot) {
  const reader = new SnapshotReader(family, before);
  // In pieces of three bytes: nothing may depend on where a piece ends.
  const bytes = Buffer.from(text, 'latin1');
  for (let at = 0; at < bytes.length; at += 3) reader.push(bytes.subarray(at, at + 3));
  return reader;
}
const before = read(section('files', FILES.join(''))).snapshot;

describe('records', () => {
  it('names with newlines, and with bytes that are not UTF-8, survive and stay apart', () => {
    const records: string[] = [];
    const stream = new RecordStream((record) => records.push(record));
    stream.push(Buffer.from('a\nb\0caf\xc3\xa9\0caf\xe9\0caf', 'latin1'));
    stream.push(Buffer.from('\xe8\0', 'latin1'));
    expect(records).toEqual(['a\nb', 'café', 'caf\\xe9', 'caf\\xe8']);
  });
  it('a replacement character that is really in a name is kept', () => {
    expect(decodeName(Buffer.from('\uFFFD'))).toBe('\uFFFD');
  });
});

describe('a snapshot', () => {
  it('says type, mode, owner, size, time and target of each path', () => {
    const text = `${file('/s', 'l', '../t\n')}${file('/x y', 'f', '', '4755 1 2 7 1700000000.25')}${file('/pipe', 'p')}`;
    const { files } = read(section('files', text)).snapshot;
    expect(files.get('/s')).toMatchObject({ type: 'symlink', target: '../t\n' });
    expect(files.get('/x y')).toEqual({
      type: 'file',
      mode: 0o4755,
      uid: 1,
      gid: 2,
      size: 7,
      modifiedAt: 1700000000250,
    });
    expect(files.get('/pipe')?.type).toBe('other');
  });
  it('a link whose target looks like a section is a link', () => {
    const { files } = read(section('files', file('/a', 'l', '\x1eend') + file('/b'))).snapshot;
    expect([...files.keys()]).toEqual(['/a', '/b']);
  });
  it('is not taken for whole when the script did not come to its end', () => {
    expect(read(section('files', FILES.join(''))).complete).toBe(false);
    expect(read(section('files') + section('end')).complete).toBe(false);
    expect(read(section('files', FILES.join('')) + section('end')).complete).toBe(true);
  });
  it('garbage is no crash', () => {
    const text =
      section('files', 'nonsense\0x\0\0\0') + section('users', 'a:b\n:x:1\nc:x:7:::\0') + section('what', '\0');
    const { files, users } = read(text).snapshot;
    expect([files.size, [...users]]).toEqual([0, [['c', 7]]]);
  });
});

describe('owners of what is different', () => {
  const owners = (files: readonly string[], listing: string, diversions = '') => {
    const text = section('files', files.join('')) + section('diversions', `${diversions}\0`);
    return Object.fromEntries(read(text + section('listing', listing.replaceAll('\n', '\0')), before).snapshot.owners);
  };
  it('new, changed and vanished paths have them, others are not looked for', () => {
    const now = [...FILES.slice(0, 3), file('/usr/bin/same'), file('/usr/bin/new'), file('/usr/bin/nobody')];
    const listing = '==> a.list <==\n/usr\n/usr/bin/old\n/usr/bin/same\n\n==> b.list <==\n/usr/bin/new\n';
    expect(owners(now, listing)).toEqual({ '/usr/bin/old': ['a'], '/usr/bin/new': ['b'] });
  });
  it('a package that lists /bin/x owns /usr/bin/x where /bin is a link', () => {
    expect(owners([...FILES, file('/usr/bin/x')], '==> a.list <==\n/bin/x\n')).toEqual({ '/usr/bin/x': ['a'] });
  });
  it('a diverted file belongs to the one whose file was moved aside, its place to the other', () => {
    const now = [...FILES, file('/usr/bin/x'), file('/usr/bin/x.real')];
    const listing = '==> a.list <==\n/usr/bin/x\n\n==> b.list <==\n/usr/bin/x\n';
    expect(owners(now, listing, '/usr/bin/x\n/usr/bin/x.real\nb\n')).toEqual({
      '/usr/bin/x.real': ['a'],
      '/usr/bin/x': ['b'],
    });
  });
  it('what did not change is kept once for both snapshots', () => {
    const { files } = read(section('files', FILES.join('')), before).snapshot;
    expect(files.get('/usr/bin/same')).toBe(before.files.get('/usr/bin/same'));
  });
});

describe('processes', () => {
  const stat = (pid: number, parent: number, state = 'S', name = 'x') =>
    `${pid} (${name}) ${state} ${parent} ${Array(17).fill(0).join(' ')} ${pid * 10} 0`;
  const programs = (...pids: number[]) => pids.map((pid) => `/proc/${pid} 0 /usr/bin/p${pid}`);
  const pids = (self: number, stats: string[]) =>
    parseProcesses({
      self,
      programs: programs(...stats.map((line) => Number.parseInt(line, 10))),
      stats: stats.join('\n'),
      commands: '',
    }).map(({ pid }) => pid);

  it('in a container: what came in from outside is ours, what was handed to init is not', () => {
    expect(pids(11, [stat(1, 0), stat(7, 1), stat(10, 0), stat(11, 10), stat(12, 11), stat(20, 0)])).toEqual([7]);
  });
  it('on a machine: what hangs on our connection is ours', () => {
    expect(pids(11, [stat(1, 0), stat(5, 1), stat(10, 5), stat(11, 10), stat(12, 10), stat(20, 1)])).toEqual([20]);
  });
  it('what has ended is not there, whatever it calls itself', () => {
    expect(pids(9, [stat(1, 0), stat(2, 1, 'Z'), stat(3, 1, 'S', ') Z 0 ('), stat(9, 0)])).toEqual([3]);
  });
  it('a program whose file is gone', () => {
    const [found] = parseProcesses({
      self: 9,
      programs: ['/proc/3 33 /usr/bin/x (deleted)'],
      stats: `${stat(3, 1)}\n${stat(9, 0)}`,
      commands: '==> /proc/3/cmdline <==\nx --now ',
    });
    expect(found).toEqual({
      pid: 3,
      startedAt: 30,
      uid: 33,
      executable: '/usr/bin/x',
      deleted: true,
      command: 'x --now',
    });
  });
  it('parents in a circle are no endless loop', () => {
    expect(pids(9, [stat(3, 4), stat(4, 3), stat(9, 0)])).toEqual([3, 4]);
  });
});

describe("the package manager's registers", () => {
  it('alternatives, with and without slaves', () => {
    const awk =
      '==> /var/lib/dpkg/alternatives/awk <==\nauto\n/usr/bin/awk\nawk.1.gz\n/man/awk.1.gz\n\n/usr/bin/mawk\n5\n/man/mawk.1.gz\n/usr/bin/gawk\n10\n\n';
    const pager = '\n==> /var/lib/dpkg/alternatives/pager <==\nmanual\n/usr/bin/pager\n\n/bin/more\n50\n\n';
    expect(Object.fromEntries(parseAlternatives(awk + pager))).toEqual({
      awk: { link: '/usr/bin/awk', candidates: ['/usr/bin/mawk', '/usr/bin/gawk'] },
      pager: { link: '/usr/bin/pager', candidates: ['/bin/more'] },
    });
    expect(parseAlternatives('garbage').size).toBe(0);
  });
  it('diversions and overrides', () => {
    expect(parseDiversions('/a\n/b\nx\n')).toEqual([{ path: '/a', to: '/b', by: 'x' }]);
    expect(parseStatOverrides('root crontab 2755 /usr/bin/crontab\ngarbage\n')).toEqual([
      { path: '/usr/bin/crontab', user: 'root', group: 'crontab', mode: 0o2755 },
    ]);
  });
  it('a package of two architectures is one', () => {
    expect([...parsePackages('b\t1 i386\na\t2 all\nb\t1 amd64\n')]).toEqual([
      ['a', '2 all'],
      ['b', '1 amd64, 1 i386'],
    ]);
  });
});

describe('the script', () => {
  it('asks for the listing only when owners are wanted', () => {
    expect(snapshotScript(family, true)).toContain('list\n');
    expect(snapshotScript(family, false)).not.toContain('section listing');
  });
  it('leaves out what the package manager keeps for itself', () => {
    expect(pruned(family).slice(-3)).toEqual(['-o', '-path', '/var/lib/own']);
  });
});
