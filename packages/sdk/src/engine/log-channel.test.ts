import { describe, expect, it } from 'vitest';
import { LogChannel } from './log-channel.ts';

const megabyte = Buffer.alloc(1024 * 1024, 'x');

describe('a log channel', () => {
  it('brings everything across in order and ends', async () => {
    const channel = new LogChannel();
    const written = (async () => {
      for (let i = 0; i < 100; i += 1) await channel.write(Buffer.from(`${i},`));
      channel.close();
    })();
    let text = '';
    for await (const piece of channel) text += Buffer.from(piece).toString();
    await written;
    expect(text).toBe(Array.from({ length: 100 }, (_, i) => `${i},`).join(''));
  });

  it('makes the writer wait for a slow reader', async () => {
    const channel = new LogChannel();
    await channel.write(megabyte);
    let resolved = false;
    const second = channel.write(megabyte).then(() => {
      resolved = true;
    });
    await new Promise(setImmediate);
    expect(resolved).toBe(false);
    await channel[Symbol.asyncIterator]().next();
    await second;
    expect(resolved).toBe(true);
  });

  it('lets the writer go on when the reader has left', async () => {
    const channel = new LogChannel();
    await channel.write(Buffer.from('x'));
    for await (const _ of channel) break;
    for (let i = 0; i < 5; i += 1) await channel.write(megabyte);
  });
});
