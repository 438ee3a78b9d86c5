import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { OutputChunk } from '@alts/sdk/plugin';
import { pieces, within } from '../expectations.ts';
import { type RunnerCase, shell } from './bench.ts';

/** seq(1) up to here prints 20 MB. */
const LAST_NUMBER = 2_700_000;

function digestOfNumbers(): string {
  const hash = createHash('sha256');
  for (let start = 1; start <= LAST_NUMBER; start += 10_000) {
    const lines = Array.from({ length: Math.min(10_000, LAST_NUMBER - start + 1) }, (_, index) => `${start + index}\n`);
    hash.update(lines.join(''));
  }
  return hash.digest('hex');
}

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();

export const execOutputCases: readonly RunnerCase[] = [
  {
    name: 'keeps stdout and stderr apart, in the result and in the chunks',
    run: async (bench) => {
      const environment = await bench.shared();
      const chunks: Record<OutputChunk['stream'], string> = { stdout: '', stderr: '' };
      const onOutput = ({ stream, bytes }: OutputChunk) => {
        chunks[stream] += text(bytes);
      };
      const result = await environment.exec(['sh', '-c', 'echo out; echo err >&2; echo out2'], { onOutput });
      assert.deepEqual(chunks, { stdout: 'out\nout2\n', stderr: 'err\n' });
      assert.deepEqual([text(result.stdout), text(result.stderr)], ['out\nout2\n', 'err\n']);
      assert.equal(result.truncated, false);
    },
  },
  {
    name: 'brings output while the command runs',
    run: async (bench) => {
      const environment = await bench.shared();
      const [path, seen] = [bench.path(), Promise.withResolvers<void>()];
      const waiting = 'echo early; until [ -e "$1" ]; do sleep 0.05; done';
      const running = environment.exec(['sh', '-c', waiting, 'sh', path], { onOutput: () => seen.resolve() });
      running.catch(() => undefined);
      try {
        await within('the first chunk', seen.promise);
      } finally {
        await shell(environment, 'echo > "$1"', path);
        await running;
      }
    },
  },
  {
    name: 'brings 20 MB to a slow reader whole, in order, and one chunk at a time',
    run: async (bench) => {
      const environment = await bench.shared();
      const hash = createHash('sha256');
      let reading = 0;
      const onOutput = async ({ bytes }: OutputChunk) => {
        reading += 1;
        assert.equal(reading, 1, 'a chunk came while the one before it was not dealt with');
        hash.update(bytes);
        await new Promise((resolve) => setImmediate(resolve));
        reading -= 1;
      };
      const { end } = await environment.exec(['seq', String(LAST_NUMBER)], { onOutput });
      assert.deepEqual(end, { type: 'exit', code: 0 });
      assert.equal(hash.digest('hex'), digestOfNumbers(), 'the digest of the whole output');
    },
  },
  {
    name: 'slows the command down when nobody reads (back-pressure)',
    run: async (bench) => {
      const environment = await bench.shared();
      const [finished, release, first] = [bench.path(), Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      const onOutput = async () => {
        first.resolve();
        await release.promise;
      };
      const writing = ['sh', '-c', 'seq "$1"; echo > "$2"', 'sh', String(LAST_NUMBER), finished] as const;
      const running = environment.exec(writing, { onOutput });
      running.catch(() => undefined);
      try {
        await within('the first chunk', first.promise);
        // Three times as much, read at once: time enough for the first command to end if nothing held it.
        for (const _ of [1, 2, 3]) await environment.exec(['seq', String(LAST_NUMBER)]);
        const { end } = await environment.exec(['test', '-e', finished]);
        assert.deepEqual(end, { type: 'exit', code: 1 }, 'the command ended: its output is all in memory somewhere');
      } finally {
        release.resolve();
        await running;
      }
    },
  },
  {
    name: 'keeps the last bytes of each stream, and says that there were more',
    run: async (bench) => {
      const environment = await bench.shared();
      const command = ['sh', '-c', 'seq 100000; echo short >&2'] as const;
      const whole = Array.from({ length: 100_000 }, (_, index) => `${index + 1}\n`).join('');
      const usual = await environment.exec(command);
      assert.equal(text(usual.stdout), whole.slice(-65_536), 'the last 65,536 bytes');
      assert.deepEqual([text(usual.stderr), usual.truncated], ['short\n', true]);
      const few = await environment.exec(command, { keepBytes: 10 });
      assert.deepEqual([text(few.stdout), text(few.stderr), few.truncated], [whole.slice(-10), 'short\n', true]);
      const exact = await environment.exec(['printf', '1234567890'], { keepBytes: 10 });
      assert.deepEqual([text(exact.stdout), exact.truncated], ['1234567890', false]);
    },
  },
  {
    name: 'hands on bytes that are no text',
    run: async (bench) => {
      const environment = await bench.shared();
      const bytes = Buffer.from(Array.from({ length: 4096 }, (_, index) => (index ^ (index >> 4)) & 0xff));
      const { stdout } = await environment.exec(['cat'], { stdin: pieces(bytes) });
      assert.ok(Buffer.from(stdout).equals(bytes), 'the bytes that came back differ');
    },
  },
  {
    name: 'mixes nothing up when many commands run at once',
    run: async (bench) => {
      const environment = await bench.shared();
      const numbers = Array.from({ length: 8 }, (_, index) => String(index));
      const script = 'i=0; while [ $i -lt 500 ]; do echo "$1"; i=$((i+1)); done; exit "$1"';
      const results = await Promise.all(numbers.map((number) => environment.exec(['sh', '-c', script, 'sh', number])));
      for (const [index, { end, stdout }] of results.entries()) {
        assert.deepEqual(end, { type: 'exit', code: index });
        assert.equal(text(stdout), `${index}\n`.repeat(500));
      }
    },
  },
];
