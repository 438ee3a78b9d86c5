import { describe, expect, it } from 'vitest';
import type { SystemFile } from '../contracts/snapshot.ts';
import { placeOf, placesIn } from './path-lookup.ts';

const entry = (target?: string) => ({ type: target ? 'link' : 'directory', target }) as unknown as SystemFile;
const files = new Map(
  Object.entries({
    '/usr': entry(),
    '/usr/bin': entry(),
    '/bin': entry('usr/bin'),
    '/usr/share': entry(),
    '/up': entry('/'),
  }),
);

describe('the place of a path', () => {
  it.each([
    ['/bin/x', '/usr/bin/x'],
    ['/usr/bin/x', '/usr/bin/x'],
    ['/usr/share/../bin/x', '/usr/bin/x'],
    ['/up/x', '/x'],
    ['/up/bin/x', '/usr/bin/x'],
    ['/bin', '/bin'],
    ['/bin/', '/bin'],
    ['/.', '/'],
    ['/', '/'],
    ['/nowhere/at/all', '/nowhere/at/all'],
    ['/usr//bin/x', '/usr/bin/x'],
  ])('of %s is %s, one by one or many at once', (path, place) => {
    expect(placeOf(path, files)).toBe(place);
    const many = placesIn(files);
    expect([many(path), many(path)]).toEqual([place, place]);
  });
});
