import { describe, expect, it } from 'vitest';
import { wantsColour } from './output.ts';

const stream = (isTTY: boolean, hasColors = true) => ({ isTTY, hasColors: () => hasColors }) as NodeJS.WriteStream;

describe('colours', () => {
  it.each([
    [true, {}, true],
    [false, {}, false],
    [true, { NO_COLOR: '1' }, false],
    [true, { NO_COLOR: '' }, true],
    [false, { FORCE_COLOR: '1' }, true],
    [true, { FORCE_COLOR: '0' }, false],
    [true, { FORCE_COLOR: '1', NO_COLOR: '1' }, true],
  ])('terminal %s, environment %j: %s', (isTTY, env, wanted) => expect(wantsColour(stream(isTTY), env)).toBe(wanted));

  it('are not for a terminal that has none', () => expect(wantsColour(stream(true, false), {})).toBe(false));
});
