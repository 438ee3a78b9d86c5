import { posix } from 'node:path';
import type { ElfFile } from '../contracts/elf.ts';
import type { Collector } from '../contracts/facts.ts';
import { isElf } from './elf/elf-layout.ts';
import { type ProbedFile, probeFiles } from './elf/probe-files.ts';
import { readElfFiles } from './elf/read-elf-files.ts';

/** `e_type` of what the kernel or the dynamic loader loads; objects and kernel modules are of type 1. */
const LOADABLE = [2, 3];
const BIG_ENDIAN = 2;
/**
 * FHS 3.0, 4.5 and 4.11: headers, and what does not depend on the processor. gdb's "Separate Debug Files": headers of the
 * real file, and nothing behind them.
 */
const NEVER_LOADED = /^\/usr\/(include|share|src|lib\/debug)\/|\.debug$/;

/** Reads those of the package's files that the dynamic loader would: two round trips, some more for very large ones. */
export const elfFiles: Collector<'elf.dynamic', 'package.files'> = {
  fact: 'elf.dynamic',
  needs: ['package.files'],
  async collect(environment, { 'package.files': owned }, _context, options) {
    const paths = owned.flatMap(({ path, type }) => (type === 'file' && !NEVER_LOADED.test(path) ? [path] : []));
    const loadable = oncePerDirectory(
      (await probeFiles(environment, paths, options)).filter(({ head }) => isLoadable(head)),
    );
    const readings = await readElfFiles(environment, loadable, options);
    return loadable.map(({ path, realPath, identity }): ElfFile => {
      const reading = readings.get(identity) ?? { problem: 'it went away' };
      return { path, realPath, ...reading };
    });
  },
};

/** True for a program or a shared object, and for what starts as one and is cut off. */
export function isLoadable(head: Uint8Array): boolean {
  if (!isElf(head)) return false;
  const [first, second] = head[5] === BIG_ENDIAN ? [head[16], head[17]] : [head[17], head[16]];
  return first === undefined || second === undefined || LOADABLE.includes(first * 256 + second);
}

/** git has 140 names for one program: one of each directory says all. */
function oncePerDirectory(files: readonly ProbedFile[]): ProbedFile[] {
  const seen = new Set<string>();
  return files.filter(({ identity, realPath }) => {
    const key = `${identity} ${posix.dirname(realPath)}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
