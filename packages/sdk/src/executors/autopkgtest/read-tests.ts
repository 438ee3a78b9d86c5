import type { SuiteTarget } from '../../contracts/suite-plan.ts';
import { type Stanza, wordsOf } from './control-file.ts';
import { matchesArchitecture } from './deb-architecture.ts';
import { whyRestricted } from './restrictions.ts';
import { debArchitecture, rpmDependency } from './rpm-target.ts';
import { type SourcePackage, testDepends } from './test-depends.ts';

/** One test as `debian/tests/control` says it. */
export interface ControlTest {
  readonly name: string;
  /** Path from the root of the source package, or else a command of bash. */
  readonly run: { readonly path: string } | { readonly command: string };
  readonly restrictions: ReadonlySet<string>;
  readonly requires: readonly string[];
  readonly skip?: string | undefined;
}

const FIELDS: ReadonlySet<string> = new Set([
  ...['tests', 'test-command', 'restrictions', 'features', 'depends', 'tests-directory', 'classes', 'architecture'],
]);

/**
 * The tests of one stanza. What the format does not allow is a reason to skip them; a stanza that names no test is a text.
 * @param number of commands without a name before this stanza
 * @see README.package-tests, «Control fields»
 */
export function readTests(
  stanza: Stanza,
  { source, target, number }: { readonly source: SourcePackage; readonly target: SuiteTarget; readonly number: number },
): readonly ControlTest[] | string {
  const restrictions = new Set(wordsOf(stanza.get('restrictions')));
  const recommends = restrictions.has('needs-recommends') ? ', @recommends@' : '';
  const depends = testDepends(`${stanza.get('depends') ?? '@'}${recommends}`, source, debArchitecture(target));
  const requires = typeof depends === 'string' || target.family === 'deb' ? depends : depends.map(rpmDependency);
  const rest = {
    restrictions,
    requires: typeof requires === 'string' ? [] : requires,
    skip:
      whyStanza(stanza, target) ??
      whyRestricted(restrictions, target) ??
      (typeof requires === 'string' ? requires : undefined),
  };
  const command = stanza.get('test-command');
  const names = wordsOf(stanza.get('tests'));
  if (names.length > 0) {
    const directory = stanza.get('tests-directory') ?? 'debian/tests';
    return names.map((name) => ({
      name,
      run: { path: `${directory}/${name}` },
      ...rest,
      skip: rest.skip ?? whyPath(name, directory),
    }));
  }
  if (command === undefined || command === '') return 'a stanza has neither Tests nor Test-Command';
  return [{ name: testName(stanza) ?? `command${number + 1}`, run: { command }, ...rest }];
}

function whyStanza(stanza: Stanza, target: SuiteTarget): string | undefined {
  const architecture = debArchitecture(target);
  const unknown = [...stanza.keys()].find((field) => !FIELDS.has(field));
  if (unknown !== undefined) return `unknown field ${unknown.slice(0, 100)}`;
  if (stanza.has('tests') && stanza.has('test-command')) return 'only one of Tests and Test-Command may be given';
  const list = wordsOf(stanza.get('architecture'));
  if (list.includes('all')) return 'Architecture: all is not allowed for a test';
  if (!matchesArchitecture(architecture, list)) return `Architecture: not for ${architecture}`;
  return undefined;
}

function whyPath(name: string, directory: string): string | undefined {
  if (name.includes('/')) return 'the name of a test may have no /';
  const isOutside = directory.startsWith('/') || directory.split('/').includes('..');
  return isOutside ? 'Tests-Directory leads out of the source package' : undefined;
}

/** Of `Features: test-name=x`; others say nothing that matters here. */
export function testName(stanza: Stanza): string | undefined {
  const named = wordsOf(stanza.get('features')).find((feature) => feature.startsWith('test-name='));
  return named?.slice('test-name='.length) || undefined;
}
