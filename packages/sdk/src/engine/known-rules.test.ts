import { describe, expect, it } from 'vitest';
import type { Checker } from '../contracts/checker.ts';
import { assertKnownRules } from './known-rules.ts';

const rule = (id: string) => ({ id, severity: 'error', summary: '', why: '', fix: '', source: '' }) as const;
const checker = (id: string, ...rules: string[]): Checker => ({
  contract: 'checker/1',
  id,
  rules: rules.map(rule),
  needs: [],
  check: () => [],
});
const checkers = [checker('files', 'missing-file', 'broken-link', 'link-loop'), checker('installed', 'wrong-version')];

const waived = (...rules: string[]) => ({ severities: {}, waivers: rules.map((one) => ({ rule: one, reason: 'x' })) });
const changed = (key: string) => ({ severities: { [key]: 'info' } as const, waivers: [] });

describe('rules that a request names', () => {
  it.each([['files/broken-link'], ['files/*'], ['files/*-link'], ['files/link-????'], ['installed/too-many-findings']])(
    '%s is known',
    (name) => expect(() => assertKnownRules(waived(name), checkers)).not.toThrow(),
  );

  it.each([
    [
      waived('files/*', 'files/brokenlink'),
      'waivers.1.rule: unknown rule in "files/brokenlink"',
      '"files/broken-link"',
    ],
    [waived('file/broken-link'), 'waivers.0.rule: unknown checker in "file/broken-link"', '"files/broken-link"'],
    [waived('files/dead-*'), 'waivers.0.rule: unknown rule in "files/dead-*"', '"files/'],
    [waived('constructor/x'), 'waivers.0.rule: unknown checker', '"'],
    [changed('files/missing'), 'severities: unknown rule in "files/missing"', '"files/missing-file"'],
    [changed('install/*'), 'severities: unknown checker in "install/*"', '"installed/*"'],
  ])('%j is refused with the field, the value and the nearest right one', (request, start, near) => {
    const refused = expect.objectContaining({ code: 'invalid_request' });
    expect(() => assertKnownRules(request, checkers)).toThrow(refused);
    expect(() => assertKnownRules(request, checkers)).toThrow(start);
    expect(() => assertKnownRules(request, checkers)).toThrow(`did you mean ${near}`);
  });
});
