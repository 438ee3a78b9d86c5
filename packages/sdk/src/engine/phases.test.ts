import { describe, expect, it } from 'vitest';
import type { Checker } from '../contracts/checker.ts';
import type { AnyCollector, Facts, InstalledPackage, Moment } from '../contracts/facts.ts';
import type { TestReport } from '../contracts/report.ts';
import { needsInstalled, parts, request } from './engine-parts.fixture.ts';
import { runTestWith } from './run-test.ts';

const statuses = (report: TestReport): Record<string, string> =>
  Object.fromEntries(report.stages.map(({ name, status }) => [name, status]));

describe('a test of a package', () => {
  it('gathers each fact at its moment, and has each phase judged by the checkers that judge it', async () => {
    let installed = true;
    let gathered = 0;
    const counting = (fact: keyof Facts, moment: Moment): AnyCollector => ({
      fact,
      moment,
      needs: [],
      collect: async () => {
        gathered += 1;
        return { name: 'x', status: `${fact} ${gathered}`, installed } as never;
      },
    });
    const checker: Checker = {
      contract: 'checker/1',
      id: 'phases',
      rules: [],
      needs: ['test.before' as keyof Facts, 'package.installed', 'test.now' as keyof Facts],
      phases: ['installed', 'removed', 'purged'],
      *check(facts, { phase }) {
        const gathered = Object.entries(facts).filter(([fact]) => fact !== 'package.scriptlets');
        const seen = gathered.map(([, fact]) => (fact as InstalledPackage).status);
        yield { checker: 'phases', rule: 'r', severity: 'info', subject: phase, message: seen.join(', ') };
      },
    };
    const collectors = [
      counting('package.installed', 'installed'),
      counting('test.now' as keyof Facts, 'each-phase'),
      counting('test.before' as keyof Facts, 'before'),
    ];
    const removing = async (): Promise<undefined> => {
      installed = false;
    };
    const seenWith = async (purged: 'nothing' | undefined) => {
      gathered = 0;
      const manager = { collectors, remove: removing, purge: async () => purged };
      const { findings } = await runTestWith(parts({ checkers: [checker], manager }), request);
      return findings.map(({ stage, subject, message }) => [stage, subject, message]);
    };
    const untilRemoved = [
      ['package_integrity_tests', 'installed', 'test.before 1, package.installed 2, test.now 3'],
      ['uninstall_package', 'removed', 'test.before 1, package.installed 2, test.now 4'],
    ];
    expect(await seenWith(undefined)).toEqual([
      ...untilRemoved,
      ['uninstall_package', 'purged', 'test.before 1, package.installed 2, test.now 5'],
    ]);
    // What was purged is nothing: the system is known already.
    expect(await seenWith('nothing')).toEqual([
      ...untilRemoved,
      ['uninstall_package', 'purged', 'test.before 1, package.installed 2, test.now 4'],
    ]);
  });

  it('fails the removal on what is found after it', async () => {
    const checker = {
      ...needsInstalled,
      phases: ['purged'],
      check: () => [{ checker: 'quiet', rule: 'r', severity: 'error', subject: '/x', message: 'is left' }] as const,
    } as const;
    const report = await runTestWith(parts({ checkers: [checker, needsInstalled] }), request);
    expect(statuses(report)).toMatchObject({ package_integrity_tests: 'passed', uninstall_package: 'failed' });
  });
});
