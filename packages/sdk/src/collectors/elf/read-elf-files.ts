import type { ElfReading } from '../../contracts/elf.ts';
import type { Abortable, Bytes, Environment } from '../../contracts/environment.ts';
import { PartialFile, wholeFile } from './elf-source.ts';
import { collectOutput, type ProbedFile } from './probe-files.ts';
import { readElf } from './read-elf.ts';

/** Larger files are read in pieces, so that no more than this of one file is in memory: libxul has 150 MB. */
const MAX_WHOLE_BYTES = 8 * 1024 * 1024;
/** Header, dynamic section, string table, versions: a sound file needs five. */
const MAX_ROUNDS = 16;
/** Large files at a time: the table of names of each may be in memory. */
const LARGE_AT_A_TIME = 8;
/** For each path, offset and length: that many bytes, one after the other. Batches are small enough for 20 of the longest paths. */
const RANGES = `xargs -0 -r -n 60 sh -c 'while [ $# -ge 3 ]; do
  dd if="$1" bs=65536 skip="$2" count="$3" iflag=skip_bytes,count_bytes status=none || exit 255
  shift 3
done' sh`;

type Readable = Pick<ProbedFile, 'realPath' | 'size' | 'identity'>;

/**
 * Reads many ELF files, each once however many names it has, in one stream; the large ones in pieces, a few round trips
 * for all of them together.
 * @returns by {@link ProbedFile.identity}
 */
export async function readElfFiles(
  environment: Environment,
  files: Iterable<Readable>,
  options: Abortable,
): Promise<Map<string, ElfReading>> {
  const unique = new Map([...files].map((file) => [file.identity, file]));
  const readings = new Map<string, ElfReading>();
  const small = [...unique.values()].filter(({ size }) => size <= MAX_WHOLE_BYTES);
  const large = [...unique.values()].filter(({ size }) => size > MAX_WHOLE_BYTES);
  await readWhole(environment, small, readings, options);
  for (let at = 0; at < large.length; at += LARGE_AT_A_TIME) {
    await readInPieces(environment, large.slice(at, at + LARGE_AT_A_TIME), readings, options);
  }
  return readings;
}

async function readWhole(
  environment: Environment,
  files: readonly Readable[],
  readings: Map<string, ElfReading>,
  options: Abortable,
): Promise<void> {
  let next = 0;
  for await (const found of environment.read(
    files.map(({ realPath }) => realPath),
    options,
  )) {
    const identity = files[next++]?.identity ?? '';
    const reading = found.type === 'file' ? readElf(wholeFile(found.content)) : { problem: 'it cannot be read' };
    readings.set(identity, 'wanted' in reading ? { problem: 'it cannot be read' } : reading);
  }
}

interface Pieces {
  readonly file: Readable;
  readonly source: PartialFile;
}

async function readInPieces(
  environment: Environment,
  files: readonly Readable[],
  readings: Map<string, ElfReading>,
  { signal }: Abortable,
): Promise<void> {
  let open: Pieces[] = files.map((file) => ({ file, source: new PartialFile(file.size) }));
  for (let round = 0; open.length > 0; round += 1) {
    const wanted: { source: PartialFile; path: string; offset: number; length: number }[] = [];
    const waiting: Pieces[] = [];
    for (const pieces of open) {
      const { file, source } = pieces;
      const reading = readElf(source);
      if (!('wanted' in reading)) readings.set(file.identity, reading);
      else if (round === MAX_ROUNDS) readings.set(file.identity, { problem: 'it is spread over too many places' });
      else {
        wanted.push({ source, path: file.realPath, ...reading.wanted });
        waiting.push(pieces);
      }
    }
    if (wanted.length > 0) {
      const output = await collectOutput(environment, ['sh', '-c', RANGES], argumentsOf(wanted), signal);
      let at = 0;
      for (const { source, offset, length } of wanted) {
        source.add(offset, output.subarray(at, at + length));
        at += length;
      }
    }
    open = waiting;
  }
}

async function* argumentsOf(wanted: readonly { path: string; offset: number; length: number }[]): Bytes {
  yield Buffer.from(wanted.map(({ path, offset, length }) => `${path}\0${offset}\0${length}\0`).join(''));
}
