/** Parameters of one statement are limited in every database. */
const MOST = 256;

/**
 * The items in pieces of 256, 128 … 2, 1, the large ones first. A statement of many rows is another one for each number of
 * rows, and databases keep what they have prepared: this way there are nine, not hundreds.
 */
export function* pieces<T>(items: readonly T[]): Generator<readonly T[]> {
  let at = 0;
  for (let size = MOST; size >= 1; size /= 2) {
    for (; items.length - at >= size; at += size) yield items.slice(at, at + size);
  }
}
