import { describe, expect, it } from 'vitest';
import { parseLifecycle } from './parse-lifecycle.ts';

describe('--lifecycle', () => {
  it('is steps with commas between them, with versions where there are any', () => {
    expect(parseLifecycle('install,upgrade=1:1.0-1,upgrade,downgrade=0.9,remove,purge,install-again')).toEqual([
      'install',
      { step: 'upgrade', from: '1:1.0-1' },
      'upgrade',
      { step: 'downgrade', to: '0.9' },
      'remove',
      'purge',
      'install-again',
    ]);
  });

  it.each([
    ['instal', 'unknown step "instal"; known are install, reinstall'],
    ['', 'unknown step ""'],
    ['install, remove', 'unknown step " remove"'],
    ['install=1.0', '"install=1.0": a version is understood after upgrade and downgrade'],
  ])('refuses %j', (text, message) => {
    expect(() => parseLifecycle(text)).toThrow(`--lifecycle: ${message}`);
  });
});
