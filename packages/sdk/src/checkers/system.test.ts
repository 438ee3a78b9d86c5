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
    'system.dependencies': [],
    'system.before': having('a', 'b'),
    'system.now': having('a', 'b', 'x'),
  };
  const judged = (changes: Partial<typeof whole>) => summary(dependencies.check({ ...whole, ...changes }, context));
  it('leaves a system alone that has all it had, and new packages', () => {
    expect(judged({})).toEqual([]);
  });
  it('removed-package', () => {
    expect(judged({ 'system.now': having('b', 'x') })).toEqual(['error removed-package a']);
  });
  it('a package that is not completely installed is said once, and is not removed', () => {
    const broken = [{ name: 'a', problem: 'only half configured' }];
    const changes = { 'system.dependencies': broken, 'system.now': having('b', 'x') };
    expect(judged(changes)).toEqual(['error broken-dependency a']);
  });
  it('broken-dependency; of the package under test where nobody says which', () => {
    const broken = ['a', ''].map((name) => ({ name, problem: 'Depends: c but it is not installed' }));
    expect(judged({ 'system.dependencies': broken })).toEqual([
      'error broken-dependency a',
      'error broken-dependency x',
    ]);
  });
  it('that the package itself is half-configured is said by another checker', () => {
    const broken = [{ name: 'x', problem: 'only half configured' }];
    const half = { ...installed, installed: false };
    expect(judged({ 'system.dependencies': broken, 'package.installed': half })).toEqual([]);
  });
});
