import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { readToMark } from './marked-stream.ts';

const mark = '\x1ealts-1234';

async function read(pieces: readonly string[]) {
  let text = '';
  let started = 0;
  const end = await readToMark(Readable.from(pieces.map((piece) => Buffer.from(piece))), {
    mark,
    onStart: () => {
      started += 1;
    },
    take: async (bytes) => {
      text += Buffer.from(bytes).toString();
    },
  });
  return { text, started, end };
}

describe('a stream with marks', () => {
  const whole = `${mark}:start:0\nsome\x1eoutput\x1ealts-12${mark}:signal:137\nfrom a daemon`;

  it.each(Array.from({ length: whole.length - 1 }, (_, index) => index + 1))(
    'is read right when it is cut at %i',
    async (at) => {
      expect(await read([whole.slice(0, at), whole.slice(at)])).toEqual({
        text: 'some\x1eoutput\x1ealts-12',
        started: 1,
        end: { how: 'signal', code: 137 },
      });
    },
  );

  it('is read right byte by byte', async () => {
    expect(await read([...whole])).toMatchObject({ text: 'some\x1eoutput\x1ealts-12', end: { code: 137 } });
  });

  it('is output to its end when the mark does not come', async () => {
    expect(await read(['abc', 'def\x1ealts'])).toEqual({ text: 'abcdef\x1ealts', started: 0, end: undefined });
  });

  it('takes a mark with anything else after it for output', async () => {
    const text = `${mark} and much more than a mark has`;
    expect(await read([text, text])).toEqual({ text: text + text, started: 0, end: undefined });
  });
});
