import type { DeclaredDependencies, ElfFile } from '../contracts/elf.ts';
import type { Finding, Severity } from '../contracts/report.ts';
import { quote, roleOf } from './elf-places.ts';
import type { Resolved } from './library-resolution.ts';

const RANK: readonly Severity[] = ['info', 'warning', 'error'];

/** Libraries that the loader finds in packages that nobody said are needed: one finding for each such package. */
export function* undeclaredDependencies(
  name: string,
  files: readonly ElfFile[],
  resolved: ReadonlyMap<string, readonly Resolved[]>,
  dependencies: DeclaredDependencies,
): Generator<Finding> {
  const declared = new Set([name, ...dependencies.reachable, ...dependencies.sameSource]);
  const everywhere = new Set(dependencies.essential);
  const found = new Map<string, { finding: Finding; others: Set<string> }>();
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
      add(found, owner, {
        checker: 'shared-libraries',
        rule: 'undeclared-dependency',
        severity,
        subject: file.path,
        message,
      });
    }
  }
  for (const { finding, others } of found.values()) {
    others.delete(finding.subject);
    const evidence = [...others].slice(0, 20).join('\n');
    yield others.size === 0 ? finding : { ...finding, evidence: `needed by ${others.size} more files:\n${evidence}` };
  }
}

/** Keeps the gravest finding of each package, and the names of all files. */
function add(found: Map<string, { finding: Finding; others: Set<string> }>, owner: string, finding: Finding): void {
  const known = found.get(owner);
  if (!known) {
    found.set(owner, { finding, others: new Set([finding.subject]) });
    return;
  }
  known.others.add(finding.subject);
  if (RANK.indexOf(finding.severity) > RANK.indexOf(known.finding.severity)) known.finding = finding;
}
