import { expect, it } from 'vitest';
import { retryConflicts } from './retry-conflicts.ts';

/** Fails with those, one after the other, and then succeeds. */
function failing(...codes: readonly string[]) {
  let tries = 0;
  const work = async () => {
    tries += 1;
    const code = codes[tries - 1];
    if (code !== undefined) throw Object.assign(new Error(`failed with ${code}`), { code });
    return tries;
  };
  return { work, tries: () => tries };
}

it('does again what was given up for another’s sake', async () => {
  expect(await retryConflicts(failing('40P01', '40001').work)).toBe(3);
});

it('does nothing else again', async () => {
  const { work, tries } = failing('23505');
  await expect(retryConflicts(work)).rejects.toThrow('failed with 23505');
  expect(tries()).toBe(1);
});

it('gives up at last', async () => {
  const { work, tries } = failing(...Array.from({ length: 20 }, () => '40P01'));
  await expect(retryConflicts(work)).rejects.toThrow('failed with 40P01');
  expect(tries()).toBe(6);
});
