import type { ElfReading } from '../../contracts/elf.ts';
import type { Abortable, Bytes, Environment } from '../../contracts/environment.ts';
import { PartialFile } from './elf-source.ts';
import { collectOutput, type ProbedFile } from './probe-files.ts';
import { readElf } from './read-elf.ts';

/** Larger files are read in pieces: most of a program is code, which nobody wants here. libxul has 150 MB. */
const MAX_WHOLE_BYTES = 320 * 1024;
/** Names are near the start, the dynamic section is near the end: that, as a rule, is all. */
const START_BYTES = 160 * 1024;
const END_BYTES = 96 * 1024;
/** Header, dynamic section, string table, versions: a sound file needs five. */
const MAX_ROUNDS = 16;
/** In one round trip; files that do not fit wait for the next. */
const MAX_ROUND_BYTES = 32 * 1024 * 1024;
/** For each path, offset and length: that many bytes, one after the other. Batches are small enough for 20 of the longest paths. */
const RANGES = `xargs -0 -r -n 60 sh -c 'while [ $# -ge 3 ]; do
  dd if="$1" bs=65536 skip="$2" count="$3" iflag=skip_bytes,count_bytes status=none || exit 255
  shift 3
done' sh`;

type Readable = Pick<ProbedFile, 'realPath' | 'size' | 'identity'>;

/**
 * Reads many ELF files, each once however many names it has, in one stream; a few round trips more for large ones that
 * are laid out in an unusual way.
 * @returns by {@link ProbedFile.identity}
 */
export async function readElfFiles(
  environment: Environment,
  files: Iterable<Readable>,
  options: Abortable,
): Promise<Map<string, ElfReading>> {
  const unique = new Map([...files].map((file) => [file.identity, file]));
  const readings = new Map<string, ElfReading>();
  let open = [...unique.values()].map(begin);
  while (open.length > 0) {
    const served = thatFit(open);
    await fetch(environment, served, options.signal);
    for (const each of served) advance(each, readings);
    open = open.filter(({ file }) => !readings.has(file.identity));
  }
  return readings;
}

interface Range {
  readonly offset: number;
  readonly length: number;
}

/** A file on its way. */
interface Open {
  readonly file: Readable;
  readonly source: PartialFile;
  rounds: number;
  wanted: readonly Range[];
}

function begin(file: Readable): Open {
  const { size } = file;
  const pieces = [
    { offset: 0, length: START_BYTES },
    { offset: size - END_BYTES, length: END_BYTES },
  ];
  const wanted = size <= MAX_WHOLE_BYTES ? [{ offset: 0, length: size }] : pieces;
  return { file, source: new PartialFile(size), rounds: 0, wanted };
}

/** The first ones, at least one: so each comes to its end, and few are begun. */
function thatFit(open: readonly Open[]): Open[] {
  let bytes = 0;
  return open.filter(({ wanted }, index) => {
    bytes += wanted.reduce((sum, { length }) => sum + length, 0);
    return index === 0 || bytes <= MAX_ROUND_BYTES;
  });
}

async function fetch(
  environment: Environment,
  served: readonly Open[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const output = await collectOutput(environment, ['sh', '-c', RANGES], argumentsOf(served), signal);
  let at = 0;
  for (const { source, wanted } of served) {
    for (const { offset, length } of wanted) {
      source.add(offset, output.subarray(at, at + length));
      at += length;
    }
  }
}

async function* argumentsOf(served: readonly Open[]): Bytes {
  const ranges = served.flatMap(({ file, wanted }) => wanted.map((range) => ({ ...range, path: file.realPath })));
  yield Buffer.from(ranges.map(({ path, offset, length }) => `${path}\0${offset}\0${length}\0`).join(''));
}

/** Reads as far as the pieces go. */
function advance(open: Open, readings: Map<string, ElfReading>): void {
  const reading = readElf(open.source);
  open.rounds += 1;
  if (!('wanted' in reading)) readings.set(open.file.identity, reading);
  else if (open.rounds < MAX_ROUNDS) open.wanted = [reading.wanted];
  else readings.set(open.file.identity, { problem: 'it is spread over too many places' });
}
