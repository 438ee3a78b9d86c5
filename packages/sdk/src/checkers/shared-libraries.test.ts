import { describe, expect, it } from 'vitest';
import type { CandidateLibrary, ElfDynamic, ElfFile, LibrarySearch } from '../contracts/elf.ts';
import type { Facts } from '../contracts/facts.ts';
import { sharedLibraries } from './shared-libraries.ts';

const X86_64 = { bits: 64, byteOrder: 'little', machine: 62 } as const;
const I386 = { bits: 32, byteOrder: 'little', machine: 3 } as const;
const AARCH64 = { ...X86_64, machine: 183 } as const;
const LOADER = '/lib64/ld-linux-x86-64.so.2';

const elf = (more: Partial<ElfDynamic> = {}): ElfDynamic => ({
  ...X86_64,
  type: 'shared',
  dynamic: true,
  needed: [],
  ignoresDefaultDirectories: false,
  positionIndependent: false,
  versionNeeds: [],
  versionDefinitions: [],
  ...more,
});
const file = (path: string, more: Partial<ElfDynamic> = {}): ElfFile => ({ path, realPath: path, elf: elf(more) });
const program = (path: string, more: Partial<ElfDynamic> = {}) => file(path, { interpreter: LOADER, ...more });
const library = (path: string, owner: string, more: Partial<ElfDynamic> = {}): CandidateLibrary => ({
  path,
  realPath: path,
  owners: [owner],
  elf: elf(more),
});
const loader = library(LOADER, 'libc6');

interface System {
  readonly files: readonly ElfFile[];
  /** What the loader would come by, for each needed library. */
  readonly candidates?: Readonly<Record<string, readonly CandidateLibrary[]>>;
  readonly uncached?: Readonly<Record<string, readonly string[]>>;
  readonly more?: Partial<Facts['elf.libraries']>;
  readonly dependencies?: Partial<Facts['package.dependencies']>;
}

function check({ files, candidates = {}, uncached = {}, more = {}, dependencies = {} }: System) {
  const searches = files.flatMap(({ path, elf: own }): LibrarySearch[] =>
    (own?.needed ?? []).map((needed) => ({
      file: path,
      needed,
      candidates: (candidates[needed] ?? []).map((each) => each.path),
      uncached: uncached[needed] ?? [],
    })),
  );
  const findings = sharedLibraries.check(
    {
      'elf.dynamic': files,
      'elf.libraries': {
        machine: X86_64,
        searches,
        libraries: [loader, ...Object.values(candidates).flat()],
        elsewhere: [],
        unsearched: [],
        ...more,
      },
      'package.dependencies': {
        reachable: ['x', 'libc6'],
        essential: ['dpkg', 'libc6'],
        sameSource: ['x'],
        optional: [],
        ...dependencies,
      },
    },
    { phase: 'installed', package: { name: 'x' } },
  );
  return [...findings].map(({ rule, severity, subject }) => `${severity} ${rule} ${subject}`);
}

describe('a needed library', () => {
  const needs = (path: string) => program(path, { needed: ['liby.so.1'] });
  const plugin = (path: string) => file(path, { needed: ['liby.so.1'] });

  it('that is found is nothing to speak of', () => {
    const found = { 'liby.so.1': [library('/usr/lib/liby.so.1', 'libc6')] };
    expect(check({ files: [needs('/usr/bin/x')], candidates: found })).toEqual([]);
  });
  it('that is not found is an error', () => {
    expect(check({ files: [needs('/usr/bin/x')] })).toEqual(['error missing-library /usr/bin/x']);
    expect(check({ files: [plugin('/usr/lib/x/y.so')] })).toEqual(['error missing-library /usr/lib/x/y.so']);
  });
  it('of a plug-in may come with a package that is only recommended', () => {
    const dependencies = { optional: ['liby1'] };
    expect(check({ files: [plugin('/usr/lib/x/y.so')], dependencies })).toEqual([
      'warning missing-library /usr/lib/x/y.so',
    ]);
    expect(check({ files: [needs('/usr/bin/x')], dependencies })).toEqual(['error missing-library /usr/bin/x']);
  });

  describe('in a private directory of the package', () => {
    const own = file('/usr/lib/x/liby-1.2.so', { soname: 'liby.so.1' });
    it('is there for plug-ins, whose program has loaded it: one remark for all of them', () => {
      expect(check({ files: [own, plugin('/usr/lib/x/a.so'), plugin('/usr/lib/x/b.so')] })).toEqual([
        'info private-library /usr/lib/x/a.so',
      ]);
    });
    it('may be found by a private program, which others start', () => {
      expect(check({ files: [own, needs('/usr/lib/x/helper')] })).toEqual([
        'warning missing-library /usr/lib/x/helper',
      ]);
    });
    it('is not found by a command', () => {
      expect(check({ files: [own, needs('/usr/bin/x')] })).toEqual(['error missing-library /usr/bin/x']);
    });
    it('does not help when it is for another machine', () => {
      const narrow = file('/usr/lib/x/liby.so.1', { ...I386, soname: 'liby.so.1' });
      expect(check({ files: [narrow, plugin('/usr/lib/x/a.so')] })).toEqual(['error missing-library /usr/lib/x/a.so']);
    });
  });

  it('in a private directory of a dependency is there for plug-ins, too; of any other package it is not', () => {
    const elsewhere = [{ needed: 'liby.so.1', path: '/usr/lib/app/liby.so.1', owner: 'app' }];
    const system = { files: [plugin('/usr/lib/app/x.so')], more: { elsewhere } };
    expect(check({ ...system, dependencies: { reachable: ['x', 'app'] } })).toEqual([
      'info private-library /usr/lib/app/x.so',
    ]);
    expect(check(system)).toEqual(['error missing-library /usr/lib/app/x.so']);
  });
  it('for another machine is passed over', () => {
    const narrow = library('/usr/lib/liby.so.1', 'libc6', I386);
    const wide = library('/usr/lib64/liby.so.1', 'libc6');
    expect(check({ files: [needs('/usr/bin/x')], candidates: { 'liby.so.1': [narrow] } })).toEqual([
      'error wrong-machine /usr/bin/x',
    ]);
    expect(check({ files: [needs('/usr/bin/x')], candidates: { 'liby.so.1': [narrow, wide] } })).toEqual([]);
  });
  it('that is no library ends the search', () => {
    const text = { path: '/a/liby.so.1', realPath: '/a/liby.so.1', owners: [], problem: 'it is not an ELF file' };
    const good = library('/b/liby.so.1', 'libc6');
    expect(check({ files: [needs('/usr/bin/x')], candidates: { 'liby.so.1': [text, good] } })).toEqual([
      'error broken-library /usr/bin/x',
    ]);
  });
  it('that ldconfig would find is not there before it was run', () => {
    const [finding] = sharedLibraries.check(
      {
        'elf.dynamic': [needs('/usr/bin/x')],
        'elf.libraries': {
          machine: X86_64,
          searches: [{ file: '/usr/bin/x', needed: 'liby.so.1', candidates: [], uncached: ['/opt/y/liby.so.1'] }],
          libraries: [loader],
          elsewhere: [],
          unsearched: [],
        },
        'package.dependencies': { reachable: ['x'], essential: [], sameSource: ['x'], optional: [] },
      },
      { phase: 'installed', package: { name: 'x' } },
    );
    expect(finding).toMatchObject({ rule: 'missing-library', message: expect.stringMatching(/\/opt\/y.*ldconfig/) });
  });
});

describe('versions of symbols', () => {
  const need = { library: 'liby.so.1', version: 'Y_2', weak: false };
  const check2 = (versionDefinitions: string[], weak = false) =>
    check({
      files: [program('/usr/bin/x', { needed: ['liby.so.1'], versionNeeds: [{ ...need, weak }] })],
      candidates: { 'liby.so.1': [library('/usr/lib/liby.so.1', 'libc6', { versionDefinitions })] },
    });
  it('are there', () => expect(check2(['Y_1', 'Y_2'])).toEqual([]));
  it('are not there: the program does not start', () =>
    expect(check2(['Y_1'])).toEqual(['error missing-symbol-version /usr/bin/x']));
  it('are not there, but weak: the loader warns', () =>
    expect(check2(['Y_1'], true)).toEqual(['warning missing-symbol-version /usr/bin/x']));
  it('of a library that has none at all: the loader warns', () =>
    expect(check2([])).toEqual(['warning no-version-information /usr/bin/x']));
});

describe('the interpreter', () => {
  it('is not there', () => {
    expect(check({ files: [program('/usr/bin/x', { interpreter: '/lib/ld.so' })] })).toEqual([
      'error missing-interpreter /usr/bin/x',
    ]);
  });
  it('is for another machine', () => {
    expect(check({ files: [program('/usr/bin/x', I386)] })).toEqual(['error missing-interpreter /usr/bin/x']);
  });
  it('is musl, which looks for libraries in its own way', () => {
    const musl = library('/lib/ld-musl-x86_64.so.1', 'musl');
    const files = [program('/usr/bin/x', { interpreter: musl.path, needed: ['libc.so'] })];
    expect(check({ files, more: { libraries: [musl] }, dependencies: { reachable: ['musl'] } })).toEqual([]);
  });
});

describe('files for machines that are not here', () => {
  it.each(['/usr/lib/firmware/x.elf', '/usr/aarch64-linux-gnu/lib/libc.so.6', '/usr/share/x/arm'])('%s', (path) => {
    expect(check({ files: [file(path, { ...AARCH64, needed: ['ld-linux-aarch64.so.1'] })] })).toEqual([]);
  });
  it('a command for another machine cannot be started', () => {
    const files = [program('/usr/bin/x', { ...AARCH64, interpreter: '/lib/ld-linux-aarch64.so.1' })];
    expect(check({ files })).toEqual(['error missing-interpreter /usr/bin/x']);
  });
  it('test data of programs that read such files', () => {
    expect(check({ files: [file('/usr/lib/go/src/debug/elf/testdata/x', { needed: ['liby.so'] })] })).toEqual([]);
  });
});

describe('a dependency that nobody declared', () => {
  const from = (owner: string, path = '/usr/bin/x', more: System['dependencies'] = {}) =>
    check({
      files: [path.endsWith('.so') ? file(path, { needed: ['liby.so.1'] }) : program(path, { needed: ['liby.so.1'] })],
      candidates: { 'liby.so.1': [library('/usr/lib/liby.so.1', owner)] },
      dependencies: more,
    });
  it('is an error for what everybody starts or links', () => {
    expect(from('liby1')).toEqual(['error undeclared-dependency /usr/bin/x']);
    expect(from('liby1', '/usr/lib/x86_64-linux-gnu/libx.so')).toHaveLength(1);
  });
  it('is a warning for a plug-in or a private program', () => {
    expect(from('liby1', '/usr/lib/x/y.so')).toEqual(['warning undeclared-dependency /usr/lib/x/y.so']);
    expect(from('liby1', '/usr/lib/x/helper')).toEqual(['warning undeclared-dependency /usr/lib/x/helper']);
  });
  it('is a remark where every system has it', () => {
    expect(from('libc6', '/usr/bin/x', { reachable: ['x'] })).toEqual(['info undeclared-dependency /usr/bin/x']);
  });
  it('is none: the package itself, dependencies, and packages of the same source', () => {
    expect(from('x')).toEqual([]);
    expect(from('liby1', '/usr/bin/x', { reachable: ['x', 'liby1'] })).toEqual([]);
    expect(from('liby1', '/usr/bin/x', { sameSource: ['x', 'liby1'] })).toEqual([]);
  });
  it('is said once for each package, with the gravest of its files', () => {
    const files = ['/usr/lib/x/a.so', '/usr/lib/libb.so', '/usr/lib/libc.so'].map((path) =>
      file(path, { needed: ['liby.so.1'] }),
    );
    const candidates = { 'liby.so.1': [library('/usr/lib/liby.so.1', 'liby1')] };
    expect(check({ files, candidates })).toEqual(['error undeclared-dependency /usr/lib/libb.so']);
  });
});

describe('a file that is broken', () => {
  const broken = (path: string) => check({ files: [{ path, realPath: path, problem: 'it is cut off' }] });
  it.each([
    ['/usr/bin/x', 'error'],
    ['/usr/lib/x86_64-linux-gnu/libx.so.1', 'error'],
    ['/usr/lib/x/y.so', 'warning'],
    ['/usr/share/x/data', 'info'],
  ])('%s: %s', (path, severity) => {
    expect(broken(path)).toEqual([`${severity} unreadable-elf ${path}`]);
  });
  it('one that was not looked into is not passed over in silence', () => {
    expect(check({ files: [], more: { unsearched: ['/usr/bin/x'] } })).toEqual(['error not-searched /usr/bin/x']);
  });
});
