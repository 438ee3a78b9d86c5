import { describe, expect, it, vi } from 'vitest';
import { AltsError, serializeError } from './errors.ts';

describe('AltsError', () => {
  it('is known across two copies of the package', async () => {
    vi.resetModules();
    const copy = await import('./errors.ts');
    const foreign = new copy.AltsError('disk_full', 'no space');
    expect(foreign).not.toBeInstanceOf(AltsError);
    expect(AltsError.is(foreign)).toBe(true);
  });

  it('keeps what it is made from when that is ours already', () => {
    const error = new AltsError('environment_lost', 'gone');
    expect(AltsError.from(error)).toBe(error);
    expect(AltsError.from(new TypeError('x')).code).toBe('internal');
  });

  it('is written with the messages of its causes, and ends for causes that go in a circle', () => {
    const cause = new Error('inner');
    cause.cause = cause;
    const written = serializeError(new AltsError('internal', 'outer', { cause }));
    expect(written).toMatchObject({ code: 'internal', message: 'outer' });
    expect(written.causes?.length).toBeLessThan(20);
  });
});
