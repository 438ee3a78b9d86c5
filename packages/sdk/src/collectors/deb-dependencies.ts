import type { Collector } from '../contracts/facts.ts';
import { collectOutput } from './elf/probe-files.ts';
import { declaredDependencies, type GraphPackage } from './package-graph.ts';

/** dpkg-query(1); no field has a tab or a newline in it. */
const FIELDS = [
  'Package',
  'db:Status-Abbrev',
  'Essential',
  'Protected',
  'source:Package',
  'source:Version',
  'Provides',
  'Pre-Depends',
  'Depends',
  'Recommends',
  'Suggests',
];
const FORMAT = `${FIELDS.map((field) => `\${${field}}`).join('\\t')}\\n`;

async function* nothing() {}

/** Asks dpkg for all installed packages and what they depend on. */
export const debDependencies: Collector<'package.dependencies'> = {
  fact: 'package.dependencies',
  needs: [],
  async collect(environment, _facts, { package: { name } }, { signal }) {
    const output = await collectOutput(environment, ['dpkg-query', '-W', '-f', FORMAT], nothing(), signal);
    return declaredDependencies(name, parsePackages(output.toString()));
  },
};

/** Reads what dpkg-query prints: packages that are really there. */
export function parsePackages(text: string): GraphPackage[] {
  return text.split('\n').flatMap((line) => {
    const [name, status, essential, isProtected, source, sourceVersion, provides, ...relations] = line.split('\t');
    if (!name || status?.[1] !== 'i') return [];
    const [preDepends, depends, recommends, suggests] = relations.map(parseRelations);
    return {
      name,
      provides: parseRelations(provides ?? ''),
      requires: [...(preDepends ?? []), ...(depends ?? [])],
      optional: [...(recommends ?? []), ...(suggests ?? [])],
      essential: essential === 'yes' || isProtected === 'yes',
      source: source && sourceVersion ? `${source} ${sourceVersion}` : undefined,
    };
  });
}

/** Names of deb-control(5)'s relations: `a (>= 1) | b:any, c` is a, b and c. */
function parseRelations(text: string): string[] {
  return text.split(/[,|]/).flatMap((relation) => /^\s*([a-z0-9][a-z0-9+.-]*)/.exec(relation)?.[1] ?? []);
}
