import { describe, expect, it } from 'vitest';
import type { CheckContext, Facts } from '../contracts/facts.ts';
import type { Finding } from '../contracts/report.ts';
import { conflicts } from './conflicts.ts';
import { dependencies } from './dependencies.ts';
import { EMPTY } from './snapshot.fixture.ts';

const context: CheckContext = { phase: 'installed', package: { name: 'x' } };
const summary = (findings: Iterable<Finding>) =>
  [...findings].map(({ rule, severity, subject }) => `${severity} ${rule} ${subject}`);

describe('conflicts', () => {
  const judged = (changes: Partial<Facts['package.shared-paths']>) =>
    summary(
      conflicts.check({ 'package.shared-paths': { shared: [], diversions: [], replaces: [], ...changes } }, context),
    );
  it('leaves a package alone that shares and diverts nothing, whatever it says it replaces', () => {
    expect(judged({ replaces: ['a'] })).toEqual([]);
  });
  it('overwrites: an error, unless the package replaces every other owner', () => {
    const shared = [{ path: '/a', owners: ['y', 'z'] }];
    expect(judged({ shared })).toEqual(['error overwrites /a']);
    expect(judged({ shared, replaces: ['y'] })).toEqual(['error overwrites /a']);
    expect(judged({ shared, replaces: ['y', 'z'] })).toEqual(['info overwrites /a']);
  });
  it('diverts', () => {
    expect(judged({ diversions: [{ path: '/bin/sh', to: '/bin/sh.distrib', by: 'x' }] })).toEqual([
      'info diverts /bin/sh',
    ]);
  });
});

describe('dependencies', () => {
  const having = (...names: string[]) => ({ ...EMPTY, packages: new Map(names.map((name) => [name, '1 all'])) });
  const installed: Facts['package.installed'] = {
    name: 'x',
    version: '1',
    architecture: 'all',
    status: 'install ok installed',
    installed: true,
    essential: false,
  };
  const whole: Parameters<typeof dependencies.check>[0] = {
    'package.installed': installed,
    'package.shared-paths': { shared: [], diversions: [], replaces: [] },
    'system.dependencies': [],
    'system.before': having('a', 'b'),
    'system.now': having('a', 'b', 'x'),
  };
  const judged = (changes: Partial<typeof whole>, more: Partial<CheckContext> = {}) =>
    summary(dependencies.check({ ...whole, ...changes }, { ...context, ...more }));
  it('leaves a system alone that has all it had, and new packages', () => {
    expect(judged({})).toEqual([]);
  });
  it('removed-package', () => {
    expect(judged({ 'system.now': having('b', 'x') })).toEqual(['error removed-package a']);
    const allow = { downgrade: true, erasing: false };
    expect(judged({ 'system.now': having('b', 'x') }, { allow })).toEqual(['error removed-package a']);
  });
  it('is mild with what the request allows to be removed, and with what the package replaces', () => {
    const allow = { downgrade: false, erasing: true };
    expect(judged({ 'system.now': having('b', 'x') }, { allow })).toEqual(['info removed-package a']);
    const replaces = { shared: [], diversions: [], replaces: ['a'] };
    expect(judged({ 'system.now': having('x'), 'package.shared-paths': replaces })).toEqual([
      'info removed-package a',
      'error removed-package b',
    ]);
  });
  it('a package that is not completely installed is said once, and is not removed', () => {
    const broken = [{ name: 'a', problem: 'only half configured' }];
    const changes = { 'system.dependencies': broken, 'system.now': having('b', 'x') };
    expect(judged(changes)).toEqual(['error broken-dependency a']);
  });
  const unmet = (...names: string[]) => names.map((name) => ({ name, problem: 'Depends: b but it is not installed' }));
  it('broken-dependency; of the package under test where nobody says which', () => {
    const changes = { 'system.dependencies': unmet('a', 'x', ''), 'system.now': having('a', 'x') };
    expect(judged(changes)).toEqual([
      'error broken-dependency a',
      'error broken-dependency x',
      'error broken-dependency x',
      'error removed-package b',
    ]);
  });
  it('another package that came with it', () => {
    const changes = { 'system.dependencies': unmet('y'), 'system.now': having('a', 'b', 'x', 'y') };
    expect(judged(changes)).toEqual(['error broken-dependency y']);
  });
  it('leaves alone what was not met before, when nothing that was there has changed', () => {
    expect(judged({ 'system.dependencies': unmet('a') })).toEqual([]);
  });
  it('that the package itself is half-configured is said by another checker', () => {
    const broken = [{ name: 'x', problem: 'only half configured' }];
    const half = { ...installed, installed: false };
    expect(judged({ 'system.dependencies': broken, 'package.installed': half })).toEqual([]);
  });
});
