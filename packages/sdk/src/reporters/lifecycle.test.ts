import { describe, expect, it } from 'vitest';
import type { StageResult, TestReport } from '../contracts/report.ts';
import { html } from './html/html.ts';
import { junit } from './junit.ts';
import { PLAIN } from './palette.ts';
import { reportText } from './report-text.ts';
import { PASSED_REPORT } from './reports.fixture.ts';
import { stageLine } from './stage-line.ts';
import { tap } from './tap.ts';

const stage = (name: StageResult['name'], more: Partial<StageResult> = {}): StageResult => ({
  name,
  startedAt: PASSED_REPORT.startedAt,
  durationMs: 1200,
  log: `${name}.log`,
  status: 'passed',
  ...(more as object),
});
const upgrade = stage('upgrade_package', { versions: { from: '1.0', to: '2.0\u001b[2J' } });
const removal = stage('uninstall_package', { alsoRemoved: ['hello-plugin', 'hello-doc'] });
const again = stage('uninstall_package', { log: 'uninstall_package-2.log' });
const report: TestReport = { ...PASSED_REPORT, stages: [upgrade, removal, again] };

describe('what a step of a life cycle says of itself', () => {
  it('is in the line of the stage, made safe', () => {
    expect(stageLine(upgrade, PLAIN)).toBe('✓ upgrade_package 1.2s, from 1.0 to 2.0');
    expect(stageLine(removal, PLAIN)).toBe('✓ uninstall_package 1.2s, also removed: hello-plugin, hello-doc');
  });

  it('is in the text at the end', () => {
    expect(reportText(report, { palette: PLAIN, locate: (id) => id })).toEqual([
      expect.stringContaining('passed'),
      '  upgrade_package: from 1.0 to 2.0',
      '  uninstall_package: also removed: hello-plugin, hello-doc',
      expect.stringContaining('results'),
    ]);
  });

  it('is in JUnit, in which a stage that is there twice has two names', () => {
    const xml = junit([report]);
    expect(xml).toContain('upgrade_package: from 1.0 to 2.0');
    expect(xml).toContain('uninstall_package: also removed: hello-plugin, hello-doc');
    expect([...xml.matchAll(/<testcase [^>]* name="(\S+)"/g)].map(([, name]) => name)).toEqual([
      'upgrade_package',
      'uninstall_package',
      'uninstall_package-2',
    ]);
  });

  it('is in TAP', () => {
    expect(tap([report])).toContain('facts:\n    - "from 1.0 to 2.0"');
    expect(tap([report])).toContain('ok 3 - uninstall_package-2');
  });

  it('is in the page', async () => {
    const page = await html([report], { tail: async () => ({ text: '', size: 0, cut: false }) });
    expect(page).toContain('<p>from 1.0 to 2.0</p>');
    expect(page).toContain('<p>also removed: hello-plugin, hello-doc</p>');
  });
});
