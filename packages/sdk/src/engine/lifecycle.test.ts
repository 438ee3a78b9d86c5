import { describe, expect, it } from 'vitest';
import type { Checker } from '../contracts/checker.ts';
import type { AnyCollector, Facts } from '../contracts/facts.ts';
import type { PackageManager } from '../contracts/package-manager.ts';
import type { StageResult, TestReport } from '../contracts/report.ts';
import type { TestRequestInput } from '../contracts/request.ts';
import { STAGES } from '../contracts/stages.ts';
import { drawer, parts, request } from './engine-parts.fixture.ts';
import { system } from './lifecycle-system.fixture.ts';
import { runTestWith } from './run-test.ts';

/** Says in which stage and phase it judged. */
const witness: Checker = {
  contract: 'checker/1',
  id: 'witness',
  rules: [{ id: 'r', severity: 'info', summary: '', why: '', fix: '', source: '' }],
  needs: ['package.installed'],
  phases: ['installed', 'upgraded', 'removed', 'purged'],
  *check(_, { phase }) {
    yield { checker: 'witness', rule: 'r', severity: 'info', subject: phase, message: 'was here' };
  },
};

type Lifecycle = NonNullable<TestRequestInput['lifecycle']>;

async function run(lifecycle: Lifecycle, on = system(), more: Partial<Parameters<typeof parts>[0]> = {}) {
  const { manager, ...rest } = more;
  const all = parts({ checkers: [witness], ...rest, manager: { ...on.manager, ...manager } });
  const report = await runTestWith(all, { ...request, lifecycle });
  return { report, done: on.done };
}

const named = (report: TestReport, name: string): StageResult | undefined =>
  report.stages.findLast((stage) => stage.name === name);
const judged = ({ findings }: TestReport): string[] => findings.map(({ stage, subject }) => `${stage}: ${subject}`);
const WITH_OLD = [
  ['3', 'request'],
  ['2', 'request'],
  ['1', 'distribution'],
] as const;

describe('a life cycle', () => {
  it('is install and remove when nothing else is said', async () => {
    const { manager, done } = system();
    const report = await runTestWith(parts({ manager }), request);
    expect(report.request.lifecycle).toEqual(['install', 'remove']);
    expect(report.stages.map(({ name }) => name)).toEqual([...STAGES]);
    expect(done).toEqual(['install 2', 'remove 2', 'purge']);
  });

  it('has a stage for each step; the checks come after the first that leaves the package installed', async () => {
    const { report } = await run(['install', 'reinstall', 'upgrade', 'downgrade', 'remove', 'purge', 'install-again']);
    expect(report.stages.map(({ name }) => name)).toEqual([
      'start_environment',
      'initial_provision',
      'system_info',
      'install_package',
      'package_integrity_tests',
      'third_party_tests',
      'reinstall_package',
      'upgrade_package',
      'downgrade_package',
      'uninstall_package',
      'purge_package',
      'install_package_again',
      'stop_environment',
    ]);
  });

  it('may have a step twice: each is a result with a log of its own', async () => {
    const { store, kept } = drawer();
    const { report } = await run(['install', 'remove', 'install', 'remove'], system(), { store });
    const removals = report.stages.filter(({ name }) => name === 'uninstall_package');
    expect(removals.map(({ log }) => log)).toEqual(['uninstall_package.log', 'uninstall_package-2.log']);
    expect([...kept.keys()]).toEqual(expect.arrayContaining(['uninstall_package.log', 'uninstall_package-2.log']));
  });

  it.each<[Lifecycle, string[]]>([
    [
      ['install', 'reinstall'],
      ['install 3', 'reinstall 3'],
    ],
    [['reinstall'], ['install 3', 'reinstall 3']],
    [['upgrade'], ['install 1', 'install 3']],
    [
      ['install', 'upgrade'],
      ['install 3', 'remove 3', 'purge', 'install 1', 'install 3'],
    ],
    [
      ['install', { step: 'upgrade', from: '2' }],
      ['install 3', 'remove 3', 'purge', 'install 2', 'install 3'],
    ],
    [
      ['install', 'downgrade'],
      ['install 3', 'downgrade 1'],
    ],
    [
      ['install', { step: 'downgrade', to: '2' }],
      ['install 3', 'downgrade 2'],
    ],
    [
      ['install', 'downgrade', 'upgrade'],
      ['install 3', 'downgrade 1', 'install 3'],
    ],
    [
      ['install', 'downgrade', 'remove'],
      ['install 3', 'downgrade 1', 'install 3', 'remove 3', 'purge'],
    ],
    [
      ['install', 'remove', 'install-again'],
      ['install 3', 'remove 3', 'install 3'],
    ],
    [
      ['install', 'install-again'],
      ['install 3', 'remove 3', 'install 3'],
    ],
    [['install-again'], ['install 3', 'remove 3', 'install 3']],
    [
      ['install', 'remove', 'purge', 'install-again'],
      ['install 3', 'remove 3', 'purge', 'install 3'],
    ],
    [
      ['install', 'purge'],
      ['install 3', 'remove 3', 'purge'],
    ],
    [
      ['install', 'remove', 'remove'],
      ['install 3', 'remove 3', 'install 3', 'remove 3', 'purge'],
    ],
    [
      ['install', 'install'],
      ['install 3', 'remove 3', 'purge', 'install 3'],
    ],
    [
      ['remove', 'install'],
      ['install 3', 'remove 3', 'purge', 'install 3'],
    ],
  ])('%j brings about what each step needs', async (lifecycle, expected) => {
    const { report, done } = await run(lifecycle, system(WITH_OLD));
    expect(report.verdict).toBe('passed');
    expect(done).toEqual(expected);
  });

  it('leaves alone what came with the system, and upgrades from it', async () => {
    const base = system(
      [
        ['3', 'request'],
        ['1', 'distribution'],
      ],
      '1',
    );
    expect((await run(['upgrade'], base)).done).toEqual(['install 3']);
    expect((await run(['install', 'remove'], system(WITH_OLD, '1'))).done).toEqual([
      'reinstall 3',
      'remove 3',
      'purge',
    ]);
  });

  it('says from which version to which, also when it fails', async () => {
    const { report } = await run(['install', 'downgrade', 'upgrade'], system(WITH_OLD));
    expect(named(report, 'downgrade_package')).toMatchObject({ versions: { from: '3', to: '1' } });
    expect(named(report, 'upgrade_package')).toMatchObject({ versions: { from: '1', to: '3' } });
    const on = system(WITH_OLD);
    const install: PackageManager['install'] = async (shell, target, how) =>
      target.version === '3' ? { reason: 'script_failed', message: 'no' } : on.manager.install?.(shell, target, how);
    const failing = await run(['upgrade'], on, { manager: { install } });
    expect(named(failing.report, 'upgrade_package')).toMatchObject({
      status: 'failed',
      versions: { from: '1', to: '3' },
      failure: { reason: 'script_failed' },
    });
  });

  it.each([
    ['upgrade', { step: 'upgrade', from: '0' }, 'version_not_found', /no repository has hello 0; there is 3, 2, 1/],
    ['upgrade', { step: 'upgrade', from: '3' }, 'conflict', /3 is not older than 3/],
    ['downgrade', { step: 'downgrade', to: '7' }, 'version_not_found', /no repository has hello 7/],
  ] as const)('%s fails on %j', async (name, step, reason, message) => {
    const { report } = await run(['install', step], system(WITH_OLD));
    expect(named(report, `${name}_package`)).toMatchObject({
      status: 'failed',
      failure: { reason, message: expect.stringMatching(message) },
    });
  });

  it('skips an upgrade from nothing, says so, and checks the package all the same', async () => {
    const { report, done } = await run(['upgrade', 'remove']);
    expect(named(report, 'upgrade_package')).toMatchObject({
      status: 'skipped',
      reason: 'no repository has a version of hello that is older than 2',
    });
    expect(judged(report)[0]).toBe('package_integrity_tests: installed');
    expect(done).toEqual(['install 2', 'remove 2', 'purge']);
  });

  it('checks after each step, in the stage of that step', async () => {
    const { report } = await run(
      ['install', 'reinstall', 'upgrade', 'downgrade', 'remove', 'install-again', 'purge'],
      system(WITH_OLD),
    );
    expect(judged(report)).toEqual([
      'package_integrity_tests: installed',
      'reinstall_package: installed',
      'upgrade_package: upgraded',
      'upgrade_package: installed',
      'uninstall_package: removed',
      'install_package_again: installed',
      'purge_package: removed',
      'purge_package: purged',
    ]);
  });

  it('does not say that a waiver is unused when the phase that it is about was never judged', async () => {
    const waivers = [{ rule: 'late/r', reason: 'known' }];
    const late: Checker = { ...witness, id: 'late', phases: ['purged'], check: () => [] };
    const unused = async (lifecycle: Lifecycle) => {
      const all = parts({ checkers: [late], manager: system().manager });
      const { findings } = await runTestWith(all, { ...request, lifecycle, waivers });
      return findings.map(({ rule }) => rule);
    };
    expect(await unused(['install', 'remove', 'install-again'])).toEqual([]);
    expect(await unused(['install', 'remove', 'purge'])).toEqual(['unused-waiver']);
  });

  it('keeps what was there before the package, however often it comes and goes', async () => {
    let gathered = 0;
    const collectors: AnyCollector[] = (['before', 'each-phase', 'installed'] as const).map((moment) => ({
      fact: (moment === 'installed' ? 'package.installed' : `test.${moment}`) as keyof Facts,
      moment,
      needs: [],
      collect: async () => {
        gathered += 1;
        return { name: 'hello', installed: true, status: String(gathered) } as never;
      },
    }));
    const seen: string[] = [];
    const checker: Checker = {
      ...witness,
      needs: ['test.before', 'test.each-phase', 'package.installed'] as (keyof Facts)[],
      *check(facts, { phase }) {
        const status = (fact: string) => (facts as unknown as Record<string, { status: string }>)[fact]?.status;
        seen.push(`${phase} ${status('test.before')} ${status('test.each-phase')} ${status('package.installed')}`);
      },
    };
    await run(['install', 'remove', 'purge', 'install-again', 'remove'], system(), {
      checkers: [checker],
      manager: { collectors },
    });
    expect(seen).toEqual([
      'installed 1 2 3',
      'removed 1 4 3',
      'purged 1 5 3',
      'installed 1 6 7',
      'removed 1 8 7',
      'purged 1 9 7',
    ]);
  });

  it('says who went along with the package', async () => {
    const remove: PackageManager['remove'] = async () => ({ scriptlets: [], alsoRemoved: ['hello-plugin'] });
    const { report } = await run(['install', 'remove'], system(), { manager: { remove } });
    expect(named(report, 'uninstall_package')).toMatchObject({ status: 'passed', alsoRemoved: ['hello-plugin'] });
  });

  it('goes on without the steps that a package does not allow which has to stay', async () => {
    const remove: PackageManager['remove'] = async () => ({ kept: 'it is essential' });
    const { report } = await run(['install', 'install-again', 'purge'], system(), { manager: { remove } });
    expect(named(report, 'install_package_again')).toMatchObject({ status: 'skipped', reason: 'it is essential' });
    expect(named(report, 'purge_package')).toMatchObject({ status: 'skipped', reason: 'it is essential' });
    expect(report.verdict).toBe('passed');
  });
});
