import { describe, expect, it } from 'vitest';
import { assertKnownSystem, knownFamily } from './distributions.ts';

describe('systems', () => {
  it.each([
    ['debian', '12', 'deb'],
    ['debian', 'bookworm', 'deb'],
    ['ubuntu', '24.04', 'deb'],
    ['almalinux', '9', 'rpm'],
    ['almalinux', '9.4', 'rpm'],
    ['almalinux', '10-kitten', 'rpm'],
    ['centos', 'stream10', 'rpm'],
    ['fedora', '44', 'rpm'],
  ])('%s:%s is known, of family %s', (distribution, version, family) => {
    assertKnownSystem({ distribution, version });
    expect(knownFamily(distribution)).toBe(family);
  });

  it.each([
    ['nosuch', '1', /unknown distribution "nosuch"; known are .*debian/],
    ['debian', '99', /unknown version "99" of debian; try/],
    ['constructor', '1', /unknown distribution/],
  ])('%s:%s is refused with what would be right', (distribution, version, message) => {
    expect(() => assertKnownSystem({ distribution, version })).toThrow(message);
  });
});
