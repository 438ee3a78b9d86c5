import assert from 'node:assert/strict';
import { collect, rejectsWithCode, rejectsWithReason } from '../expectations.ts';
import { type RunnerCase, shell } from './bench.ts';

/** Names that a careless implementation splits, expands or mistakes for an option. */
export const ODD_NAMES = ['with space', 'ümlaut ✓', '-dash', 'star*', "quo'te", '$HOME', 'new\nline', 'a:b', '.hidden'];

export const readCases: readonly RunnerCase[] = [
  {
    name: 'answers in the order asked, once for each time asked, and says what is missing',
    run: async (bench) => {
      const environment = await bench.shared();
      const [a, b, missing] = [bench.path('a'), bench.path('b'), bench.path('missing')];
      await shell(environment, 'printf A > "$1"; printf B > "$2"', a, b);
      const asked = [b, missing, a, b, `${a}/below-a-file`, `${missing}/below`];
      const found = await collect(environment.read(asked));
      assert.deepEqual(
        found.map((one) => [one.path, one.type === 'file' ? Buffer.from(one.content).toString() : one.type]),
        [
          [b, 'B'],
          [missing, 'missing'],
          [a, 'A'],
          [b, 'B'],
          [`${a}/below-a-file`, 'missing'],
          [`${missing}/below`, 'missing'],
        ],
      );
    },
  },
  {
    name: 'answers nothing when nothing was asked',
    run: async (bench) => assert.deepEqual(await collect((await bench.shared()).read([])), []),
  },
  {
    name: 'tells mode and owner of files and directories',
    run: async (bench) => {
      const environment = await bench.shared();
      const [file, directory] = [bench.path('file'), bench.path('directory')];
      await shell(
        environment,
        'printf x > "$1"; mkdir "$2"; chown 1234:2345 "$1"; chmod 4751 "$1"; chown 345:456 "$2"; chmod 1770 "$2"',
        file,
        directory,
      );
      assert.deepEqual(normal(await collect(environment.read([file, directory]))), [
        { path: file, type: 'file', content: 'x', mode: 0o4751, uid: 1234, gid: 2345 },
        { path: directory, type: 'directory', mode: 0o1770, uid: 345, gid: 456 },
      ]);
    },
  },
  {
    name: 'does not follow a symbolic link at the end of a path, and does on the way to it',
    run: async (bench) => {
      const environment = await bench.shared();
      const directory = bench.path('directory');
      await shell(
        environment,
        'mkdir "$1"; cd "$1"; mkdir d; printf x > d/f; ln -s d l; ln -s /no/where gone',
        directory,
      );
      const found = normal(
        await collect(environment.read([`${directory}/l`, `${directory}/gone`, `${directory}/l/f`])),
      );
      assert.deepEqual(found, [
        { path: `${directory}/l`, type: 'symlink', target: 'd', uid: 0, gid: 0 },
        { path: `${directory}/gone`, type: 'symlink', target: '/no/where', uid: 0, gid: 0 },
        { path: `${directory}/l/f`, type: 'file', content: 'x', mode: 0o644, uid: 0, gid: 0 },
      ]);
    },
  },
  {
    name: 'says other for what is neither file, directory nor link',
    run: async (bench) => {
      const environment = await bench.shared();
      const fifo = bench.path('fifo');
      await shell(environment, 'mkfifo "$1"', fifo);
      assert.deepEqual(await collect(environment.read([fifo])), [{ path: fifo, type: 'other' }]);
    },
  },
  {
    name: 'takes names as they are',
    run: async (bench) => {
      const environment = await bench.shared();
      const directory = bench.path('directory');
      const paths = ODD_NAMES.map((name) => `${directory}/${name}`);
      await shell(environment, 'mkdir "$1"; shift; for p; do printf %s "$p" > "$p"; done', directory, ...paths);
      const found = normal(await collect(environment.read(paths)));
      assert.deepEqual(
        found.map(({ path, content }) => [path, content]),
        paths.map((path) => [path, path]),
      );
    },
  },
  {
    name: 'brings every byte, also of empty and of large files',
    run: async (bench) => {
      const environment = await bench.shared();
      const [empty, large] = [bench.path('empty'), bench.path('large')];
      await shell(environment, ': > "$1"; seq 800000 > "$2"', empty, large);
      const [none, much] = await collect(environment.read([empty, large]));
      assert.equal(none?.type === 'file' && none.content.byteLength, 0);
      const expected = Array.from({ length: 800_000 }, (_, index) => `${index + 1}\n`).join('');
      assert.ok(
        much?.type === 'file' && Buffer.from(much.content).equals(Buffer.from(expected)),
        'the large file differs',
      );
    },
  },
  {
    name: 'brings thousands of files in order',
    run: async (bench) => {
      const environment = await bench.shared();
      const directory = bench.path('many');
      await shell(
        environment,
        'mkdir "$1"; cd "$1"; i=0; while [ $i -lt 3000 ]; do echo $i > $i; i=$((i+1)); done',
        directory,
      );
      const numbers = Array.from({ length: 3000 }, (_, index) => String(index)).toReversed();
      const found = normal(await collect(environment.read(numbers.map((number) => `${directory}/${number}`))));
      assert.deepEqual(
        found.map(({ content }) => content),
        numbers.map((number) => `${number}\n`),
      );
    },
  },
  {
    name: 'refuses a file that is larger than it may be, by name, and takes one that is just as large',
    run: async (bench) => {
      const environment = await bench.shared();
      const path = bench.path();
      await shell(environment, 'head -c 1000 /dev/zero > "$1"', path);
      assert.equal((await collect(environment.read([path], { maxFileBytes: 1000 })))[0]?.type, 'file');
      await rejectsWithCode('read', 'limit_exceeded', collect(environment.read([path], { maxFileBytes: 999 })));
    },
  },
  {
    name: 'lets a reader stop early',
    run: async (bench) => {
      const environment = await bench.shared();
      const [a, b] = [bench.path('a'), bench.path('b')];
      await shell(environment, 'printf a > "$1"; seq 300000 > "$2"', a, b);
      for await (const first of environment.read([a, b, b, b])) {
        assert.equal(first.path, a);
        break;
      }
      assert.equal((await collect(environment.read([b]))).length, 1);
    },
  },
  {
    name: 'ends with the reason of the signal',
    run: async (bench) => {
      const environment = await bench.shared();
      const reason = new Error('no longer wanted');
      const reading = collect(environment.read(['/etc/passwd'], { signal: AbortSignal.abort(reason) }));
      await rejectsWithReason('read', reason, reading);
    },
  },
];

/** Contents as text, so that a difference can be read. */
function normal(found: readonly object[]): Record<string, unknown>[] {
  return found.map((one) =>
    'content' in one ? { ...one, content: Buffer.from(one.content as Uint8Array).toString() } : { ...one },
  );
}
