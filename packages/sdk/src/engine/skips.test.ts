import { describe, expect, it } from 'vitest';
import type { Exclusions } from '../contracts/exclusions.ts';
import type { SystemFacts } from '../contracts/package-manager.ts';
import { TestReport } from '../contracts/report.ts';
import type { TestRequestInput } from '../contracts/request.ts';
import type { PlannedTest } from '../contracts/suite-plan.ts';
import type { TestSuites } from '../contracts/test-suites.ts';
import { manager, needsInstalled, parts, request } from './engine-parts.fixture.ts';
import type { TestOptions } from './plan.ts';
import { runTestWith } from './run-test.ts';

type Skip = NonNullable<TestRequestInput['skip']>[number];
type Stage = Skip['stage'];

const rule = (stage: Stage, more: Partial<Skip> = {}): Skip => ({ stage, reason: 'we know', ...more });

/** Runs a test without a system, and writes down what the package manager was asked to do. */
async function test(fields: Partial<TestRequestInput>, { base, ...options }: TestOptions & { base?: boolean } = {}) {
  const done: string[] = [];
  const noted = <T>(what: string, result: T): T => {
    done.push(what);
    return result;
  };
  const note =
    <T>(what: string, result: T) =>
    async (): Promise<T> =>
      noted(what, result);
  const packages = new Map(base ? [['hello', '1']] : []);
  const describeSystem = async (): Promise<SystemFacts> => ({
    name: 'x',
    kernel: '6',
    architecture: 'amd64',
    packages,
  });
  const observed = {
    describeSystem,
    install: note('install', { scriptlets: [] }),
    remove: note('remove', { scriptlets: [] }),
    purge: note('purge', undefined),
    satisfy: note('satisfy', undefined),
  };
  const checker = { ...needsInstalled, check: () => noted('check', []) };
  const made = parts({ manager: observed, checkers: [checker], suites: suiteOf(['10_first', '20_gui']) });
  const report = await runTestWith(made, { ...request, ...fields } as TestRequestInput, options);
  expect(TestReport.parse(report)).toEqual(report);
  const stages = Object.fromEntries(
    report.stages.map((stage) => [stage.name, stage.status === 'skipped' ? stage.reason : stage.status]),
  );
  const said = report.findings.map(({ checker: id, rule: name, severity }) => `${severity} ${id}/${name}`);
  return { report, stages, said, done };
}

/** A suite of this machine. */
function suiteOf(names: readonly string[]): TestSuites {
  const planned = names.map(
    (name): PlannedTest => ({ name, kind: 'shell', command: ['true'], requires: ['x'], protocol: { type: 'tap' } }),
  );
  return {
    fetch: async () => ({
      ...{ root: import.meta.dirname.replace(/engine$/, 'contracts'), dir: '', name: 'own', source: '/own' },
      [Symbol.asyncDispose]: async () => {},
    }),
    plan: async () => ({ format: 'scripts', tests: planned, notes: [] }),
    judge: async () => Promise.reject(new Error('no test is run here')),
    play: async () => ({ unusable: 'there is no playbook' }),
  };
}
const tests = ['/usr'];

describe('a skip rule', () => {
  it('takes a stage out, with its reason in the report; the others run', async () => {
    const { report, stages, said, done } = await test({ skip: [rule('package_integrity_tests')] });
    expect(report.verdict).toBe('passed');
    expect(stages).toMatchObject({
      install_package: 'passed',
      package_integrity_tests: 'skipped by rule: we know',
      uninstall_package: 'passed',
    });
    expect(done).toEqual(['install', 'remove', 'purge']);
    expect(said).toEqual([]);
  });

  it.each<[Partial<Skip>, boolean]>([
    [{ package: 'hel*' }, true],
    [{ package: 'hel' }, false],
    [{ system: 'debian:*' }, true],
    [{ system: 'debian:12' }, true],
    [{ system: 'ubuntu:*' }, false],
    [{ package: 'hello', system: 'debian:13' }, false],
  ])('%j for hello on debian:12: %s; of one for another package or system nothing is said', async (more, fits) => {
    const { stages, said } = await test({ skip: [rule('uninstall_package', more)] });
    expect(stages['uninstall_package']).toBe(fits ? 'skipped by rule: we know' : 'passed');
    expect(said).toEqual([]);
  });

  it('says how long it holds, and past its day skips nothing', async () => {
    const future = await test({ skip: [rule('uninstall_package', { expires: '9999-01-01' })] });
    expect(future.stages['uninstall_package']).toBe('skipped by rule: we know (until 9999-01-01)');
    const past = await test({ skip: [rule('uninstall_package', { expires: '2020-01-01' })] });
    expect(past.stages['uninstall_package']).toBe('passed');
    expect(past.said).toEqual(['warning skips/expired-skip']);
  });

  it('for a stage that the test has not is reported', async () => {
    expect((await test({ skip: [rule('purge_package')] })).said).toEqual(['warning skips/unused-skip']);
    expect((await test({ skip: [rule('purge_package')], lifecycle: ['install', 'purge'] })).said).toEqual([]);
  });

  it('for a stage that comes after a failure is not: nobody can say', async () => {
    const install = async () => ({ reason: 'conflict', message: 'x' }) as const;
    const made = parts({ manager: { install } });
    const report = await runTestWith(made, { ...request, skip: [rule('uninstall_package')] });
    expect(report.findings).toEqual([]);
    expect(report.stages.find(({ name }) => name === 'uninstall_package')).toMatchObject({
      reason: 'install_package ended with "failed"',
    });
  });

  it.each([
    [{ stage: 'start_environment', reason: 'x' }, 'skip.0.stage: cannot be skipped'],
    [{ stage: 'uninstall_package', reason: ' ' }, 'skip.0.reason: must say why'],
    [{ stage: 'uninstall_package', tests: '*', reason: 'x' }, 'skip.0.tests: is only for the stage third_party_tests'],
    [{ stage: 'uninstall_package', reason: 'x', expires: 'soon' }, 'skip.0.expires: must be a date'],
  ])('%j is refused', async (skip, words) => {
    const refused = runTestWith(parts(), { ...request, skip: [skip] });
    await expect(refused).rejects.toMatchObject({ code: 'invalid_request', message: expect.stringContaining(words) });
  });
});

describe('an installation that is skipped', () => {
  it('is not made by another stage: what needs the package is skipped, too, and the report says that nothing was checked', async () => {
    const absent = 'hello is not installed: install_package was skipped by rule';
    const { report, stages, said, done } = await test({ skip: [rule('install_package')], tests });
    expect(stages).toMatchObject({
      install_package: 'skipped by rule: we know',
      package_integrity_tests: absent,
      third_party_tests: absent,
      uninstall_package: absent,
      stop_environment: 'passed',
    });
    expect(done).toEqual([]);
    expect(report.verdict).toBe('passed');
    expect(said).toEqual(['warning skips/nothing-checked']);
    expect(report.findings[0]?.message).toBe('nothing was checked of it: rules skip install_package');
  });

  it('leaves what came with the system to be checked as it is', async () => {
    const { stages, said, done } = await test({ skip: [rule('install_package')] }, { base: true });
    expect(stages).toMatchObject({ package_integrity_tests: 'passed', uninstall_package: 'passed' });
    expect(done).toEqual(['check', 'remove', 'purge']);
    expect(said).toEqual([]);
  });

  it('but not when another version was asked for', async () => {
    const skip = [rule('install_package')];
    const { stages, done } = await test({ skip, package: { name: 'hello', version: '2' } }, { base: true });
    expect(stages['package_integrity_tests']).toBe('hello is not installed: install_package was skipped by rule');
    expect(done).toEqual([]);
  });

  it('is no obstacle to a step that installs by itself', async () => {
    const versions = async () => ['1', '0'].map((version) => ({ version, origin: 'here' }));
    const made = parts({ manager: { ...manager, versions } as never });
    const skip = [rule('install_package')];
    const report = await runTestWith(made, { ...request, skip, lifecycle: ['install', 'upgrade', 'remove'] });
    const statuses = report.stages.map(({ name, status }) => `${name} ${status}`);
    expect(statuses).toContain('package_integrity_tests skipped');
    expect(statuses).not.toContain('upgrade_package skipped');
  });
});

it('a removal that is skipped is not made by a purge or a second installation', async () => {
  const lifecycle = ['install', 'remove', 'purge', 'install-again'] as const;
  const { stages, done } = await test({ skip: [rule('uninstall_package')], lifecycle: [...lifecycle] });
  const present = 'hello is still installed: uninstall_package was skipped by rule';
  expect(stages).toMatchObject({ purge_package: present, install_package_again: present });
  expect(done).toEqual(['install', 'check']);
});

it('a rule for tests of suites that leaves none to run makes the stage skipped, not passed', async () => {
  const { stages, done } = await test({ tests, skip: [rule('third_party_tests', { tests: '*' })] });
  expect(stages['third_party_tests']).toBe('none of the 2 tests was run; 10_first: skipped by rule: we know');
  expect(done).not.toContain('satisfy');
});

describe('an exclusion document', () => {
  const of = (more: Partial<Exclusions> = {}): Exclusions => ({
    source: 'doc.json',
    for: ({ distribution, version, packageName }) => ({
      exclusions: [{ stage: 'uninstall_package', reason: `${distribution} ${version} ${packageName}` }],
      unknown: [],
    }),
    ...more,
  });

  it('takes stages out for the package and the system that are tested', async () => {
    const { stages, said } = await test({}, { exclusions: of() });
    expect(stages['uninstall_package']).toBe('skipped by rule: debian 12 hello');
    expect(said).toEqual([]);
  });

  it('comes after the rules of the request', async () => {
    const { stages } = await test({ skip: [rule('uninstall_package')] }, { exclusions: of() });
    expect(stages['uninstall_package']).toBe('skipped by rule: we know');
  });

  it('is for the test alone and not for the baseline that it is compared with', async () => {
    const stages: string[] = [];
    const exclusions = of();
    const baseline = { version: '1' };
    const skip = [rule('package_integrity_tests')];
    await test(
      { baseline, skip },
      {
        exclusions,
        onBaselineEvent: (event) => {
          if (event.type === 'stage-finished') stages.push(`${event.result.name} ${event.result.status}`);
        },
      },
    );
    expect(stages).toEqual(expect.arrayContaining(['package_integrity_tests passed', 'uninstall_package passed']));
  });

  it.each<[Partial<Exclusions>, string, string]>([
    [{ unavailable: 'it is down' }, 'warning skips/exclusions-unavailable', 'it is down'],
    [{ outdated: 'it is down' }, 'info skips/exclusions-outdated', 'it is down'],
    [{ for: () => ({ exclusions: [], unknown: ['"x" is no step'] }) }, 'warning skips/unknown-step', '"x" is no step'],
  ])('with %j is reported', async (more, name, words) => {
    const { report, said } = await test({}, { exclusions: of(more) });
    expect(said).toEqual([name]);
    expect(report.findings[0]).toMatchObject({ subject: 'doc.json', message: expect.stringContaining(words) });
  });
});
