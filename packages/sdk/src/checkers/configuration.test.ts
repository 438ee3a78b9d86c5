import { describe, expect, it } from 'vitest';
import type { ChangedConfiguration } from '../contracts/facts.ts';
import { configuration } from './configuration.ts';

const path = '/etc/x.conf';

function judge(file: Omit<ChangedConfiguration, 'path'>) {
  const facts = { 'package.configuration': [{ path, ...file }] };
  return [...configuration.check(facts, { phase: 'upgraded', package: { name: 'x' } })];
}

describe('configuration', () => {
  it.each([
    ['is what it was', { keptAs: path, present: true }],
    ['got another name, and what the person wrote is in it', { keptAs: '/etc/y.conf', present: false }],
    [
      'is no longer of the package, and is kept: dpkg-maintscript-helper(1)',
      { keptAs: `${path}.dpkg-bak`, present: false },
    ],
    ['is no longer of the package, and is kept: rpm', { keptAs: `${path}.rpmsave`, present: false }],
  ])('says nothing of a file that %s', (_, file) => expect(judge(file)).toEqual([]));

  it.each([
    ['change-lost', 'error', 'replaced', { present: true }],
    ['file-lost', 'error', 'removed', { present: false }],
    ['change-aside', 'info', 'replaced while the old one is kept', { present: true, keptAs: `${path}.rpmsave` }],
  ] as const)('%s: %s of a file that was %s', (rule, severity, _, file) => {
    expect(judge(file)).toMatchObject([{ checker: 'configuration', rule, severity, subject: path }]);
  });

  it('judges upgrades alone', () => expect(configuration.phases).toEqual(['upgraded']));
});
