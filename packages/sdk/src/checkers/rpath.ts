import { posix } from 'node:path';
import type { Checker, Rule } from '../contracts/checker.ts';
import type { OwnedFile } from '../contracts/facts.ts';
import type { Finding } from '../contracts/report.ts';
import { quote, type ReadableElf, roleOf } from './elf-places.ts';

const WHY_ATTACK = 'Whoever can write there has code of theirs run by everybody who starts the program.';
const FIX = 'Remove it (chrpath -d, patchelf --remove-rpath, or no -rpath when linking), or start it with $ORIGIN.';

const RULES = [
  {
    id: 'empty-element',
    severity: 'error',
    summary: 'an RPATH or RUNPATH has an empty element, which is the current directory; info in data',
    why: `Libraries are taken from wherever the program is started. ${WHY_ATTACK}`,
    fix: 'Look for a variable that was empty when the path was put together.',
    source: 'ld.so(8); Fedora Packaging Guidelines, "Beware of Rpath"',
  },
  {
    id: 'relative',
    severity: 'error',
    summary: 'an RPATH or RUNPATH has a directory that is relative to the current one; info in data',
    why: `Libraries are taken from below wherever the program is started. ${WHY_ATTACK}`,
    fix: "Let it start with $ORIGIN, and keep the shell from expanding that: -rpath '$ORIGIN/../lib'.",
    source: 'ld.so(8); Fedora Packaging Guidelines, "Beware of Rpath"',
  },
  {
    id: 'world-writable',
    severity: 'error',
    summary: 'an RPATH or RUNPATH has a directory that everybody can write to; info in data',
    why: WHY_ATTACK,
    fix: FIX,
    source: 'ld.so(8); Debian Policy 10.2 and 10.9; Fedora Packaging Guidelines, "Beware of Rpath"',
  },
  {
    id: 'build-tree',
    severity: 'error',
    summary: 'an RPATH or RUNPATH leads to the place where the package was built; info in data',
    why: 'It is not there on other systems, and whoever can create it has code of theirs run.',
    fix: FIX,
    source: 'Debian Policy 10.2; Fedora Packaging Guidelines, "Beware of Rpath"; rpm, check-rpaths',
  },
  {
    id: 'home-directory',
    severity: 'error',
    summary: 'an RPATH or RUNPATH leads to a home directory; info in data',
    why: 'A user of that name can put libraries there, which are run by everybody who starts the program.',
    fix: FIX,
    source: 'Debian Policy 9.1.1 (/home is not for packages) and 10.2; FHS 3.0, 3.8',
  },
] as const satisfies readonly Rule[];

type RuleId = (typeof RULES)[number]['id'];

const WORLD_WRITABLE = /^\/(tmp|var\/tmp|dev\/shm|run\/lock|var\/lock|run\/shm)(\/|$)/;
const BUILD_TREE =
  /^\/(build|builddir|buildir|usr\/src|workspace|work|mnt|__w)(\/|$)|\/(BUILDROOT|rpmbuild|debian\/tmp)(\/|$)/;
const HOME = /^\/(home|root|var\/home|Users)(\/|$)/;
const EVERYBODY_WRITES = 0o002;

/** Does a program or library have libraries loaded from where they must not come from? */
export const rpath: Checker<'elf.dynamic' | 'package.files'> = {
  contract: 'checker/1',
  id: 'rpath',
  rules: RULES,
  needs: ['elf.dynamic', 'package.files'],
  *check({ 'elf.dynamic': files, 'package.files': owned }) {
    const writable = new Set(owned.filter(isWritableByAll).map(({ path }) => path));
    for (const file of files) if (file.elf) yield* judge({ ...file, elf: file.elf }, writable);
  },
};

function isWritableByAll({ type, mode = 0 }: OwnedFile): boolean {
  return type === 'directory' && (mode & EVERYBODY_WRITES) !== 0;
}

function* judge(file: ReadableElf, writable: ReadonlySet<string>): Generator<Finding> {
  const { rpath, runpath } = file.elf;
  const severity = roleOf(file) === 'data' ? 'info' : 'error';
  for (const [kind, path] of [
    ['RPATH', rpath],
    ['RUNPATH', runpath],
  ] as const) {
    // glibc takes a path that is empty as a whole for none: chrpath and patchelf leave such ones.
    if (path === undefined || path === '') continue;
    const seen = new Set<RuleId>();
    for (const element of path.split(':')) {
      const rule = ruleFor(element, posix.dirname(file.realPath), writable);
      if (!rule || seen.has(rule)) continue;
      seen.add(rule);
      const what = rule === 'empty-element' ? 'an empty element' : quote(element);
      yield {
        checker: 'rpath',
        rule,
        severity,
        subject: file.path,
        message: `has ${what} in its ${kind} ${quote(path)}`,
      };
    }
  }
}

function ruleFor(element: string, origin: string, writable: ReadonlySet<string>): RuleId | undefined {
  if (element === '') return 'empty-element';
  const expanded = element.replace(/^\$(\{ORIGIN\}|ORIGIN(?![A-Za-z0-9_]))/, () => origin);
  if (!expanded.startsWith('/')) return 'relative';
  const directory = posix.normalize(expanded);
  if (HOME.test(directory)) return 'home-directory';
  if (WORLD_WRITABLE.test(directory) || writable.has(directory.replace(/(?<=.)\/$/, ''))) return 'world-writable';
  return BUILD_TREE.test(directory) ? 'build-tree' : undefined;
}
