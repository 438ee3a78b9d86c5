import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { FileEntry } from '@alts/sdk/plugin';
import { rejectsWithReason } from '../expectations.ts';
import { type RunnerBench, type RunnerCase, shell } from './bench.ts';
import { ODD_NAMES } from './read-cases.ts';

/** Writes, then asks the system itself what is there: `mode uid gid type` of stat(1). */
async function written(bench: RunnerBench, files: readonly FileEntry[]): Promise<string[]> {
  const environment = await bench.shared();
  await environment.write(files);
  const lines = await shell(environment, 'stat -c "%a %u %g %F" -- "$@"', ...files.map(({ path }) => path));
  return lines.trimEnd().split('\n');
}

const file = (path: string, text: string, others: Partial<FileEntry> = {}): FileEntry => {
  return { path, type: 'file', content: Buffer.from(text), ...others };
};

export const writeCases: readonly RunnerCase[] = [
  {
    name: 'writes files, directories and links; without mode and owner they are 0644, 0755 and root',
    run: async (bench) => {
      const [path, directory, link] = [bench.path('file'), bench.path('directory'), bench.path('link')];
      const stats = await written(bench, [
        file(path, 'content'),
        { path: directory, type: 'directory' },
        { path: link, type: 'symlink', target: 'no where' },
      ]);
      assert.deepEqual(stats.slice(0, 2), ['644 0 0 regular file', '755 0 0 directory']);
      assert.equal(stats[2]?.split(' ').slice(1).join(' '), '0 0 symbolic link');
      assert.equal(await shell(await bench.shared(), 'cat "$1"; readlink "$2"', path, link), 'contentno where\n');
    },
  },
  {
    name: 'sets modes as said, whatever the umask, special bits included',
    run: async (bench) => {
      const modes = [0o777, 0o666, 0o600, 0o4755, 0o2755, 0o000];
      const files = modes.map((mode) => file(bench.path(), 'x', { mode }));
      const stats = await written(bench, [...files, { path: bench.path(), type: 'directory', mode: 0o1777 }]);
      assert.deepEqual(
        stats.map((line) => Number.parseInt(line, 8)),
        [...modes, 0o1777],
      );
    },
  },
  {
    name: 'sets owners as said, by number',
    run: async (bench) => {
      const owner = { uid: 1234, gid: 2345 };
      const stats = await written(bench, [
        file(bench.path(), 'x', { ...owner, mode: 0o4711 }),
        { path: bench.path(), type: 'directory', ...owner },
        { path: bench.path(), type: 'symlink', target: '/etc/passwd', ...owner },
      ]);
      assert.deepEqual(
        stats.map((line) => line.split(' ').slice(1, 3).join(':')),
        ['1234:2345', '1234:2345', '1234:2345'],
      );
      assert.equal(stats[0], '4711 1234 2345 regular file', 'the special bits are lost');
      assert.equal(await shell(await bench.shared(), 'stat -c "%u:%g" /etc/passwd'), '0:0\n', 'a link was followed');
    },
  },
  {
    name: 'makes parent directories that are missing, with mode 0755',
    run: async (bench) => {
      const directory = bench.path('parent');
      await written(bench, [file(`${directory}/a b/c/file`, 'x', { mode: 0o600, uid: 1, gid: 1 })]);
      const stats = await shell(await bench.shared(), 'stat -c "%a %u %g" "$1" "$1/a b" "$1/a b/c"', directory);
      assert.equal(stats, '755 0 0\n'.repeat(3));
    },
  },
  {
    name: 'leaves a parent directory that is there as it is',
    run: async (bench) => {
      const directory = bench.path('parent');
      await shell(await bench.shared(), 'mkdir "$1"; chown 12:13 "$1"; chmod 711 "$1"', directory);
      await written(bench, [file(`${directory}/file`, 'x')]);
      assert.equal(await shell(await bench.shared(), 'stat -c "%a %u %g" "$1"', directory), '711 12 13\n');
    },
  },
  {
    name: 'replaces a file that is there: content, mode and owner',
    run: async (bench) => {
      const path = bench.path();
      await written(bench, [file(path, 'a long content', { mode: 0o755, uid: 1234, gid: 2345 })]);
      assert.deepEqual(await written(bench, [file(path, 'short')]), ['644 0 0 regular file']);
      assert.equal(await shell(await bench.shared(), 'cat "$1"', path), 'short');
    },
  },
  {
    name: 'takes names as they are',
    run: async (bench) => {
      const directory = bench.path('odd');
      const paths = ODD_NAMES.map((name) => `${directory}/${name}`);
      const environment = await bench.shared();
      await environment.write(paths.map((path) => file(path, path)));
      const script = `for p; do [ "$(cat -- "$p")" = "$p" ] || echo "wrong: $p"; done; cd "\${1%/*}"; ls -A | wc -l`;
      // A newline inside a name makes one line more.
      assert.equal((await shell(environment, script, ...paths)).trim(), String(ODD_NAMES.length + 1));
    },
  },
  {
    name: 'writes hundreds of files, empty ones and a large one, with every byte',
    run: async (bench) => {
      const directory = bench.path('many');
      const many = Array.from({ length: 300 }, (_, index) =>
        file(`${directory}/${index}`, index % 3 ? `${index}` : ''),
      );
      const bytes = Buffer.from(
        Uint8Array.from({ length: 5_000_001 }, (_, index) => (index * 13 + (index >> 9)) & 0xff),
      );
      const large: FileEntry = { path: `${directory}/large`, type: 'file', content: bytes };
      const environment = await bench.shared();
      await environment.write([...many.slice(0, 150), large, ...many.slice(150)]);
      const digest = createHash('sha256').update(bytes).digest('hex');
      assert.equal(
        await shell(environment, 'sha256sum < "$1/large"; ls "$1" | wc -l', directory),
        `${digest}  -\n301\n`,
      );
      const sums = await shell(
        environment,
        'cd "$1"; i=0; while [ $i -lt 300 ]; do cat $i; echo; i=$((i+1)); done',
        directory,
      );
      assert.equal(sums, many.map(({ content }) => `${Buffer.from(content ?? '').toString()}\n`).join(''));
    },
  },
  {
    name: 'writes nothing when there is nothing to write',
    run: async (bench) => (await bench.shared()).write([]),
  },
  {
    name: 'writes nothing when the signal was aborted before',
    run: async (bench) => {
      const environment = await bench.shared();
      const [path, reason] = [bench.path(), new Error('cancelled before')];
      await rejectsWithReason(
        'write',
        reason,
        environment.write([file(path, 'x')], { signal: AbortSignal.abort(reason) }),
      );
      assert.equal(await shell(environment, '[ ! -e "$1" ] || echo there', path), '');
    },
  },
];
