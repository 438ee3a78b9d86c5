import type { Finding, Severity } from '../contracts/report.ts';

const RANK: readonly Severity[] = ['info', 'warning', 'error'];
const LISTED = 20;

interface Group {
  finding: Finding;
  readonly subjects: Set<string>;
}

/** Findings of one cause about many files, as one: the gravest, with the other files as evidence. */
export class FindingGroups {
  readonly #groups = new Map<string, Group>();

  add(cause: string, finding: Finding): void {
    const known = this.#groups.get(cause);
    if (!known) {
      this.#groups.set(cause, { finding, subjects: new Set([finding.subject]) });
      return;
    }
    known.subjects.add(finding.subject);
    if (RANK.indexOf(finding.severity) > RANK.indexOf(known.finding.severity)) known.finding = finding;
  }

  *findings(): Generator<Finding> {
    for (const { finding, subjects } of this.#groups.values()) {
      const others = [...subjects].filter((subject) => subject !== finding.subject);
      if (others.length === 0) yield finding;
      else yield { ...finding, evidence: `also ${listed(others)}` };
    }
  }
}

function listed(paths: readonly string[]): string {
  const shown = paths.slice(0, LISTED).join('\n');
  return paths.length > LISTED ? `${shown}\nand ${paths.length - LISTED} more` : shown;
}
