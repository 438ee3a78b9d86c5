import { Parser } from 'tap-parser';
import { describe, expect, it } from 'vitest';
import type { TestReport } from '../contracts/report.ts';
import * as reports from './reports.fixture.ts';
import { tap } from './tap.ts';

/** What another reader of TAP 14 makes of it; whatever is not TAP is a failure to it. */
interface Read {
  readonly ok: boolean;
  readonly count: number;
  readonly skip: number;
  readonly failures: readonly { readonly tapError?: unknown }[];
  readonly points: readonly {
    readonly ok: boolean;
    readonly name: string;
    readonly skip?: string | boolean;
    readonly diag?: Readonly<Record<string, unknown>>;
  }[];
  readonly subtests: readonly { readonly name: string; readonly read: Read }[];
}

async function readTap(text: string): Promise<Read> {
  const { promise, resolve } = Promise.withResolvers<Read>();
  collect(new Parser({ strict: true }), resolve).end(text);
  return promise;
}

function collect(parser: Parser, done: (read: Read) => void): Parser {
  const points: Read['points'][number][] = [];
  const subtests: Read['subtests'][number][] = [];
  parser.on('assert', (point) => points.push(point));
  parser.on('child', (child: Parser) => collect(child, (read) => subtests.push({ name: child.name, read })));
  return parser.on('complete', ({ ok, count, skip, failures }) => {
    done({ ok, count, skip, failures, points, subtests });
  });
}

const read = (...given: TestReport[]): Promise<Read> => readTap(tap(given));
const point = async (report: TestReport, name: string) => (await read(report)).points.find((one) => one.name === name);

describe('tap', () => {
  it('is TAP 14: version, plan, a point for each stage', () => {
    expect(tap([reports.PASSED_REPORT]).split('\n').slice(0, 3)).toEqual([
      'TAP version 14',
      '1..8',
      'ok 1 - start_environment',
    ]);
  });

  it.each(Object.entries(reports))('of %s is read by others without complaint', async (_name, report) => {
    const { ok, failures, count } = await read(report);
    expect(ok).toBe(report.verdict === 'passed');
    expect(failures.filter(({ tapError }) => tapError)).toEqual([]);
    expect(count).toBeGreaterThanOrEqual(8);
  });

  it('says why a stage was skipped', async () => {
    expect(await read(reports.PASSED_REPORT)).toMatchObject({ ok: true, count: 8, skip: 1 });
    expect(await point(reports.PASSED_REPORT, 'third_party_tests')).toMatchObject({
      ok: true,
      skip: 'no test suites in the request',
    });
  });

  it('has the failure with its evidence, every line of it safe', async () => {
    expect(await point(reports.SCRIPT_FAILED_REPORT, 'install_package')).toMatchObject({
      ok: false,
      diag: {
        severity: 'fail',
        message: 'the postinst of hello failed',
        reason: 'script_failed',
        command: 'apt-get install -y hello (exit code 100)',
        output: ['Setting up hello', '<b>"all is well"</b> & ]]>', 'postinst: exit 1'],
        log: 'install_package.log',
      },
      // How this reader hands on duration_ms.
      time: 61_000,
    });
  });

  it('has findings below the stage that made them, the worst first', async () => {
    expect((await point(reports.FINDINGS_REPORT, 'package_integrity_tests'))?.diag?.['findings']).toEqual([
      'error: files/missing /usr/bin/hello: is missing',
      'info: files/odd /etc/x /etc/y: has an odd name',
    ]);
    expect((await point(reports.FINDINGS_REPORT, 'install_package'))?.diag).not.toHaveProperty('findings');
  });

  it('says of a finding that decides nothing why, and what was fixed', async () => {
    expect(await point(reports.WAIVED_REPORT, 'package_integrity_tests')).toMatchObject({
      ok: true,
      diag: {
        findings: [
          'error, known: files/missing /usr/bin/b: is missing',
          'error, waived until 2026-12-31: the target comes with the kernel: files/broken-link /usr/lib/a: is a broken link',
        ],
        fixed: ['fixed: files/missing /usr/bin/c: is missing'],
      },
    });
  });

  it('says how many findings it left out', async () => {
    const findings = Array.from({ length: 501 }, () => reports.FINDINGS_REPORT.findings[1]!);
    const { diag } = (await point({ ...reports.FINDINGS_REPORT, findings }, 'package_integrity_tests'))!;
    expect(diag?.['findings']).toHaveLength(500);
    expect(diag?.['findings_left_out']).toBe('1 more, in report.json');
  });

  it('is never ok for a verdict that is not passed', async () => {
    expect(await point(reports.ERROR_REPORT, 'start_environment')).toMatchObject({
      ok: false,
      diag: { severity: 'error', code: 'runner_unavailable', causes: ['connect ENOENT'] },
    });
    expect(await point(reports.NOT_STORED_REPORT, 'report')).toMatchObject({ ok: false, diag: { code: 'disk_full' } });
    expect(await point(reports.CANCELLED_REPORT, 'install_package')).toMatchObject({ ok: false });
  });

  it('is a subtest for each of several systems', async () => {
    const both = await read(reports.PASSED_REPORT, reports.FINDINGS_REPORT);
    expect(both).toMatchObject({
      ok: false,
      count: 2,
      points: [
        { ok: true, name: 'hello 2.10-3 (amd64) on debian:12', diag: { verdict: 'passed', task: 'task-passed' } },
        { ok: false, name: 'hello 2.10-3 (amd64) on debian:13/x86_64', diag: { verdict: 'failed' } },
      ],
    });
    expect(both.subtests.map(({ name, read: { ok, count } }) => ({ name, ok, count }))).toEqual([
      { name: 'hello 2.10-3 (amd64) on debian:12', ok: true, count: 8 },
      { name: 'hello 2.10-3 (amd64) on debian:13/x86_64', ok: false, count: 8 },
    ]);
  });

  it('lets no text of a package pass for TAP or YAML', async () => {
    const hostile = 'x # SKIP not\n...\nok 1\nBail out! \\ # TODO\n  ---\n- &a *a !!js/function \'"`\u2028|\n\t# {[';
    const { failure, ...stage } = reports.SCRIPT_FAILED_REPORT.stages.find((s) => s.status === 'failed')!;
    const report: TestReport = {
      ...reports.SCRIPT_FAILED_REPORT,
      package: { ...reports.PASSED_REPORT.package, version: hostile },
      stages: [
        { ...stage, failure: { ...failure, message: hostile, output: hostile } },
        { ...stage, name: 'third_party_tests', status: 'skipped', reason: hostile },
      ],
    };
    const line = 'x # SKIP not ... ok 1 Bail out! \\ # TODO';
    const { failures, points, subtests } = await read(report, report);
    expect(failures.filter(({ tapError }) => tapError)).toEqual([]);
    expect(points.map(({ ok, name }) => ({ ok, name }))).toEqual([
      { ok: false, name: expect.stringContaining(`hello ${line}`) },
      { ok: false, name: expect.stringContaining(`hello ${line}`) },
    ]);
    expect(subtests[0]?.read.points).toMatchObject([
      { ok: false, name: 'install_package', diag: { message: expect.stringContaining(line) } },
      { ok: true, name: 'third_party_tests', skip: expect.stringContaining('Bail out!') },
    ]);
    expect(subtests[0]?.read.points[0]?.diag?.['output']).toHaveLength(8);
  });
});
