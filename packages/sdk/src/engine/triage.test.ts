import { describe, expect, it } from 'vitest';
import type { Finding, TestReport } from '../contracts/report.ts';
import type { Waiver } from '../contracts/waivers.ts';
import { baselineOf } from './baseline.ts';
import { type TriageRules, triage } from './triage.ts';
import { waiverFindings } from './waiver-findings.ts';

const broken: Finding = {
  checker: 'files',
  rule: 'broken-link',
  severity: 'error',
  subject: '/usr/lib/x/plugin.so',
  message: 'is a link to nowhere',
};
const tested = { name: 'libx', version: '1.0-1' };
const none: TriageRules = { severities: {}, waivers: [], today: '2026-06-15' };
const judged = (rules: Partial<TriageRules>, finding = broken) =>
  triage(finding, 'package_integrity_tests', tested, { ...none, ...rules });
const waiver = (own: Partial<Waiver>): Waiver => ({ rule: 'files/broken-link', reason: 'we know', ...own });

describe('a finding', () => {
  it('is new when nobody said anything about it', () => {
    expect(judged({})).toEqual({ ...broken, stage: 'package_integrity_tests', status: 'new' });
  });

  it('has the severity that the request gives to its rule, before that for all rules of its checker', () => {
    expect(judged({ severities: { 'files/*': 'info' } }).severity).toBe('info');
    expect(judged({ severities: { 'files/*': 'info', 'files/broken-link': 'warning' } }).severity).toBe('warning');
    expect(judged({ severities: { 'installed/*': 'info', 'files/link-loop': 'info' } }).severity).toBe('error');
  });

  it.each<[string, Partial<Waiver>]>([
    ['its rule', {}],
    ['all rules of its checker', { rule: 'files/*' }],
    ['a pattern of rules', { rule: 'files/broken-????' }],
    ['its path', { path: '/usr/lib/x/plugin.so' }],
    ['a pattern of paths', { path: '/usr/**/*.so' }],
    ['a pattern of packages', { package: 'lib*' }],
  ])('is waived by %s, and says why', (_, own) => {
    expect(judged({ waivers: [waiver(own)] })).toMatchObject({ status: 'waived', waiver: { reason: 'we know' } });
  });

  it.each<[string, Partial<Waiver>]>([
    ['another checker', { rule: 'installed/*' }],
    ['another rule', { rule: 'files/missing-*' }],
    ['another path', { path: '/usr/lib/*' }],
    ['another package', { package: 'liby*' }],
  ])('is not waived by a waiver of %s', (_, own) => {
    expect(judged({ waivers: [waiver(own)] }).status).toBe('new');
  });

  it('is waived on the last day of a waiver, and not on the next', () => {
    const waivers = [waiver({ expires: '2026-06-15' })];
    expect(judged({ waivers })).toMatchObject({ status: 'waived', waiver: { expires: '2026-06-15' } });
    expect(judged({ waivers, today: '2026-06-16' }).status).toBe('new');
  });

  it('is waived by the second waiver when the first has expired', () => {
    const waivers = [waiver({ expires: '2026-01-01' }), waiver({ reason: 'longer' })];
    expect(judged({ waivers }).waiver).toEqual({ reason: 'longer' });
  });

  it('is known when the baseline has it; waived goes before known', () => {
    const baseline = baselineOf({ findings: [broken], package: tested } as unknown as TestReport);
    expect(judged({ baseline }).status).toBe('known');
    expect(judged({ baseline, waivers: [waiver({})] }).status).toBe('waived');
    expect(judged({ baseline }, { ...broken, subject: '/usr/lib/y' }).status).toBe('new');
  });

  it('of a reference decides nothing', () => {
    expect(judged({ isReference: true }).status).toBe('known');
  });
});

describe('after the test', () => {
  const rulesOf = (waivers: Waiver[], findings: Finding[], hasJudged = true) =>
    [...waiverFindings({ ...none, waivers }, tested, findings, () => hasJudged)].map(({ rule, severity }) => [
      rule,
      severity,
    ]);

  it('a waiver that was used needs no word', () => {
    expect(rulesOf([waiver({}), waiver({ rule: 'files/*', expires: '2026-06-15' })], [broken])).toEqual([]);
  });

  it('one for which nothing was found is a warning', () => {
    expect(rulesOf([waiver({ path: '/usr/lib/typo' })], [broken])).toEqual([['unused-waiver', 'warning']]);
  });

  it('one past its date is a warning, whether something was found or not', () => {
    const expired = [waiver({ expires: '2026-06-14' })];
    expect(rulesOf(expired, [broken])).toEqual([['expired-waiver', 'warning']]);
    expect(rulesOf(expired, [])).toEqual([['expired-waiver', 'warning']]);
  });

  it('one for another package is none of this test’s business', () => {
    expect(rulesOf([waiver({ package: 'y' }), waiver({ package: 'y', expires: '2000-01-01' })], [])).toEqual([]);
  });

  it('nobody knows whether one is unused when its checker did not come to its end', () => {
    expect(rulesOf([waiver({})], [], false)).toEqual([]);
  });

  it('names the waiver, its date and its reason', () => {
    const [said] = waiverFindings(
      { ...none, waivers: [waiver({ path: '/x', expires: '2026-01-01' })] },
      tested,
      [],
      () => true,
    );
    expect(said).toMatchObject({
      checker: 'waivers',
      subject: 'files/broken-link /x',
      message: expect.stringContaining('2026-01-01'),
      evidence: 'reason: we know',
      status: 'new',
    });
  });
});
