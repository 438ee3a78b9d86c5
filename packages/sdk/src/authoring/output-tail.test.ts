import { expect, it } from 'vitest';
import { OutputTail } from './output-tail.ts';

function tailOf(limit: number, ...pieces: string[]) {
  const tail = new OutputTail(limit);
  for (const piece of pieces) tail.add(Buffer.from(piece));
  return { text: Buffer.from(tail.bytes).toString(), truncated: tail.truncated };
}

it('keeps all that fits', () => expect(tailOf(6, 'abc', 'def')).toEqual({ text: 'abcdef', truncated: false }));
it('keeps the last bytes', () => expect(tailOf(4, 'abc', 'def')).toEqual({ text: 'cdef', truncated: true }));
it('keeps nothing when it may', () => expect(tailOf(0, 'abc')).toEqual({ text: '', truncated: true }));
it('is empty before anything came', () => expect(tailOf(4)).toEqual({ text: '', truncated: false }));

it('keeps the last bytes of very much', () => {
  const pieces = Array.from({ length: 5000 }, (_, index) => `line ${index}\n`.padStart(100));
  expect(tailOf(10, ...pieces)).toEqual({ text: 'line 4999\n', truncated: true });
});

it('is not changed by who reuses the buffer that was given', () => {
  const tail = new OutputTail(4);
  const piece = Buffer.from('abcd');
  tail.add(piece);
  piece.fill('x');
  expect(Buffer.from(tail.bytes).toString()).toBe('abcd');
});

it('keeps the same as one who joins all and cuts, whatever the sizes', () => {
  for (let limit = 0; limit < 9; limit += 1) {
    const pieces = Array.from({ length: 60 }, (_, at) => String.fromCharCode(97 + (at % 26)).repeat((at * 7) % 13));
    const text = pieces.join('');
    expect(tailOf(limit, ...pieces)).toEqual({ text: limit === 0 ? '' : text.slice(-limit), truncated: true });
  }
});
