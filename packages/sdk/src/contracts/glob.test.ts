import { expect, it } from 'vitest';
import { matchesGlob } from './glob.ts';

it.each([
  ['/usr/bin/x', '/usr/bin/x'],
  ['/usr/bin/x', '/usr/bin/*'],
  ['/usr/bin/', '/usr/bin/*'],
  ['/usr/bin/x', '/usr/**'],
  ['/usr/bin/x', '**'],
  ['/usr/bin/x', '**/x'],
  ['x', '**/x'],
  ['/usr/x', '/usr/**/x'],
  ['/usr/a/b/x', '/usr/**/x'],
  ['/usr/a/b/x.so.1', '/usr/**/x.so.*'],
  ['/usr/lib/python3/a/b.pyc', '/usr/lib/python?/**.pyc'],
  ['/a/1/b/2/c', '/**b/*/c'],
  ['/usr/bin/[', '/usr/bin/['],
  ['/usr/bin/a.b', '/usr/bin/a.b'],
  ['/usr/bin/*', '/usr/bin/*'],
  ['/usr/💥', '/usr/?'],
  ['/usr/a\nb', '/usr/*'],
  ['', '*'],
  ['', '**'],
])('%j fits %j', (text, pattern) => {
  expect(matchesGlob(text, pattern)).toBe(true);
});

it.each([
  ['/usr/bin/x', '/usr/bin'],
  ['/usr/bin/x', 'x'],
  ['/usr/bin/x', '/usr/*'],
  ['/usr/bin/x', '/usr?bin/x'],
  ['/usr/bin/x', '/usr/bin/?x'],
  ['/usr/aax', '/usr/**/x'],
  ['/usr/a/ax', '/usr/**/x'],
  ['/usr/bin/axb', '/usr/bin/a.b'],
  ['', '?'],
  ['x', ''],
])('%j does not fit %j', (text, pattern) => {
  expect(matchesGlob(text, pattern)).toBe(false);
});

it('no pattern takes more steps than its length times that of the text', () => {
  // As a regular expression this one would not come to its end.
  expect(matchesGlob('a'.repeat(5000), `${'**a*'.repeat(100)}b`)).toBe(false);
});
