import { describe, expect, it } from 'vitest';
import { AltsError } from '../contracts/errors.ts';
import type { ResultStore } from '../contracts/result-store.ts';
import { artifactReader } from './artifact-reader.ts';

const key = { taskId: 'task-1', name: 'install_package.log' };

function reading(...chunks: (string | Uint8Array | AltsError)[]) {
  const get: ResultStore['get'] = async function* () {
    for (const chunk of chunks) {
      if (AltsError.is(chunk)) throw chunk;
      yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    }
  };
  return artifactReader({ contract: 'result-store/1', get } as ResultStore);
}

describe('the end of an artifact', () => {
  it('is all of it where that fits, across chunks', async () => {
    expect(await reading('one\nt', 'wo\n').tail(key, 8)).toEqual({ text: 'one\ntwo\n', size: 8, cut: false });
    expect(await reading().tail(key, 8)).toEqual({ text: '', size: 0, cut: false });
  });

  it('begins with a whole line where there is more', async () => {
    expect(await reading('one\ntwo\nthree\n').tail(key, 8)).toEqual({ text: 'three\n', size: 14, cut: true });
  });

  it('is the last bytes of a line without end', async () => {
    expect(await reading('x'.repeat(100), 'yyy').tail(key, 5)).toEqual({ text: 'xxyyy', size: 103, cut: true });
  });

  it('keeps a bounded part of an artifact of any length', async () => {
    const chunk = Buffer.from(`${'x'.repeat(65_535)}\n`);
    const many = Array.from({ length: 800 }, () => chunk);
    const tail = await reading(...many, 'the end').tail(key, 70_000);
    expect(tail).toEqual({ text: `${chunk.toString()}the end`, size: 800 * 65_536 + 7, cut: true });
  });

  it('is text, whatever the bytes are', async () => {
    expect(await reading(Uint8Array.of(0x61, 0xff, 0xc3)).tail(key, 8)).toMatchObject({ text: 'a\ufffd\ufffd' });
  });

  it('is a sentence where it cannot be read', async () => {
    const gone = new AltsError('artifact_not_found', 'no artifact install_package.log of task task-1');
    expect(await reading('some', gone).tail(key, 8)).toEqual({ problem: gone.message });
  });
});
