import { AltsError } from '@alts/sdk/plugin';
import { describe, expect, it } from 'vitest';
import { GroupCommit } from './group-commit.ts';

/** Commits that are answered when the test says so, and what each of them has. */
function commits(answer: (items: readonly number[]) => Promise<void> = async () => undefined) {
  const seen: (readonly number[])[] = [];
  const group = new GroupCommit<number>((items) => {
    seen.push(items);
    return answer(items);
  });
  return { group, seen };
}

describe('what is committed together', () => {
  it('is what came in one turn, and then what came meanwhile', async () => {
    const first = Promise.withResolvers<void>();
    const { group, seen } = commits(() => first.promise);
    const early = [group.add([1]), group.add([2])];
    await expect.poll(() => seen.length).toBe(1);
    const late = [group.add([3]), group.add([4, 5])];
    first.resolve();
    await Promise.all([...early, ...late]);
    expect(seen).toEqual([
      [1, 2],
      [3, 4, 5],
    ]);
  });

  it('has at most 500, but for more that came together', async () => {
    const { group, seen } = commits();
    const many = Array.from({ length: 600 }, (_, at) => at);
    await Promise.all([group.add(many), ...many.map((each) => group.add([each]))]);
    expect(seen.map(({ length }) => length)).toEqual([600, 500, 100]);
  });
});

describe('what is refused', () => {
  it('is refused alone: the others of its commit are not', async () => {
    const spoilt = new Error('UNIQUE constraint failed');
    const { group, seen } = commits(async (items) => {
      if (items.includes(2)) throw spoilt;
    });
    const settled = await Promise.allSettled([group.add([1]), group.add([2, 3]), group.add([4])]);
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(seen).toEqual([[1, 2, 3, 4], [1], [2, 3], [4]]);
  });

  it('is all of a commit where the table is not there: it is asked once, for that may take long', async () => {
    const away = new AltsError('store_unavailable', 'the task table refuses');
    const { group, seen } = commits(() => Promise.reject(away));
    const settled = await Promise.allSettled([group.add([1]), group.add([2]), group.add([3])]);
    expect(settled).toEqual(Array(3).fill({ status: 'rejected', reason: away }));
    expect(seen).toHaveLength(1);
  });

  it('keeps nothing from being committed after it', async () => {
    const { group, seen } = commits(async (items) => {
      if (items.includes(1)) throw new Error('no');
    });
    await expect(group.add([1])).rejects.toThrow('no');
    await group.add([2]);
    expect(seen).toEqual([[1], [2]]);
  });
});
