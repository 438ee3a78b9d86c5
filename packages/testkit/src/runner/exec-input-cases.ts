import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { OutputChunk } from '@alts/sdk/plugin';
import { pieces, within } from '../expectations.ts';
import { type RunnerCase, shell } from './bench.ts';

/** What a shell, a word splitter or a careless quoting would change. */
const ARGUMENTS = [
  '',
  ' ',
  'a b',
  "it's",
  '"quoted"',
  '$HOME',
  '`id`',
  '$(id)',
  `\${PATH}`,
  '\\',
  'back\\slash',
  '*',
  '?',
  '[a-z]',
  '~',
  'new\nline',
  '\n',
  'tab\t',
  '-n',
  '--',
  '-e',
  ';',
  'a;b',
  '|',
  '&',
  '>',
  '<',
  '#',
  '!',
  '%s',
  'a=b',
  'ü✓日本',
];

const TEXT = Object.freeze({
  ALTS_PLAIN: 'plain',
  ALTS_ODD: `two  words, 'q' "Q" $HOME\n\`id\` \\ ü=1`,
  ALTS_EMPTY: '',
});

async function* blocks(count: number): AsyncGenerator<Uint8Array> {
  for (let index = 0; index < count; index += 1) {
    yield Uint8Array.from({ length: 65_536 }, (_, at) => (at * 31 + index) & 0xff);
  }
}

export const execInputCases: readonly RunnerCase[] = [
  {
    name: 'hands on the arguments as they are: no shell reads them',
    run: async (bench) => {
      const environment = await bench.shared();
      const { stdout } = await environment.exec(['printf', '%s\\0', ...ARGUMENTS]);
      assert.deepEqual(Buffer.from(stdout).toString().split('\0').slice(0, -1), ARGUMENTS);
    },
  },
  {
    name: 'adds variables to those of the environment, whatever is in them',
    run: async (bench) => {
      const environment = await bench.shared();
      // Not $PATH: a shell that has none makes one up.
      const printing = `printf '%s\\0' "$ALTS_PLAIN" "$ALTS_ODD" "\${ALTS_EMPTY-unset}" "$(env | grep -c '^PATH=/')"`;
      const { stdout } = await environment.exec(['sh', '-c', printing], { env: TEXT });
      const values = Buffer.from(stdout).toString().split('\0').slice(0, -1);
      assert.deepEqual(values, [...Object.values(TEXT), '1']);
      assert.equal(
        await shell(environment, `echo "\${ALTS_PLAIN-unset}"`),
        'unset\n',
        'the next command has them, too',
      );
    },
  },
  {
    name: 'runs in / unless another directory is named',
    run: async (bench) => {
      const environment = await bench.shared();
      const path = bench.path('a directory');
      await shell(environment, 'mkdir -p "$1"', path);
      assert.equal(await shell(environment, 'pwd'), '/\n');
      const { stdout } = await environment.exec(['pwd'], { cwd: path });
      assert.equal(Buffer.from(stdout).toString(), `${path}\n`);
    },
  },
  {
    name: 'runs as the superuser',
    run: async (bench) => assert.equal(await shell(await bench.shared(), 'id -u'), '0\n'),
  },
  {
    name: 'runs as another user, by name and by number',
    run: async (bench) => {
      const environment = await bench.shared();
      const number = (await shell(environment, 'id -u "$1"', bench.otherUser)).trim();
      for (const user of [bench.otherUser, number]) {
        const { end, stdout } = await environment.exec(['id', '-u'], { user });
        assert.deepEqual(end, { type: 'exit', code: 0 });
        assert.equal(Buffer.from(stdout).toString().trim(), number, `user: ${user}`);
      }
    },
  },
  {
    name: 'gives empty input unless there is some',
    run: async (bench) => {
      const environment = await bench.shared();
      const { end, stdout } = await within('cat without input', environment.exec(['cat']));
      assert.deepEqual(end, { type: 'exit', code: 0 });
      assert.equal(stdout.byteLength, 0);
    },
  },
  {
    name: 'feeds every byte of the input, then closes it',
    run: async (bench) => {
      const environment = await bench.shared();
      const hash = createHash('sha256');
      for await (const block of blocks(128)) hash.update(block);
      const { stdout } = await within('sha256sum', environment.exec(['sha256sum'], { stdin: blocks(128) }));
      assert.equal(Buffer.from(stdout).toString().slice(0, 64), hash.digest('hex'), 'the digest of 8 MiB');
    },
  },
  {
    name: 'feeds the input as it comes: a command may answer before the next piece is there',
    run: async (bench) => {
      const environment = await bench.shared();
      const answered = Promise.withResolvers<void>();
      async function* questions(): AsyncGenerator<Uint8Array> {
        yield Buffer.from('question\n');
        await answered.promise;
        yield Buffer.from('last\n');
      }
      const onOutput = ({ bytes }: OutputChunk): void => {
        if (Buffer.from(bytes).includes('answer')) answered.resolve();
      };
      const talk = environment.exec(['sh', '-c', 'read one; echo answer; cat'], { stdin: questions(), onOutput });
      const { stdout } = await within('the answer', talk, 5000);
      assert.equal(Buffer.from(stdout).toString(), 'answer\nlast\n');
    },
  },
  {
    name: 'does not mind a command that leaves its input unread',
    run: async (bench) => {
      const environment = await bench.shared();
      const { end } = await within('true', environment.exec(['true'], { stdin: blocks(128) }));
      assert.deepEqual(end, { type: 'exit', code: 0 });
      const { stdout } = await environment.exec(['head', '-c', '3'], { stdin: pieces('abc', 'def') });
      assert.equal(Buffer.from(stdout).toString(), 'abc');
    },
  },
];
