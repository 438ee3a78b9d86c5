import { expect, it } from 'vitest';
import { MarkedParts } from './marked-parts.ts';

const stream = Buffer.from('one\nMARK:0\nMAMARK:x MARMARK:127\nMARK:1\nlast');

it.each([1, 2, 3, 5, 100])('splits a stream that comes %i bytes at a time', (size) => {
  const parts = new MarkedParts('MARK');
  const seen: string[] = [];
  for (let at = 0; at < stream.length; at += size) {
    for (const { index, piece, code } of parts.push(stream.subarray(at, at + size))) {
      seen[index] = (seen[index] ?? '') + (code === undefined ? Buffer.from(piece).toString() : `[${code}]`);
    }
  }
  expect(seen).toEqual(['one\n[0]', 'MAMARK:x MAR[127]', '[1]', 'last']);
});
