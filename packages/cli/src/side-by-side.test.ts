import { describe, expect, it, vi } from 'vitest';
import { sideBySide } from './side-by-side.ts';

describe('sideBySide', () => {
  it('gives results in the order of the items, whichever ends first', async () => {
    const first = Promise.withResolvers<void>();
    const results = await sideBySide(
      ['a', 'b'],
      2,
      async (item) => {
        if (item === 'a') await first.promise;
        else first.resolve();
        return item.toUpperCase();
      },
      () => {},
    );
    expect(results).toEqual(['A', 'B']);
  });

  it('runs no more at a time than it may', async () => {
    let running = 0;
    let most = 0;
    const task = async (): Promise<void> => {
      running += 1;
      most = Math.max(most, running);
      await Promise.resolve();
      running -= 1;
    };
    await sideBySide([1, 2, 3, 4, 5], 2, task, () => {});
    expect(most).toBe(2);
  });

  it('after a rejection starts nothing more, waits for what runs, then throws the first', async () => {
    const started: number[] = [];
    const slow = Promise.withResolvers<void>();
    const onRejected = vi.fn(() => slow.resolve());
    const task = async (item: number): Promise<void> => {
      started.push(item);
      if (item === 1) throw new Error('first');
      await slow.promise;
    };
    await expect(sideBySide([1, 2, 3], 2, task, onRejected)).rejects.toThrow('first');
    expect(started).toEqual([1, 2]);
    expect(onRejected).toHaveBeenCalledOnce();
  });
});
