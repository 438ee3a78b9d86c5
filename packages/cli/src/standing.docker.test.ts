import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestReport } from '@alts/sdk/plugin';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorkbench, type Workbench } from '../../../fixtures/corpus/workbench.ts';
import { alts } from './alts-process.fixture.ts';

// What --config and --baseline do to the verdict on packages that really have a finding, and what they leave out.

const cwd = mkdtempSync(join(tmpdir(), 'alts-standing-'));
let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench(['alts-broken-link', 'alts-broken-versions-1.0', 'alts-broken-versions-2.0']);
});
afterAll(async () => {
  await bench[Symbol.asyncDispose]();
  rmSync(cwd, { recursive: true });
});

const run = (...args: string[]) =>
  alts(['test', ...args, '--on', 'debian:12', '--repo', bench.server.entry, '--format', 'json'], {}, cwd);
const LINK = '/usr/lib/alts-broken-link/leads-nowhere';

describe('alts test', () => {
  it('--config: a waiver lets the package pass, and the report lists what was waived and why', async () => {
    const waivers = [
      { rule: 'files/broken-link', package: 'alts-*', path: '/usr/lib/*/leads-*', reason: 'comes with the kernel' },
      { rule: 'files/link-loop', reason: 'not needed' },
    ];
    await writeFile(join(cwd, 'alts.json'), JSON.stringify({ waivers }));
    const { code, stdout, stderr } = await run('alts-broken-link', '--config', 'alts.json');
    expect(code, stderr).toBe(0);
    const report = TestReport.parse(JSON.parse(stdout));
    expect(report).toMatchObject({ verdict: 'passed', request: { waivers } });
    expect(report.findings).toMatchObject([
      { rule: 'broken-link', subject: LINK, status: 'waived', waiver: { reason: 'comes with the kernel' } },
      { checker: 'waivers', rule: 'unused-waiver', subject: 'files/link-loop', severity: 'warning' },
    ]);
  });

  it('--config: skip rules and the exclusion document beside it, in the report and on the screen', async () => {
    const skip = [
      { stage: 'package_integrity_tests', package: 'alts-*', reason: 'comes with the kernel', expires: '9999-12-31' },
      { stage: 'third_party_tests', system: 'fedora:*', reason: 'of others' },
    ];
    await mkdir(join(cwd, 'shared'));
    await writeFile(join(cwd, 'shared/skips.json'), JSON.stringify({ skip, exclusions: 'skipped_tests.json' }));
    const document = { 'debian-12': { 'alts-b': ['uninstall_package', 'run_everything'] } };
    await writeFile(join(cwd, 'shared/skipped_tests.json'), JSON.stringify(document));
    const { code, stdout, stderr } = await run('alts-broken-link', '--config', 'shared/skips.json');
    expect(code, stderr).toBe(0);
    const report = TestReport.parse(JSON.parse(stdout));
    expect(report).toMatchObject({ verdict: 'passed', request: { skip } });
    const source = join(cwd, 'shared/skipped_tests.json');
    const reasons = {
      package_integrity_tests: 'skipped by rule: comes with the kernel (until 9999-12-31)',
      third_party_tests: 'the request names no test suite',
      uninstall_package: `skipped by rule: ${source} excludes "alts-b" of debian-12 from uninstall_package`,
    };
    for (const [name, reason] of Object.entries(reasons)) {
      expect(report.stages.find((stage) => stage.name === name)).toMatchObject({ status: 'skipped', reason });
      expect(stderr).toContain(`- ${name} skipped: ${reason}`);
    }
    expect(report.findings).toMatchObject([
      { checker: 'skips', rule: 'unknown-step', subject: source, message: expect.stringContaining('"run_everything"') },
      { checker: 'skips', rule: 'nothing-checked', severity: 'warning' },
    ]);
    expect(stderr).toContain('nothing was checked of it: rules skip package_integrity_tests, uninstall_package');
  });

  it('--baseline with the report of the version before: what it has is known, what is gone is fixed', async () => {
    const old = await run('alts-broken-versions=1.0', '--output', 'old');
    expect(old.code).toBe(1);
    // As it is printed for several systems: the one that is tested is taken.
    await writeFile(join(cwd, 'old.json'), JSON.stringify([{ schemaVersion: 1 }, JSON.parse(old.stdout)]));
    const { code, stdout, stderr } = await run('alts-broken-versions=2.0', '--baseline', 'old.json');
    expect(code, stderr).toBe(0);
    const report = TestReport.parse(JSON.parse(stdout));
    expect(report.findings.map(({ subject, status }) => [subject, status])).toEqual([
      ['/usr/lib/alts-broken-versions/2.0/leads-nowhere', 'known'],
    ]);
    expect(report.baseline?.fixed.map(({ subject }) => subject)).toEqual(['/usr/lib/alts-broken-versions/repaired']);
  });

  it('--baseline with a version tests that first, and what is new fails', async () => {
    const { code, stdout, stderr } = await run('alts-broken-versions=1.0', '--baseline', '2.0');
    expect(code, stderr).toBe(1);
    expect(stderr).toMatch(/^baseline {2}✓ package_integrity_tests/m);
    const report = TestReport.parse(JSON.parse(stdout));
    expect(Object.fromEntries(report.findings.map(({ subject, status }) => [subject, status]))).toEqual({
      '/usr/lib/alts-broken-versions/1.0/leads-nowhere': 'known',
      '/usr/lib/alts-broken-versions/repaired': 'new',
    });
    expect(report.artifacts.map(({ name }) => name)).toContain('baseline.json');
  });

  it('--baseline with a version that is not there is an error that says so: exit 3', async () => {
    const { code, stdout } = await run('alts-broken-versions=2.0', '--baseline', '9.9');
    expect(code).toBe(3);
    expect(TestReport.parse(JSON.parse(stdout))).toMatchObject({
      verdict: 'error',
      error: {
        code: 'baseline_unusable',
        message: expect.stringContaining('the baseline alts-broken-versions 9.9 could not be tested'),
      },
    });
  });

  it('--baseline with the report of another package is refused: exit 2', async () => {
    const { code, stderr } = await run('alts-broken-link', '--baseline', 'old.json');
    expect(code).toBe(2);
    expect(stderr).toBe(
      'alts: --baseline old.json: cannot be compared with: it is of the package alts-broken-versions, and alts-broken-link is tested\n',
    );
  });
});
