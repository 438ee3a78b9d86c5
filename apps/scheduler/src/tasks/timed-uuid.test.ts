import { expect, it } from 'vitest';
import { z } from 'zod';
import { timedUuid } from './timed-uuid.ts';

it('makes UUIDs of version 7 that sort by the time at which they were made', () => {
  const made = [0, 1, 1_700_000_000_000, 2 ** 48 - 1].map((at) => timedUuid(at));
  for (const id of made) expect(z.uuidv7().safeParse(id).success, id).toBe(true);
  expect(made.toSorted()).toEqual(made);
  expect(made[2]).toMatch(/^018bcfe5-6800-7/);
});

it('makes none twice in the same millisecond', () => {
  const made = Array.from({ length: 1000 }, () => timedUuid(1));
  expect(new Set(made).size).toBe(1000);
});
