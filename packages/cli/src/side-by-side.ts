/**
 * Runs a task for each item, some side by side, and gives the results in the order of the items. After a rejection
 * nothing new is started; those under way are waited for, so that they can clean up.
 * @param onRejected told of the first rejection, to hurry the others
 * @throws the first rejection
 */
export async function sideBySide<Item, Result>(
  items: readonly Item[],
  limit: number,
  task: (item: Item, index: number) => Promise<Result>,
  onRejected: () => void,
): Promise<Result[]> {
  const results: Result[] = [];
  const rejections: unknown[] = [];
  const queue = items.entries();
  const work = async (): Promise<void> => {
    for (const [index, item] of queue) {
      if (rejections.length > 0) return;
      try {
        results[index] = await task(item, index);
      } catch (error) {
        rejections.push(error);
        onRejected();
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, work));
  if (rejections.length > 0) throw rejections[0];
  return results;
}
