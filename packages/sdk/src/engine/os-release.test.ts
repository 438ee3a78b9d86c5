import { describe, expect, it } from 'vitest';
import { familyOf, parseOsRelease } from './os-release.ts';

describe('os-release', () => {
  it('is read with and without quotes, comments left out', () => {
    const values = parseOsRelease(`# x\nID=debian\nPRETTY_NAME="Debian \\"12\\""\nVERSION_ID='12'\n`);
    expect(Object.fromEntries(values)).toEqual({ ID: 'debian', PRETTY_NAME: 'Debian "12"', VERSION_ID: '12' });
  });

  it('tells the family of a distribution that nobody listed by what it is like', () => {
    expect(familyOf(parseOsRelease('ID=mylinux\nID_LIKE="rhel fedora"'))).toBe('rpm');
    expect(familyOf(parseOsRelease('ID=mylinux\nID_LIKE="ubuntu debian"'))).toBe('deb');
    expect(familyOf(parseOsRelease('ID=arch'))).toBeUndefined();
  });
});
