import { describe, expect, it } from 'vitest';
import { demux } from './demux.ts';

function frame(type: number, text: string): Buffer {
  const header = Buffer.alloc(8);
  header[0] = type;
  header.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([header, Buffer.from(text)]);
}

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

describe('the stream of an engine', () => {
  it.each([1, 3, 8, 9, 1000])('is split into its two streams when it comes in pieces of %i bytes', async (size) => {
    const whole = Buffer.concat([frame(1, 'out'), frame(2, 'err'), frame(1, ''), frame(1, 'put')]);
    const seen = { stdout: '', stderr: '' };
    for await (const { stream, bytes } of demux(inPieces(whole, size))) seen[stream] += bytes;
    expect(seen).toEqual({ stdout: 'output', stderr: 'err' });
  });

  it('is read no further than it is asked for', async () => {
    let read = 0;
    async function* source(): AsyncGenerator<Buffer> {
      for (; read < 100; read += 1) yield frame(1, 'x');
    }
    for await (const _ of demux(source())) break;
    expect(read).toBeLessThan(2);
  });
});
