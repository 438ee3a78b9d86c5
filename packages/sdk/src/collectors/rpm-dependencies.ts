import type { Collector } from '../contracts/facts.ts';
import { collectOutput } from './elf/probe-files.ts';
import { declaredDependencies, type GraphPackage } from './package-graph.ts';
import { OWNERS_SCRIPT, ownersAmong } from './rpm-library-owners.ts';

const REQUIRED = 'P\\t%{NAME}\\t%{SOURCERPM}\\n[R\\t%{REQUIRENAME}\\n][V\\t%{PROVIDENAME}\\n]';
/** rpm of EL 7 does not know these tags, and prints nothing at all then. */
const WEAK = '[O\\t%{RECOMMENDNAME}\\n][O\\t%{SUGGESTNAME}\\n]';
/** Packages; a NUL; the files of packages that own what others require by path, such as /usr/bin/perl. */
const SCRIPT = `rpm -qa --qf "$1$2" 2>/dev/null || rpm -qa --qf "$1"
printf '\\0'
rpm -qa --qf '[%{REQUIRENAME}\\n]' | grep '^/' | sort -u | tr '\\n' '\\0' | { ${OWNERS_SCRIPT}
}`;

/** rpm has no word for it: what no system of the family is without. */
const ESSENTIAL = new Set(['bash', 'coreutils', 'coreutils-single', 'filesystem', 'glibc', 'rpm', 'setup']);

async function* nothing() {}

/** Asks rpm for all installed packages and what they require. */
export const rpmDependencies: Collector<'package.dependencies'> = {
  fact: 'package.dependencies',
  needs: [],
  async collect(environment, _facts, { package: { name } }, { signal }) {
    const command = ['sh', '-c', SCRIPT, 'sh', REQUIRED, WEAK] as const;
    const output = await collectOutput(environment, command, nothing(), signal);
    return declaredDependencies(name, parseRpmPackages(output.toString()));
  },
};

interface Draft {
  readonly name: string;
  readonly source: string | undefined;
  readonly provides: string[];
  readonly requires: string[];
  readonly optional: string[];
}

/** Reads what the script prints. */
export function parseRpmPackages(text: string): GraphPackage[] {
  const [listing = '', files = ''] = text.split('\0');
  const drafts: Draft[] = [];
  for (const line of listing.split('\n')) {
    const [kind, value = '', source] = line.split('\t');
    if (kind === 'P') drafts.push(draftOf(value, source));
    const draft = drafts.at(-1);
    if (kind === 'R') draft?.requires.push(...requirementNames(value));
    if (kind === 'V') draft?.provides.push(value);
    if (kind === 'O') draft?.optional.push(...requirementNames(value));
  }
  addFiles(drafts, files);
  return drafts.map((draft) => ({ ...draft, essential: ESSENTIAL.has(draft.name) }));
}

function draftOf(name: string, source: string | undefined): Draft {
  return { name, source: source === '(none)' ? undefined : source, provides: [], requires: [], optional: [] };
}

/** A file that somebody requires is provided by its owner. */
function addFiles(drafts: readonly Draft[], files: string): void {
  const wanted = new Set(drafts.flatMap(({ requires }) => requires.filter((name) => name.startsWith('/'))));
  const byName = new Map<string, Draft[]>();
  for (const draft of drafts) byName.set(draft.name, [...(byName.get(draft.name) ?? []), draft]);
  for (const [path, owners] of ownersAmong([...wanted], files)) {
    for (const draft of owners.flatMap((owner) => byName.get(owner) ?? [])) draft.provides.push(path);
  }
}

const OPERATORS = new Set(['and', 'or', 'if', 'else', 'unless', 'with', 'without', '<', '<=', '=', '>=', '>']);

/** A name, or all names of a rich dependency: `(a if b)`, rpm-dependency's "Boolean Dependencies". */
function requirementNames(requirement: string): string[] {
  if (!requirement.startsWith('(')) return [requirement];
  const words = requirement.split(/\s+/).map((word) => word.replace(/^\(+/, '').replace(/\)+$/, ''));
  return words.filter((word) => word !== '' && !OPERATORS.has(word));
}
