import type { UserDelegationKey } from '@azure/storage-blob';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { DelegationKeys } from './delegation-keys.ts';

const HOUR = 3_600_000;
const later = (ms: number) => new Date(Date.now() + ms);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** What an account lends, and how often it is asked; `fails` times it does not answer. */
function lending(fails = 0) {
  const asked: { readonly from: Date; readonly until: Date }[] = [];
  const keys = new DelegationKeys({
    getUserDelegationKey: async (from, until) => {
      asked.push({ from, until });
      if (asked.length <= fails) throw new Error('not now');
      return { value: String(asked.length) } as UserDelegationKey;
    },
  });
  return { keys, asked };
}

it('one is kept until it is too old for what is signed, and all who ask at once get the same', async () => {
  const { keys, asked } = lending();
  await Promise.all([keys.keyUntil(later(HOUR)), keys.keyUntil(later(HOUR))]);
  expect(asked).toHaveLength(1);
  vi.setSystemTime(later(22 * HOUR));
  expect(await keys.keyUntil(later(HOUR))).toMatchObject({ value: '1' });
  vi.setSystemTime(later(HOUR));
  expect(await keys.keyUntil(later(HOUR))).toMatchObject({ value: '2' });
});

it('lasts longer than what is signed with it, and begins before now', async () => {
  const { keys, asked } = lending();
  await keys.keyUntil(later(72 * HOUR));
  expect(asked[0]!.until.getTime()).toBeGreaterThan(later(72 * HOUR).getTime());
  expect(asked[0]!.from.getTime()).toBeLessThan(Date.now());
});

it('lasts no longer than an account lends', async () => {
  const { keys, asked } = lending();
  await keys.keyUntil(later(7 * 24 * HOUR));
  expect(asked[0]!.until).toEqual(later(7 * 24 * HOUR));
});

it('is asked for again when there was none', async () => {
  const { keys } = lending(1);
  await expect(keys.keyUntil(later(HOUR))).rejects.toThrow('not now');
  expect(await keys.keyUntil(later(HOUR))).toMatchObject({ value: '2' });
});
