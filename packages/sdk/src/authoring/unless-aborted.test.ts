import { expect, it } from 'vitest';
import { unlessAborted } from './unless-aborted.ts';

const never = () => new Promise<string>(() => undefined);

it('is what the work comes to', async () => {
  const { signal } = new AbortController();
  expect(await unlessAborted(Promise.resolve('done'), signal)).toBe('done');
  expect(await unlessAborted(Promise.resolve('done'), undefined)).toBe('done');
  await expect(unlessAborted(Promise.reject(new Error('broke')), signal)).rejects.toThrow('broke');
});

it('is over with the reason of the signal, before the work is, and before it began', async () => {
  const abort = new AbortController();
  const over = unlessAborted(never(), abort.signal);
  abort.abort(new Error('enough'));
  await expect(over).rejects.toThrow('enough');
  await expect(unlessAborted(never(), abort.signal)).rejects.toThrow('enough');
});
