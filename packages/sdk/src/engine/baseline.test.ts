import { describe, expect, it } from 'vitest';
import type { Finding, ReportedFinding, TestReport } from '../contracts/report.ts';
import { baselineOf, compareWith, isKnown, withoutVersion } from './baseline.ts';

const found = (subject: string, own: Partial<ReportedFinding> = {}): ReportedFinding => ({
  checker: 'files',
  rule: 'broken-link',
  severity: 'error',
  subject,
  message: `${subject} is bad`,
  stage: 'package_integrity_tests',
  status: 'new',
  ...own,
});
const reference = (version: string, ...findings: ReportedFinding[]) =>
  baselineOf({
    taskId: 'old',
    startedAt: '2026-01-02T03:04:05.678Z',
    package: { name: 'x', version, architecture: null, origin: null, sha256: null },
    findings,
  } as unknown as TestReport);

describe('the version in a subject', () => {
  it.each([
    ['/usr/share/doc/x-1.2/README', '1.2', true],
    ['/usr/lib/libx.so.1.2', '1.2', true],
    ['/usr/src/x-1:2.10-3/y', '1:2.10-3', true],
    ['/usr/src/x-2.10-3/y', '1:2.10-3', true],
    ['/usr/src/x-2.10/y', '1:2.10-3', true],
    ['/usr/src/x-2.10+dfsg/y', '2.10-3', true],
    ['/usr/lib/x11.2', '1.2', false],
    ['/usr/lib/x-1.2.1', '1.2', false],
    ['/usr/lib/x-3.1.2', '1.2', false],
    ['/usr/lib/x-1a2', '1.2', false],
    ['/usr/lib/x', '1.2', false],
  ])('of %s, tested as %s, is recognised: %s', (subject, version, recognised) => {
    expect(withoutVersion(subject, version) !== subject).toBe(recognised);
  });

  it('is left alone when nobody knows it', () => {
    expect(withoutVersion('/usr/x-1.2', null)).toBe('/usr/x-1.2');
  });
});

describe('a finding is known', () => {
  const known = (old: Finding, now: Finding) =>
    isKnown(now, '1.3-1', reference('1.2-1', { ...old, stage: 'uninstall_package', status: 'new' }));

  it('by checker, rule and subject, whatever the stage, the message, the evidence and the severity', () => {
    const now = found('/a', { message: 'other', evidence: 'other', severity: 'warning' });
    expect(known(found('/a'), now)).toBe(true);
  });

  it.each([
    ['another subject', found('/b')],
    ['another rule', found('/a', { rule: 'link-loop' })],
    ['another checker', found('/a', { checker: 'other' })],
  ])('but not with %s', (_, now) => expect(known(found('/a'), now)).toBe(false));

  it('when the subject differs by the version of the package alone', () => {
    expect(known(found('/usr/share/doc/x-1.2/a'), found('/usr/share/doc/x-1.3/a'))).toBe(true);
    expect(known(found('/usr/share/doc/x-1.2/a'), found('/usr/share/doc/x-1.3/b'))).toBe(false);
  });

  it('when a subject that happens to hold the old version stayed as it was', () => {
    expect(known(found('/usr/lib/liby.so.1.2'), found('/usr/lib/liby.so.1.2'))).toBe(true);
  });

  it('however often the reference has it', () => {
    const baseline = reference('1', found('/a'));
    const twice = [found('/a'), found('/a', { stage: 'uninstall_package' })];
    expect(twice.map((one) => isKnown(one, '2', baseline))).toEqual([true, true]);
  });
});

it('findings that are not listed are never known: they cannot be compared', () => {
  const more = found('x', { rule: 'too-many-findings' });
  expect(isKnown(more, '1.2', reference('1.2', more))).toBe(false);
});

describe('what is fixed', () => {
  const fixed = (old: ReportedFinding[], now: Finding[], judged: (checker: string) => boolean = () => true) =>
    compareWith(reference('1.2', ...old), { findings: now, version: '1.3' }, judged).fixed;

  it('is what the reference has and this test has not, once', () => {
    const old = [found('/a'), found('/b'), found('/b', { stage: 'uninstall_package' }), found('/x-1.2')];
    expect(fixed(old, [found('/a'), found('/c'), found('/x-1.3')]).map(({ subject }) => subject)).toEqual(['/b']);
  });

  it('has no status: it is no finding of this test', () => {
    const waived = found('/a', { status: 'waived', waiver: { reason: 'x' } });
    const { status: _, ...bare } = found('/a');
    expect(fixed([waived], [])).toEqual([bare]);
  });

  it('is nothing that nobody looked for in this test', () => {
    expect(fixed([found('/a')], [], () => false)).toEqual([]);
  });

  it('is no waiver that is gone', () => {
    expect(fixed([found('files/x', { checker: 'waivers', rule: 'unused-waiver' })], [])).toEqual([]);
  });

  it('comes with what the test was compared with', () => {
    const section = compareWith(reference('1.2'), { findings: [], version: '1.3' }, () => true);
    expect(section).toMatchObject({ taskId: 'old', package: { name: 'x', version: '1.2' } });
  });
});
