import { describe, expect, it } from 'vitest';
import { TestReport } from '../contracts/report.ts';
import { github } from './github.ts';
import { html } from './html/html.ts';
import { readHtml, textIn } from './html/html-reader.fixture.ts';
import { junit } from './junit.ts';
import { PLAIN } from './palette.ts';
import { PlainProgress } from './plain-progress.ts';
import { reportText } from './report-text.ts';
import { SUITES_REPORT } from './reports.fixture.ts';
import { testLines } from './suite-lines.ts';
import { tap } from './tap.ts';

const [suite] = SUITES_REPORT.suites;
const tests = suite?.tests ?? [];
const [init, bad, flaky, machine, good] = tests;
const locate = () => 'alts-results/task-suites';

describe('the tests of suites', () => {
  it('are in a report that the schema knows', () => {
    expect(TestReport.parse(SUITES_REPORT)).toEqual(SUITES_REPORT);
  });

  it('have a line as they end, and one for each case', () => {
    expect([init, bad, flaky, machine, good].flatMap((test) => (test ? testLines(test, PLAIN) : []))).toEqual([
      '  ✗ 0_init.sh (shell) 0.0s failed: exit 4 (decides nothing)',
      '  ✗ 20_bad.bats (bats) 1.5s failed',
      '      ✗ one and one failed',
      '      - later # <b> todo: not written',
      '      ✓ goes on',
      '      and 2 more cases',
      '  ! 30_flaky.sh (shell) 0.0s flaky: failed at first, passed at attempt 2',
      '  - 40_machine (shell) skipped: it wants a restart',
      '  ✓ 50_good.py (python) 0.0s',
    ]);
  });

  it('are told while they happen', () => {
    let written = '';
    const progress = new PlainProgress({ write: (text: string) => (written += text) }, PLAIN);
    const event = { taskId: 't', sequence: 0, at: SUITES_REPORT.startedAt, suite: 0 };
    if (good) progress.event('debian:12', { ...event, type: 'test-finished', test: good });
    expect(written).toContain('debian:12');
    expect(written).toContain('✓ 50_good.py (python)');
  });

  it('that do not pass are in the text at the end, with their logs', () => {
    const text = reportText(SUITES_REPORT, { palette: PLAIN, locate });
    expect(text).toContain('  tests: 4 of 5 as they should');
    expect(text).toContain('    failed tests/hello: 20_bad.bats');
    expect(text).toContain('      log: alts-results/task-suites/test-1-02-20_bad.bats.log');
    expect(text.join('\n')).not.toContain('50_good');
  });

  it('are testcases of JUnit, or their cases are', () => {
    const xml = junit([SUITES_REPORT]);
    expect(xml).toContain('tests="15" failures="2" errors="0" skipped="3"');
    expect(xml).toMatch(
      /name="tests\/hello: 20_bad.bats: one and one" time="0.000">\n {6}<failure type="tests_failed"/,
    );
    expect(xml).toMatch(/name="tests\/hello: 40_machine" time="0.000">\n {6}<skipped message="skipped: it wants/);
    // Its cases say how it ended.
    expect(xml).not.toContain('name="tests/hello: 20_bad.bats"');
    expect(xml).toContain('name="tests/hello: 0_init.sh" time="0.010"/>');
  });

  it('are test points of TAP', () => {
    const text = tap([SUITES_REPORT]);
    expect(text).toMatch(/^1\.\.15$/m);
    expect(text).toMatch(/^not ok \d+ - tests\/hello: 20_bad.bats: one and one$/m);
    expect(text).toMatch(/^ok \d+ - tests\/hello: 30_flaky.sh$/m);
    expect(text).toMatch(/^ok \d+ - tests\/hello: 40_machine # SKIP skipped: it wants a restart$/m);
  });

  it('that do not pass are annotations of GitHub', () => {
    const lines = github([SUITES_REPORT]).split('\n');
    expect(lines.filter((line) => line.includes('20_bad.bats') && line.includes('tests/hello'))).toHaveLength(1);
    expect(lines.some((line) => line.includes('50_good'))).toBe(false);
  });

  it('are in the page, with their logs', async () => {
    const artifacts = tests.flatMap(({ log }) => (log ? [{ name: log, size: 1, sha256: '0'.repeat(64) }] : []));
    const reader = { tail: async ({ name }: { name: string }) => ({ text: `this is ${name}`, size: 9, cut: false }) };
    const { complaints, all } = readHtml(await html([{ ...SUITES_REPORT, artifacts }], reader));
    expect(complaints).toEqual([]);
    const text = textIn(all('body')[0]!);
    expect(text).toContain('https://git.example/tests.git');
    expect(text).toContain('Installed for it: bats 1.8.2-1');
    expect(text).toContain('one and one');
    expect(text).toContain('this is test-1-02-20_bad.bats.log');
  });
});
