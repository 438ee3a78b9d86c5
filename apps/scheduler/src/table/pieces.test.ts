import { expect, it } from 'vitest';
import { pieces } from './pieces.ts';

const sizes = (count: number) => [...pieces(Array.from({ length: count }, (_, at) => at))].map(({ length }) => length);

it('makes pieces of powers of two, the large ones first', () => {
  expect([sizes(0), sizes(1), sizes(7), sizes(64), sizes(600)]).toEqual([
    [],
    [1],
    [4, 2, 1],
    [64],
    [256, 256, 64, 16, 8],
  ]);
});

it('has every item once, in its order', () => {
  const items = Array.from({ length: 1000 }, (_, at) => at);
  expect([...pieces(items)].flat()).toEqual(items);
});
