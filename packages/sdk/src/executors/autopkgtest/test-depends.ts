import { type Stanza, wordsOf } from './control-file.ts';
import { matchesArchitecture } from './deb-architecture.ts';

/** What the `@` of dependencies stand for. */
export interface SourcePackage {
  /** Binary packages for this architecture that are really packages. */
  readonly packages: readonly string[];
  /** What they recommend, one each; without what only the build knows. */
  readonly recommends: readonly string[];
}

const DEPENDENCY =
  /^([a-z0-9][a-z0-9+.-]*(?::[a-z0-9-]+)?)\s*(\(\s*(?:<<|<=|=|>=|>>)\s*[A-Za-z0-9.+~:-]+\s*\))?\s*(?:\[([^\]]+)\])?$/;

/**
 * Reads `debian/control`.
 * Source: `_debian_packages_from_source` and `_debian_recommends_from_source` in testdesc.py of autopkgtest.
 */
export function readSourcePackage(stanzas: readonly Stanza[], architecture: string): SourcePackage {
  const binaries = stanzas.filter(
    (stanza) =>
      stanza.has('package') &&
      (stanza.get('package-type') ?? 'deb') === 'deb' &&
      (stanza.get('xc-package-type') ?? 'deb') === 'deb',
  );
  const here = binaries.filter((stanza) => matchesArchitecture(architecture, wordsOf(stanza.get('architecture'))));
  const recommends = binaries.flatMap((stanza) => splitList(stanza.get('recommends') ?? ''));
  return {
    packages: here.map((stanza) => stanza.get('package') ?? ''),
    // A variable is filled in when the package is built, from what is not known here.
    recommends: recommends.filter((one) => !one.startsWith('${')).map((one) => one.replace(/\([^)]*\$\{[^)]*\)/g, '')),
  };
}

/**
 * Dependencies of a test for one architecture, one each; `@` and `@recommends@` filled in.
 * Source: README.package-tests, «Depends».
 * @returns a text: why the test cannot be run
 */
export function testDepends(value: string, source: SourcePackage, architecture: string): readonly string[] | string {
  const found: string[] = [];
  for (const element of splitList(value)) {
    if (element === '@builddeps@') return '@builddeps@ is not supported: build dependencies are not installed';
    const filled = fillIn(element, source);
    for (const one of filled) {
      const dependency = forArchitecture(one, architecture);
      if (dependency === undefined) return `"${element.slice(0, 200)}" in Depends is not understood`;
      if (dependency !== '') found.push(dependency);
    }
  }
  return [...new Set(found)];
}

function fillIn(element: string, { packages, recommends }: SourcePackage): readonly string[] {
  if (element === '@recommends@') return recommends;
  const alternatives = element.split('|').map((one) => one.trim());
  if (!alternatives.includes('@')) return [element];
  return packages.map((name) => alternatives.map((one) => (one === '@' ? name : one)).join(' | '));
}

/** Without the alternatives for other architectures; empty: none is left. Undefined: it is no dependency. */
function forArchitecture(element: string, architecture: string): string | undefined {
  const matches = element.split('|').map((one) => DEPENDENCY.exec(one.trim()));
  const kept: string[] = [];
  for (const match of matches) {
    if (!match) return undefined;
    const [, name, version, list] = match;
    if (matchesArchitecture(architecture, wordsOf(list))) kept.push(version ? `${name} ${version}` : `${name}`);
  }
  return kept.join(' | ');
}

function splitList(value: string): string[] {
  return value
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
}
