import type { DeclaredDependencies, ElfFile } from '../contracts/elf.ts';
import type { Finding } from '../contracts/report.ts';
import { quote, roleOf } from './elf-places.ts';
import { FindingGroups } from './finding-groups.ts';
import type { Resolved } from './library-resolution.ts';

/** Libraries that the loader finds in packages that nobody said are needed: one finding for each such package. */
export function* undeclaredDependencies(
  name: string,
  files: readonly ElfFile[],
  resolved: ReadonlyMap<string, readonly Resolved[]>,
  dependencies: DeclaredDependencies,
): Generator<Finding> {
  const declared = new Set([name, ...dependencies.reachable, ...dependencies.sameSource]);
  const everywhere = new Set(dependencies.essential);
  const found = new FindingGroups();
  for (const file of files) {
    const role = roleOf(file);
    if (role === 'data') continue;
    for (const { search, resolution } of resolved.get(file.path) ?? []) {
      const owners = resolution.kind === 'found' ? resolution.library.owners : [];
      // A library that nobody owns was made by a script or a person: the package manager knows nothing of it.
      const [owner] = owners;
      if (owner === undefined || owners.some((each) => declared.has(each))) continue;
      const isEverywhere = owners.some((each) => everywhere.has(each));
      const severity = isEverywhere ? 'info' : role === 'command' || role === 'library' ? 'error' : 'warning';
      const message = `needs ${quote(search.needed)} of ${owner}, which is no dependency of ${name}`;
      found.add(owner, {
        checker: 'shared-libraries',
        rule: 'undeclared-dependency',
        severity,
        subject: file.path,
        message,
      });
    }
  }
  yield* found.findings();
}
