import { describe, expect, it } from 'vitest';
import { github } from './github.ts';
import * as reports from './reports.fixture.ts';

/** A workflow command as the runner of GitHub Actions takes it apart. */
const COMMAND = /^::(error|warning|notice) title=([^:,\r\n]*)::([^\r\n]*)$/;

const DECODED: Readonly<Record<string, string>> = { '%25': '%', '%0D': '\r', '%0A': '\n', '%3A': ':', '%2C': ',' };
const decode = (text = ''): string => text.replace(/%(?:25|0D|0A|3A|2C)/g, (code) => DECODED[code]!);

const annotations = (text: string) =>
  text
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      const [, kind, title, message] = COMMAND.exec(line) ?? [];
      return { kind, title: decode(title), message: decode(message) };
    });

describe('github', () => {
  it('says nothing of a test that passed without findings', () => {
    expect(github([reports.PASSED_REPORT])).toBe('');
  });

  it('is an error for a stage that failed, with the command and its last lines', () => {
    expect(annotations(github([reports.SCRIPT_FAILED_REPORT]))).toEqual([
      {
        kind: 'error',
        title: 'hello 2.10-3 (amd64) on debian:12: install_package',
        message: `the postinst of hello failed
$ apt-get install -y hello (exit code 100)
Setting up hello
<b>"all is well"</b> & ]]>
postinst: exit 1`,
      },
    ]);
  });

  it('is an error, a warning or a notice for each finding, the worst first', () => {
    const [odd, missing] = reports.FINDINGS_REPORT.findings;
    const findings = [odd!, { ...odd!, severity: 'warning' as const, evidence: 'seen\nthere' }, missing!];
    const about = 'hello 2.10-3 (amd64) on debian:13/x86_64';
    expect(annotations(github([{ ...reports.FINDINGS_REPORT, findings }]))).toEqual([
      { kind: 'error', title: `${about}: files/missing`, message: '/usr/bin/hello: is missing' },
      { kind: 'warning', title: `${about}: files/odd`, message: '/etc/x /etc/y: has an odd name\nseen\nthere' },
      { kind: 'notice', title: `${about}: files/odd`, message: '/etc/x /etc/y: has an odd name' },
    ]);
  });

  it.each(Object.entries(reports).filter(([, { verdict }]) => verdict !== 'passed'))(
    'has an error for %s',
    (_name, report) => expect(annotations(github([report]))[0]).toMatchObject({ kind: 'error' }),
  );

  it('tells which system it speaks of, where there are several', () => {
    const titles = annotations(github([reports.SCRIPT_FAILED_REPORT, reports.ERROR_REPORT])).map(({ title }) => title);
    expect(titles).toEqual([
      'hello 2.10-3 (amd64) on debian:12: install_package',
      'hello on debian:12: start_environment',
    ]);
  });

  it('is a notice for a finding that decides nothing, and says why', () => {
    const about = 'hello 2.10-3 (amd64) on debian:12';
    expect(annotations(github([reports.WAIVED_REPORT]))).toEqual([
      {
        kind: 'warning',
        title: `${about}: waivers/unused-waiver`,
        message: expect.stringContaining('files/odd: nothing'),
      },
      { kind: 'notice', title: `${about}: files/missing`, message: 'error, known: /usr/bin/b: is missing' },
      {
        kind: 'notice',
        title: `${about}: files/broken-link`,
        message: 'error, waived until 2026-12-31: the target comes with the kernel: /usr/lib/a: is a broken link',
      },
    ]);
  });

  it('never leaves a failed stage to findings that decide nothing', () => {
    const findings = reports.FINDINGS_REPORT.findings.map((finding) => ({ ...finding, status: 'known' as const }));
    const [first] = annotations(github([{ ...reports.FINDINGS_REPORT, findings }]));
    expect(first).toMatchObject({ kind: 'error', title: expect.stringContaining(': package_integrity_tests') });
  });

  it('says how many findings it left out', () => {
    const findings = Array.from({ length: 5000 }, () => reports.FINDINGS_REPORT.findings[1]!);
    const all = annotations(github([{ ...reports.FINDINGS_REPORT, findings }]));
    expect(all).toHaveLength(51);
    expect(all.at(-1)).toMatchObject({ kind: 'notice', message: 'and 4950 more findings, in report.json' });
  });

  it('lets no text of a package pass for a command or for a property', () => {
    const hostile = '100%,file=x::\r\n::add-mask::a\n::stop-commands::b\u2028::error::c%0A::d';
    const [finding] = reports.FINDINGS_REPORT.findings;
    const report = {
      ...reports.FINDINGS_REPORT,
      package: { ...reports.PASSED_REPORT.package, name: hostile },
      findings: [{ ...finding!, subject: hostile, rule: hostile, message: hostile, evidence: hostile }],
      stages: [],
    };
    const one = '100%,file=x:: ::add-mask::a ::stop-commands::b ::error::c%0A::d';
    const [only, ...others] = annotations(github([report]));
    expect(others).toEqual([]);
    expect(only?.kind).toBe('notice');
    expect(only?.title).toContain(one);
    expect(only?.message).toContain(`${one}: ${one}`);
    expect(only?.message).toContain('\n::stop-commands::b\n');
  });
});
