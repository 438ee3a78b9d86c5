import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Checker } from '../contracts/checker.ts';
import { AltsError } from '../contracts/errors.ts';
import type { PackageManager } from '../contracts/package-manager.ts';
import { type Finding, TestReport } from '../contracts/report.ts';
import type { TestRequestInput } from '../contracts/request.ts';
import type { ResultStore } from '../contracts/result-store.ts';
import type { Runner } from '../contracts/runner.ts';
import { noSuites } from './engine-parts.fixture.ts';
import type { EngineParts } from './plan.ts';
import { runTestWith } from './run-test.ts';

// What findings count for, through the whole engine and without a system.

const directory = mkdtempSync(join(tmpdir(), 'alts-standing-'));
afterAll(() => rmSync(directory, { recursive: true }));

const request = { taskId: 't', package: { name: 'hello', version: '2' }, system: 'debian:12' };

/** Files that are found wrong in each version, after the installation and after the removal. */
type Faults = Record<string, { installed?: string[]; purged?: string[] }>;

function checker(phase: 'installed' | 'purged', id: string, faults: Faults): Checker {
  return {
    contract: 'checker/1',
    id,
    rules: [{ id: 'wrong', severity: 'error', summary: 's', why: 'w', fix: 'f', source: 's' }],
    needs: ['package.installed'],
    phases: [phase],
    *check({ 'package.installed': { version } }): Generator<Finding> {
      for (const subject of faults[version ?? '']?.[phase] ?? []) {
        yield { checker: id, rule: 'wrong', severity: 'error', subject, message: `${subject} is wrong` };
      }
    },
  };
}

function parts(faults: Faults): EngineParts & { kept: Map<string, string>; started: string[] } {
  const kept = new Map<string, string>();
  const started: string[] = [];
  const store: ResultStore = {
    contract: 'result-store/1',
    async put({ taskId, name }, content) {
      kept.set(`${taskId}/${name}`, Buffer.concat(await Array.fromAsync(content)).toString());
      return { name, size: 0, sha256: '0'.repeat(64) };
    },
    // biome-ignore lint/correctness/useYield: nothing is read from it here
    async *get() {
      throw new AltsError('artifact_not_found', 'nothing here');
    },
    async *list() {},
  };
  const exec = async () => Promise.reject(new Error('nothing is run here'));
  const runner: Runner = {
    contract: 'runner/1',
    name: 'shelf',
    traits: new Set(),
    async provision({ system }, { lease }) {
      started.push(lease.taskId);
      return { id: 'e', system, exec, read: async function* () {}, write: async () => {} };
    },
    async *list() {},
    remove: async () => {},
  };
  return {
    runner,
    store,
    packageManagers: [manager(faults)],
    reportArtifacts: [],
    suites: noSuites,
    kept,
    started,
    checkers: [checker('installed', 'files', faults), checker('purged', 'leftovers', faults)],
  };
}

function manager(faults: Faults): PackageManager {
  let version = '';
  const known = { name: 'hello', architecture: 'all', status: 'ok', installed: true, essential: false };
  return {
    family: 'deb',
    prepare: async () => undefined,
    stage: async (_, { content }) => {
      await Array.fromAsync(content);
      return { target: { name: 'hello', version: '2' }, architecture: 'all', sha256: '0'.repeat(64) };
    },
    describeSystem: async () => ({ name: 'Debian', kernel: '6', architecture: 'amd64', packages: new Map() }),
    install: async (_, target) => {
      version = target.version ?? '';
      return version in faults ? undefined : { reason: 'version_not_found', message: `no version ${version}` };
    },
    versions: async () => [],
    configurationFiles: async () => [],
    identify: async (_, name) => ({ name, version, architecture: 'all', origin: null, sha256: null }),
    remove: async () => undefined,
    purge: async () => undefined,
    satisfy: async () => undefined,
    collectors: [{ fact: 'package.installed', needs: [], collect: async () => ({ ...known, version }) }],
  };
}

const standing = ({ findings }: TestReport) => findings.map(({ subject, status }) => `${subject} ${status}`);
const test = (faults: Faults, own: Partial<TestRequestInput> = {}, baseline?: unknown) =>
  runTestWith(parts(faults), { ...request, ...own }, { baseline });

describe('severities of the request', () => {
  it('decide in the place of the rules’ own', async () => {
    const report = await test({ 2: { installed: ['/a'] } }, { severities: { 'files/wrong': 'warning' } });
    expect(report).toMatchObject({ verdict: 'passed', findings: [{ severity: 'warning', status: 'new' }] });
  });
});

describe('waivers', () => {
  const waiver = { rule: 'files/wrong', path: '/a', reason: 'we know' };

  it('keep what they are about from failing the test, and it is in the report with the reason', async () => {
    const report = await test({ 2: { installed: ['/a'] } }, { waivers: [waiver] });
    expect(report).toMatchObject({
      verdict: 'passed',
      findings: [{ subject: '/a', severity: 'error', status: 'waived', waiver: { reason: 'we know' } }],
    });
    expect(TestReport.parse(report)).toEqual(report);
  });

  it('let everything else fail it', async () => {
    const report = await test({ 2: { installed: ['/a', '/b'] } }, { waivers: [waiver] });
    expect(report.verdict).toBe('failed');
    expect(report.stages.find(({ status }) => status === 'failed')).toMatchObject({
      failure: { message: '/b: /b is wrong' },
    });
  });

  it('are used when any stage found what they are about; those that none did are warnings', async () => {
    const leftover = { ...waiver, rule: 'leftovers/*' };
    const expired = { ...waiver, path: '/b', expires: '2000-01-01' };
    const waivers = [waiver, leftover, { ...leftover, path: '/c' }, expired];
    const report = await test({ 2: { installed: ['/a'], purged: ['/a'] } }, { waivers });
    expect(report.verdict).toBe('passed');
    expect(report.findings.slice(2)).toMatchObject([
      { checker: 'waivers', rule: 'unused-waiver', subject: 'leftovers/* /c', severity: 'warning' },
      { checker: 'waivers', rule: 'expired-waiver', subject: 'files/wrong /b', severity: 'warning' },
    ]);
  });

  it('are not called unused when the test did not come as far as their checker', async () => {
    const report = await test({ 2: { installed: ['/b'] } }, { waivers: [{ ...waiver, rule: 'leftovers/*' }, waiver] });
    expect(report.findings.map(({ subject }) => subject)).toEqual(['/b', 'files/wrong /a']);
  });

  it('are not called unused when not all that was found is listed', async () => {
    const installed = Array.from({ length: 1001 }, (_, index) => `/${index}`);
    const report = await test({ 2: { installed } }, { waivers: [waiver] });
    expect(report.findings.at(-1)).toMatchObject({ checker: 'files', rule: 'too-many-findings' });
  });

  it('of a rule that does not exist are refused before anything starts', async () => {
    const made = parts({ 2: {} });
    const waivers = [{ ...waiver, rule: 'fils/wrong' }];
    await expect(runTestWith(made, { ...request, waivers })).rejects.toThrow(
      'waivers.0.rule: unknown checker in "fils/wrong"; did you mean "files/wrong"?',
    );
    expect(made.started).toEqual([]);
  });
});

describe('a report as baseline', () => {
  const old = () =>
    test({ 1: { installed: ['/a', '/gone'] } }, { taskId: 'old', package: { name: 'hello', version: '1' } });

  it('makes what it has known, and lists what is gone', async () => {
    const report = await test({ 2: { installed: ['/a'] } }, {}, await old());
    expect(report.verdict).toBe('passed');
    expect(standing(report)).toEqual(['/a known']);
    expect(report.baseline).toMatchObject({ taskId: 'old', package: { version: '1' }, fixed: [{ subject: '/gone' }] });
    expect(TestReport.parse(report)).toEqual(report);
  });

  it('lets what is new decide', async () => {
    const report = await test({ 2: { installed: ['/a', '/new'] } }, {}, await old());
    expect(standing(report)).toEqual(['/a known', '/new new']);
    expect(report.verdict).toBe('failed');
  });

  it('fixes nothing that this test did not come to', async () => {
    const report = await test({ 1: {} }, {}, await old());
    expect(report).toMatchObject({ verdict: 'failed', baseline: { fixed: [] } });
  });

  it('is kept beside the report', async () => {
    const made = parts({ 2: {} });
    const report = await runTestWith(made, request, { baseline: await old() });
    expect(JSON.parse(made.kept.get('t/baseline.json') ?? '')).toMatchObject({ taskId: 'old' });
    expect(report.artifacts.map(({ name }) => name)).toContain('baseline.json');
  });

  it.each<[string, (report: TestReport) => unknown, string]>([
    [
      'no report',
      () => ({ name: 'x' }),
      'is not a report of a version that this one reads (1): it has no schemaVersion',
    ],
    ['nothing at all', () => null, 'is not a report'],
    ['one of another schema', (report) => ({ ...report, schemaVersion: 7 }), 'its schemaVersion is 7'],
    ['a damaged one', (report) => ({ ...report, findings: [{}] }), 'is not a report: findings.0.checker'],
    [
      'of another package',
      (report) => ({ ...report, package: { ...report.package, name: 'ls' } }),
      'it is of the package ls, and hello is tested',
    ],
    [
      'of another family',
      (report) => ({ ...report, system: { ...report.system, family: 'rpm' } }),
      'it is of rpm packages, and deb is tested',
    ],
  ])('that is %s is refused before anything starts', async (_, change, words) => {
    const made = parts({ 2: {} });
    const run = runTestWith(made, request, { baseline: change(await old()) });
    await expect(run).rejects.toMatchObject({ code: 'invalid_request', message: expect.stringContaining(words) });
    await expect(run).rejects.toThrow(/^baseline: [^\n]+$/);
    expect(made.started).toEqual([]);
  });

  it('of a test in which nothing was checked is refused', async () => {
    const notThere = await test({}, { taskId: 'old' });
    await expect(test({ 2: {} }, {}, notThere)).rejects.toThrow('install_package: no version 2');
  });

  it('of another package than the file turns out to be is an error', async () => {
    const file = join(directory, 'x.deb');
    await writeFile(file, '');
    const other = { ...(await old()), package: { ...(await old()).package, name: 'ls' } };
    expect(await test({ 2: {} }, { package: { file } }, other)).toMatchObject({
      verdict: 'error',
      error: { code: 'baseline_unusable', message: expect.stringContaining('package ls, and hello is tested') },
    });
    expect(await test({ 2: {} }, { package: { file } }, await old())).toMatchObject({ verdict: 'passed' });
  });

  it('beside a version to compare with is refused', async () => {
    await expect(test({ 2: {} }, { baseline: { version: '1' } }, await old())).rejects.toThrow('not both');
  });
});

describe('a version as baseline', () => {
  const baseline = { version: '1' };

  it('is tested first, on a system of its own and to its end, and is kept beside the report', async () => {
    const made = parts({
      1: { installed: ['/a', '/x-1'], purged: ['/b'] },
      2: { installed: ['/x-2', '/a'], purged: ['/b'] },
    });
    const report = await runTestWith(made, { ...request, baseline });
    expect(made.started).toEqual(['t-baseline', 't']);
    expect(report.verdict).toBe('passed');
    expect(standing(report)).toEqual(['/x-2 known', '/a known', '/b known']);
    const kept = TestReport.parse(JSON.parse(made.kept.get('t/baseline.json') ?? ''));
    expect(kept).toMatchObject({ taskId: 't-baseline', package: { version: '1' } });
    expect(report.baseline).toMatchObject({ taskId: 't-baseline', fixed: [] });
  });

  it('that cannot be installed makes the verdict error, and says so', async () => {
    const made = parts({ 2: {} });
    const report = await runTestWith(made, { ...request, baseline });
    expect(report).toMatchObject({
      verdict: 'error',
      error: {
        code: 'baseline_unusable',
        message:
          'the baseline hello 1 could not be tested: the package was not checked in it: install_package: no version 1',
      },
    });
    expect(made.started).toEqual(['t-baseline']);
  });

  it('is cancelled with the test', async () => {
    const made = parts({ 1: {}, 2: {} });
    const controller = new AbortController();
    const options = { signal: controller.signal, onBaselineEvent: () => controller.abort(new Error('enough')) };
    const report = await runTestWith(made, { ...request, baseline }, options);
    expect(report.verdict).toBe('cancelled');
    expect(made.started).not.toContain('t');
  });
});
