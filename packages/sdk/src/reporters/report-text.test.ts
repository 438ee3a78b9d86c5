import { describe, expect, it } from 'vitest';
import { TestReport } from '../contracts/report.ts';
import { COLOURED, PLAIN } from './palette.ts';
import { reportText } from './report-text.ts';
import * as reports from './reports.fixture.ts';
import { summaryTable } from './summary.ts';

const plain = { palette: PLAIN, locate: (taskId: string) => `alts-results/${taskId}` };
const text = (report: TestReport) => reportText(report, plain).join('\n');

it.each(Object.entries(reports))('%s is a report', (_name, report) => {
  expect(TestReport.parse(report)).toEqual(report);
});

describe('the end of a test, for people', () => {
  it('takes two lines when the package passed', () => {
    expect(text(reports.PASSED_REPORT)).toBe(`passed  hello 2.10-3 (amd64) on debian:12 in 9.3s
  results: alts-results/task-passed`);
  });

  it('shows the first command that failed, its last lines made safe, and where the log is', () => {
    expect(text(reports.SCRIPT_FAILED_REPORT)).toBe(`failed  hello 2.10-3 (amd64) on debian:12 in 9.3s
  install_package: the postinst of hello failed
  $ apt-get install -y hello (exit code 100)
  | Setting up hello
  | <b>"all is well"</b> & ]]>
  | postinst: exit 1
  log: alts-results/task-script/install_package.log`);
  });

  it('shows findings, the worst first, each on one line', () => {
    expect(text(reports.FINDINGS_REPORT)).toBe(`failed  hello 2.10-3 (amd64) on debian:13/x86_64 in 9.3s
  package_integrity_tests: /usr/bin/hello: is missing
  findings:
    error files/missing /usr/bin/hello: is missing
    info files/odd /etc/x /etc/y: has an odd name
  log: alts-results/task-findings/package_integrity_tests.log`);
  });

  it('says how many findings it left out', () => {
    const [finding] = reports.FINDINGS_REPORT.findings;
    const findings = Array.from({ length: 5000 }, () => finding!);
    const lines = reportText({ ...reports.FINDINGS_REPORT, findings }, plain);
    expect(lines.length).toBeLessThan(30);
    expect(lines).toContain('    and 4980 more, in report.json');
  });

  it('shows what counts first; what is known or waived says so, and why; then what is fixed', () => {
    expect(text(reports.WAIVED_REPORT)).toBe(`passed  hello 2.10-3 (amd64) on debian:12 in 9.3s
  findings:
    warning waivers/unused-waiver files/odd: nothing was found that this waiver is about
    error, known files/missing /usr/bin/b: is missing
    error, waived until 2026-12-31: the target comes with the kernel files/broken-link /usr/lib/a: is a broken link
  fixed since 2.9-1:
    fixed files/missing /usr/bin/c: is missing
  results: alts-results/task-waived`);
  });

  it('shows what went wrong with the infrastructure, and why', () => {
    expect(text(reports.ERROR_REPORT)).toBe(`error  hello on debian:12 in 0.0s
  start_environment: no Docker engine answers (runner_unavailable)
    because: connect ENOENT
  log: alts-results/task-error/start_environment.log`);
  });

  it('shows an error that is no stage’s own', () => {
    expect(text(reports.NOT_STORED_REPORT)).toContain('no space left for report.json (disk_full)');
  });

  it('says that a test was cancelled', () => {
    expect(text(reports.CANCELLED_REPORT)).toMatch(/^cancelled {2}hello/);
  });
});

describe('the summary of several systems', () => {
  const several = [reports.PASSED_REPORT, reports.FINDINGS_REPORT, reports.ERROR_REPORT];

  it('is one table', () => {
    expect(summaryTable(several, plain)).toEqual([
      'system            verdict  package               time  findings  results',
      'debian:12         passed   hello 2.10-3 (amd64)  9.3s  0         alts-results/task-passed',
      'debian:13/x86_64  failed   hello 2.10-3 (amd64)  9.3s  2         alts-results/task-findings',
      'debian:12         error    hello                 0.0s  0         alts-results/task-error',
    ]);
  });

  it('counts what is new where some is not', () => {
    expect(summaryTable([reports.WAIVED_REPORT], plain)[1]).toMatch(/ 3 \(1 new\) {2}alts-results/);
  });

  it('is as wide with colours as without', () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are escape sequences
    const uncoloured = summaryTable(several, { ...plain, palette: COLOURED }).map((l) => l.replace(/\x1b\[\d+m/g, ''));
    expect(uncoloured).toEqual(summaryTable(several, plain));
  });
});
