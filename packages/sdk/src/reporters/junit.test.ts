import { describe, expect, it } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import type { TestReport } from '../contracts/report.ts';
import { junit } from './junit.ts';
import { JUNIT_SCHEMA } from './junit-schema.fixture.ts';
import * as reports from './reports.fixture.ts';

const count = (xml: string, pattern: RegExp): number => xml.match(pattern)?.length ?? 0;

/** What libxml2 has to say against a document. */
async function complaints(xml: string): Promise<readonly string[]> {
  const { errors } = await validateXML({ xml: [{ fileName: 'junit.xml', contents: xml }], schema: [JUNIT_SCHEMA] });
  return errors.map(({ message }) => message);
}

describe('junit', () => {
  it.each(Object.entries(reports))('of %s is valid to another reader of XML', async (_name, report) => {
    expect(await complaints(junit([report, report]))).toEqual([]);
  });

  it('is valid whatever texts are in it', async () => {
    const hostile = `]]><!--&#0;<![CDATA[ \0\x1b[2J\ud800\ufffe"'\u2028</failure>`;
    const { failure, ...stage } = reports.SCRIPT_FAILED_REPORT.stages.find((s) => s.status === 'failed')!;
    const report: TestReport = {
      ...reports.SCRIPT_FAILED_REPORT,
      package: { ...reports.PASSED_REPORT.package, name: hostile, version: hostile, origin: hostile },
      stages: [{ ...stage, failure: { ...failure, message: hostile, output: hostile } }],
      findings: [{ ...reports.FINDINGS_REPORT.findings[0]!, subject: hostile, message: hostile }],
    };
    expect(await complaints(junit([report]))).toEqual([]);
  });

  it('is one document with a testsuite for each report and a testcase for each stage', () => {
    const xml = junit([reports.PASSED_REPORT, reports.FINDINGS_REPORT]);
    expect(xml).toMatch(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n<testsuites name="alts">\n/);
    expect(xml).toMatch(/<\/testsuites>\n$/);
    expect(count(xml, /<testsuite /g)).toBe(2);
    expect(count(xml, /<testcase /g)).toBe(16);
  });

  it('counts what is in it', () => {
    expect(junit([reports.PASSED_REPORT])).toContain(
      '<testsuite name="hello on debian:12" tests="8" failures="0" errors="0" skipped="1" time="9.345" timestamp="2026-01-02T03:04:05">',
    );
    expect(junit([reports.SCRIPT_FAILED_REPORT])).toContain('tests="8" failures="1" errors="0" skipped="3"');
    expect(junit([reports.ERROR_REPORT])).toContain('tests="8" failures="0" errors="1" skipped="6"');
  });

  it('is a failure when the package is at fault, with the command and its output as safe, escaped text', () => {
    expect(junit([reports.SCRIPT_FAILED_REPORT])).toContain(
      `      <failure type="script_failed" message="the postinst of hello failed">$ apt-get install -y hello (exit code 100)
Setting up hello
&lt;b&gt;&quot;all is well&quot;&lt;/b&gt; &amp; ]]&gt;
postinst: exit 1</failure>`,
    );
  });

  it('has no character that XML 1.0 does not allow', () => {
    const { failure, ...stage } = reports.SCRIPT_FAILED_REPORT.stages.find((s) => s.status === 'failed')!;
    const everything = Array.from({ length: 0x10000 }, (_, unit) => String.fromCharCode(unit)).join('');
    const xml = junit([
      {
        ...reports.SCRIPT_FAILED_REPORT,
        stages: [{ ...stage, failure: { ...failure, message: everything, output: everything } }],
        findings: [{ ...reports.FINDINGS_REPORT.findings[0]!, subject: everything, message: everything }],
      },
    ]);
    expect(xml).toMatch(/^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u);
  });

  it('is an error when the infrastructure is at fault', () => {
    expect(junit([reports.ERROR_REPORT])).toContain(
      '<error type="runner_unavailable" message="no Docker engine answers">connect ENOENT</error>',
    );
  });

  it('is never green for a verdict that is not passed', () => {
    expect(junit([reports.NOT_STORED_REPORT])).toContain('<error type="disk_full"');
    expect(junit([reports.NOT_STORED_REPORT])).toContain('tests="9" failures="0" errors="1"');
    expect(junit([reports.CANCELLED_REPORT])).toContain('<error type="cancelled"');
  });

  it('carries the findings: those that failed the stage as its text, all of them as the output of the suite', () => {
    const xml = junit([reports.FINDINGS_REPORT]);
    expect(xml).toContain('is missing">error: files/missing /usr/bin/hello: is missing</failure>');
    expect(xml).toContain(
      '<system-out>info: files/odd /etc/x /etc/y: has an odd name\nerror: files/missing /usr/bin/hello: is missing</system-out>',
    );
  });

  it('says of a finding that decides nothing why, and has no failure for it', () => {
    const xml = junit([reports.WAIVED_REPORT]);
    expect(xml).toContain('failures="0"');
    expect(xml).toContain(
      'error, waived until 2026-12-31: the target comes with the kernel: files/broken-link /usr/lib/a: is a broken link\n' +
        'error, known: files/missing /usr/bin/b: is missing\n',
    );
    expect(xml).toContain('\nfixed: files/missing /usr/bin/c: is missing</system-out>');
  });

  it('has no finding that decides nothing in the text of a failure', () => {
    const [waived] = reports.WAIVED_REPORT.findings;
    const { findings, ...rest } = reports.FINDINGS_REPORT;
    const failure = /<failure[^>]*>([^<]*)/.exec(junit([{ ...rest, findings: [...findings, waived!] }]))?.[1];
    expect(failure).toBe('error: files/missing /usr/bin/hello: is missing');
  });

  it('names below a stage only the findings of that stage', () => {
    const [, missing] = reports.FINDINGS_REPORT.findings;
    const other = { ...missing!, stage: 'uninstall_package' as const, subject: '/etc/left' };
    const xml = junit([{ ...reports.FINDINGS_REPORT, findings: [missing!, other] }]);
    expect(xml).toMatch(/<failure [^>]*>error: files\/missing \/usr\/bin\/hello: is missing<\/failure>/);
  });

  it('says why a stage was skipped', () => {
    expect(junit([reports.PASSED_REPORT])).toContain('<skipped message="no test suites in the request"/>');
  });
});
