import { posix } from 'node:path';
import type { Checker } from '../contracts/checker.ts';
import type { CandidateLibrary, DeclaredDependencies, ElfFile, ElfMachine, LibrarySearches } from '../contracts/elf.ts';
import type { Finding, Severity } from '../contracts/report.ts';
import { type ElfRole, quote, type ReadableElf, roleOf } from './elf-places.ts';
import { FindingGroups } from './finding-groups.ts';
import { describeMachine, isSameMachine, type Resolution, type Resolved, resolve } from './library-resolution.ts';
import { RULES, type RuleId } from './shared-libraries-rules.ts';
import { undeclaredDependencies } from './undeclared-dependencies.ts';

/** musl's loader has search rules of its own, and its libraries no versions. */
const MUSL = /\/ld-musl-|^libc\.musl-/;

/** Would the dynamic loader find all that the package's programs and libraries need? */
export const sharedLibraries: Checker<'elf.dynamic' | 'elf.libraries' | 'package.dependencies'> = {
  contract: 'checker/1',
  id: 'shared-libraries',
  rules: RULES,
  needs: ['elf.dynamic', 'elf.libraries', 'package.dependencies'],
  *check(facts, context) {
    const { 'elf.dynamic': files, 'elf.libraries': found, 'package.dependencies': dependencies } = facts;
    const view = viewOf(files, found, dependencies);
    for (const path of found.unsearched)
      yield said('not-searched', 'error', path, 'was not looked into: too many places');
    const remarks = new FindingGroups();
    for (const file of files) {
      for (const finding of file.elf ? judge({ ...file, elf: file.elf }, view) : [unreadable(file)]) {
        // Twenty plug-ins of one program need the one library that it has.
        if (finding.rule === 'private-library') remarks.add(finding.message, finding);
        else yield finding;
      }
    }
    yield* remarks.findings();
    yield* undeclaredDependencies(context.package.name, files, view.resolved, dependencies);
  },
};

/** All that is known, by what it is looked up by. */
interface View {
  readonly native: LibrarySearches['machine'];
  readonly libraries: ReadonlyMap<string, CandidateLibrary>;
  /** What the loader finds, by file. */
  readonly resolved: ReadonlyMap<string, readonly Resolved[]>;
  /** The package's own libraries, by file name, by soname, and by machine. */
  readonly own: ReadonlyMap<string, ReadableElf>;
  readonly elsewhere: ReadonlyMap<string, LibrarySearches['elsewhere'][number]>;
  readonly dependencies: DeclaredDependencies;
}

function nameFor(name: string, { machine, bits, byteOrder }: ElfMachine): string {
  return `${machine}/${bits}/${byteOrder}/${name}`;
}

function viewOf(files: readonly ElfFile[], found: LibrarySearches, dependencies: DeclaredDependencies): View {
  const libraries = new Map(found.libraries.map((library) => [library.path, library]));
  const elfs = new Map(files.map((file) => [file.path, file.elf]));
  const resolved = new Map<string, Resolved[]>();
  for (const search of found.searches) {
    const elf = elfs.get(search.file);
    if (!elf) continue;
    const list = resolved.get(search.file) ?? [];
    list.push({ search, resolution: resolve(search, elf, libraries) });
    resolved.set(search.file, list);
  }
  const own = new Map<string, ReadableElf>();
  for (const file of files) {
    if (!file.elf) continue;
    for (const name of [posix.basename(file.path), file.elf.soname ?? ''])
      own.set(nameFor(name, file.elf), { ...file, elf: file.elf });
  }
  return {
    native: found.machine,
    libraries,
    resolved,
    own,
    elsewhere: new Map(found.elsewhere.map((each) => [each.needed, each])),
    dependencies,
  };
}

function* judge(file: ReadableElf, view: View): Generator<Finding> {
  const role = roleOf(file);
  const { path, elf } = file;
  const foreign = view.native !== null && !isSameMachine(elf, view.native);
  const interpreter = view.libraries.get(elf.interpreter ?? '');
  const hasInterpreter = interpreter?.elf !== undefined && isSameMachine(interpreter.elf, elf);
  // Firmware, cross compilers' libraries and test data are for machines that are not here.
  const isElsewhere = foreign && !hasInterpreter && !view.resolved.get(path)?.some(isFound);
  if (role === 'data' || (isElsewhere && role !== 'command')) return;
  if (elf.interpreter !== undefined && !hasInterpreter) {
    yield said(
      'missing-interpreter',
      role === 'plug-in' ? 'warning' : 'error',
      path,
      missingInterpreter(file, interpreter),
    );
    return;
  }
  if (MUSL.test(elf.interpreter ?? '') || elf.needed.some((needed) => MUSL.test(needed))) return;
  for (const each of view.resolved.get(path) ?? []) {
    const { search, resolution } = each;
    if (resolution.kind === 'found') yield* versions(file, search.needed, resolution.library);
    else yield unresolved(file, role, each, view);
  }
}

const isFound = ({ resolution }: Resolved): boolean => resolution.kind === 'found';

function missingInterpreter({ elf }: ReadableElf, found: CandidateLibrary | undefined): string {
  const name = quote(elf.interpreter ?? '');
  if (!found) return `needs the interpreter ${name}, which is not there`;
  if (!found.elf) return `needs the interpreter ${name}: ${found.problem}`;
  return `is for ${describeMachine(elf)}, but its interpreter ${name} is for ${describeMachine(found.elf)}`;
}

/** The severity of what keeps a file from being loaded, by how it comes to be loaded. */
function severityOf(role: ElfRole, { optional }: DeclaredDependencies): Severity {
  // A plug-in may be for a package that is recommended only, and fail to load without it on purpose.
  return role === 'plug-in' && optional.length > 0 ? 'warning' : 'error';
}

function unresolved(file: ReadableElf, role: ElfRole, { search, resolution }: Resolved, view: View): Finding {
  const { path, elf } = file;
  const needed = quote(search.needed);
  const severity = severityOf(role, view.dependencies);
  if (resolution.kind === 'broken') {
    return said(
      'broken-library',
      severity,
      path,
      `needs ${needed}, and finds ${resolution.path}: ${resolution.problem}`,
    );
  }
  const hidden = hiddenPlace(search.needed, elf, resolution, view);
  if (hidden !== undefined) {
    const message = `needs ${needed}, which is at ${hidden}, where the loader does not look`;
    if (role === 'plug-in') return said('private-library', 'info', path, message);
    return said('missing-library', role === 'command' ? 'error' : 'warning', path, message);
  }
  if (resolution.kind === 'wrong-machine') {
    const { path: other, elf: machine } = resolution;
    const message = `needs ${needed} for ${describeMachine(elf)}, but ${other} is for ${describeMachine(machine)}`;
    return said('wrong-machine', severity, path, message);
  }
  const [uncached] = search.uncached;
  const hint = uncached === undefined ? '' : `: ${uncached} is not in ld.so.cache, ldconfig has to be run`;
  return said('missing-library', severity, path, `needs ${needed}, which is not there${hint}`);
}

/** Where the package itself, or one that it depends on, has a library that the loader does not find by itself. */
function hiddenPlace(
  needed: string,
  elf: ElfMachine,
  { kind }: Resolution,
  { own, elsewhere, dependencies }: View,
): string | undefined {
  const name = posix.basename(needed);
  const ownLibrary = own.get(nameFor(name, elf));
  if (ownLibrary) return ownLibrary.path;
  // Files of other packages were not read: one for another machine is not what is needed.
  const other = kind === 'missing' ? elsewhere.get(name) : undefined;
  return other && dependencies.reachable.includes(other.owner) ? other.path : undefined;
}

function* versions({ path, elf }: ReadableElf, needed: string, library: CandidateLibrary): Generator<Finding> {
  const needs = elf.versionNeeds.filter((need) => need.library === needed);
  const defined = new Set(library.elf?.versionDefinitions);
  if (needs.length > 0 && defined.size === 0) {
    yield said(
      'no-version-information',
      'warning',
      path,
      `needs versions of ${quote(needed)}, and ${library.path} has none`,
    );
    return;
  }
  for (const { version, weak } of needs) {
    if (defined.has(version)) continue;
    const message = `needs version ${quote(version)} of ${quote(needed)}, which ${library.path} does not have`;
    yield said('missing-symbol-version', weak ? 'warning' : 'error', path, message);
  }
}

function unreadable(file: ElfFile): Finding {
  const role = roleOf(file);
  const severity = role === 'data' ? 'info' : role === 'command' || role === 'library' ? 'error' : 'warning';
  return said('unreadable-elf', severity, file.path, `is a broken ELF file: ${file.problem ?? 'it cannot be read'}`);
}

function said(rule: RuleId, severity: Severity, subject: string, message: string): Finding {
  return { checker: 'shared-libraries', rule, severity, subject, message };
}
