import { join, posix } from 'node:path';
import type { LocalSuite, PlannedTest, SuitePlan, SuiteTarget } from '../../contracts/suite-plan.ts';
import { readText } from '../read-text.ts';
import { readScript } from '../scripts/read-script.ts';
import { kernelCommand } from '../scripts/script-command.ts';
import { type ControlFile, parseControlFile } from './control-file.ts';
import { type ControlTest, readTests } from './read-tests.ts';
import { readSourcePackage, type SourcePackage } from './test-depends.ts';

/**
 * Plans the tests of a Debian source package: `debian/tests/control` as DEP-8 defines it. Undefined: there is none.
 *
 * As autopkgtest does in an environment that it may throw away, tests without `needs-root` are run by an ordinary user, to
 * whom the source belongs. What differs: all tests share one environment, so those that say `breaks-testbed` come last.
 * The runner sets `AUTOPKGTEST_TMP` and `AUTOPKGTEST_ARTIFACTS`. The limit of 10,000 s is one of the tool, not of a test:
 * here it is that of the request.
 * Source: README.package-tests of autopkgtest; for the user, `adt_testbed.py`, «provide a default for --user».
 */
export async function planAutopkgtest(suite: LocalSuite, target: SuiteTarget): Promise<SuitePlan | undefined> {
  const directory = join(suite.root, suite.dir);
  const text = await readText(suite.root, join(directory, 'debian/tests/control'));
  if (text === undefined) return undefined;
  const { stanzas, faults } = parseControlFile(text);
  const control = await readText(suite.root, join(directory, 'debian/control'));
  const source =
    control === undefined || target.family === 'rpm'
      ? undefined
      : readSourcePackage(parseControlFile(control).stanzas, target.architecture);
  const notes = faults.map((fault) => `debian/tests/control: ${fault}`);
  if (target.family === 'rpm') {
    notes.push(`packages in Depends are looked for by the names that Debian has for them; "@" is ${target.package}`);
  } else if (!source) notes.push(`there is no debian/control: "@" in Depends is ${target.package}`);
  const read = readAll(stanzas, source ?? { packages: [target.package], recommends: [] }, target);
  const tests: PlannedTest[] = [];
  for (const test of read.tests) tests.push(await planTest(suite.root, directory, test, target));
  return { format: 'autopkgtest', tests, notes: [...notes, ...read.notes] };
}

function readAll(
  stanzas: ControlFile['stanzas'],
  source: SourcePackage,
  target: SuiteTarget,
): { readonly tests: readonly ControlTest[]; readonly notes: readonly string[] } {
  const tests: ControlTest[] = [];
  const notes: string[] = [];
  const count = new Map<string, number>();
  let commands = 0;
  for (const stanza of stanzas) {
    const found = readTests(stanza, { source, target, number: commands });
    if (typeof found === 'string') {
      notes.push(`debian/tests/control: ${found}`);
      continue;
    }
    for (const test of found) {
      if ('command' in test.run && test.name === `command${commands + 1}`) commands += 1;
      const times = (count.get(test.name) ?? 0) + 1;
      count.set(test.name, times);
      tests.push(times === 1 ? test : { ...test, name: `${test.name}#${times}` });
    }
  }
  const superficial = tests.filter(({ restrictions }) => restrictions.has('superficial')).map(({ name }) => name);
  if (superficial.length > 0) notes.push(`superficial, so that passing says little: ${superficial.join(', ')}`);
  const breaking = tests.filter(({ restrictions }) => restrictions.has('breaks-testbed'));
  if (breaking.length > 0)
    notes.push(`run last, for they may break the system: ${breaking.map(({ name }) => name).join(', ')}`);
  return { tests: [...tests.filter((test) => !breaking.includes(test)), ...breaking], notes };
}

async function planTest(
  root: string,
  directory: string,
  test: ControlTest,
  { family }: SuiteTarget,
): Promise<PlannedTest> {
  const { name, run, restrictions, requires } = test;
  const has = (restriction: string) => restrictions.has(restriction);
  const { command, skip } =
    'command' in run
      ? { command: ['bash', '-ec', run.command] as const, skip: test.skip }
      : await fileCommand(root, directory, { path: run.path, skip: test.skip });
  return {
    name,
    kind: 'autopkgtest',
    command,
    ...(!has('needs-root') && { user: 'unprivileged' as const }),
    // As autopkgtest sets them before each test.
    env: { DEBIAN_FRONTEND: 'noninteractive', LANG: 'C.UTF-8' },
    requires,
    // Another family may have no package of that name, which says nothing of the one under test.
    ...((has('skip-not-installable') || family === 'rpm') && { skipNotInstallable: true }),
    ...(skip !== undefined && { skip }),
    protocol: {
      type: 'dep8',
      allowStderr: has('allow-stderr'),
      skippable: has('skippable'),
      flaky: has('flaky'),
    },
  };
}

async function fileCommand(
  root: string,
  directory: string,
  { path, skip }: { readonly path: string; readonly skip: string | undefined },
): Promise<Pick<PlannedTest, 'command' | 'skip'>> {
  const own = `./${posix.normalize(path)}`;
  if (skip !== undefined) return { command: [own], skip };
  const script = await readScript(root, join(directory, path));
  if (typeof script === 'string') return { command: [own], skip: `${path}: ${script}` };
  // What has no first line is run by the shell that finds this out.
  return { command: kernelCommand(own, script, 'sh') };
}
