import type { Argv } from '../contracts/environment.ts';
import type { BrokenPackage, Collector } from '../contracts/facts.ts';
import { readOutput } from './read-output.ts';

const SCRIPT = `"$@" 2>&1 | tr -d '\\000'
printf '\\0'
dpkg --audit 2>/dev/null | tr -d '\\000'`;

/**
 * Asks apt whether all dependencies in the system are met, and dpkg whether all packages are completely installed.
 * @param check apt-get's `check`, with its settings and environment
 */
export function debSystemDependencies(
  check: Argv,
  env: Readonly<Record<string, string>>,
): Collector<'system.dependencies'> {
  return {
    fact: 'system.dependencies',
    needs: [],
    moment: 'each-phase',
    async collect(environment, _facts, _context, { signal }) {
      const what = 'the dependencies in the system';
      return parseDependencies(await readOutput(environment, SCRIPT, check, { what, signal, env }));
    },
  };
}

/** Reads what `apt-get check` said, a NUL, and what `dpkg --audit` said. */
export function parseDependencies(text: string): readonly BrokenPackage[] {
  const [check = '', audit = ''] = text.split('\0');
  const unmet = [...parseUnmet(check)];
  // Other errors are told, too: a package may well have broken apt itself.
  const errors = unmet.length > 0 ? [] : check.split('\n').filter((line) => line.startsWith('E: '));
  return [...unmet, ...errors.map((problem) => ({ name: '', problem: problem.slice(3) })), ...parseAudit(audit)];
}

/** ` <package> : Depends: <what> but it is not installed`; further ones of the package start with spaces alone. */
function* parseUnmet(text: string): Generator<BrokenPackage> {
  let name = '';
  for (const line of text.split('\n')) {
    const [, first, problem] =
      /^ (?:(\S+) :| +) ?((?:Pre)?-?(?:Depends|Breaks|Conflicts|Obsoletes): .*)$/.exec(line) ?? [];
    if (problem === undefined) continue;
    name = first ?? name;
    yield { name: name.replace(/:[^:]*$/, ''), problem };
  }
}

/** What dpkg(1) --audit says of packages that did not get to their end; it also says which lack a list of digests. */
const UNFINISHED = /mess due to|not yet configured|only half configured|only half installed|triggers/;

/** A paragraph for each state: what is wrong, then ` <package> <description>` for each package. */
function* parseAudit(text: string): Generator<BrokenPackage> {
  for (const paragraph of text.split('\n\n')) {
    const lines = paragraph.split('\n');
    const head = lines.filter((line) => !line.startsWith(' ')).join(' ');
    if (!UNFINISHED.test(head)) continue;
    for (const line of lines) {
      const [, name] = /^ (\S+)/.exec(line) ?? [];
      if (name !== undefined) yield { name: name.replace(/:[^:]*$/, ''), problem: head.replace(/[:.].*$/, '') };
    }
  }
}
