import { describe, expect, it } from 'vitest';
import { elfImage } from '../../../../../fixtures/corpus/elf-image.ts';
import { PartialFile } from './elf-source.ts';
import { readElf } from './read-elf.ts';

const PROGRAM = {
  interpreter: '/lib64/ld-linux-x86-64.so.2',
  needed: ['libone.so.1', 'libc.so.6'],
  rpath: '/opt/x/lib',
  runpath: '$ORIGIN/../lib:/opt/lib',
  flags1: 0x8000800,
  versionNeeds: { 'libone.so.1': ['ONE_1', 'ONE_2'], 'libc.so.6': ['GLIBC_2.34'] },
} as const;
const program = (more: object = {}) =>
  elfImage({
    ...PROGRAM,
    needed: [...PROGRAM.needed],
    versionNeeds: { 'libone.so.1': ['ONE_1', 'ONE_2'], 'libc.so.6': ['GLIBC_2.34'] },
    ...more,
  });
const library = (more: object = {}) =>
  elfImage({ soname: 'libone.so.1', versionDefinitions: ['ONE_1', 'ONE_2'], ...more });
const read = (bytes: Uint8Array) => {
  const whole = new PartialFile(bytes.length);
  whole.add(0, bytes);
  return readElf(whole);
};

describe('what an ELF file says to the loader', () => {
  it.each([
    [64, 'little', 62],
    [64, 'big', 22],
    [32, 'little', 3],
    [32, 'big', 20],
  ] as const)('of %i bits, %s endian, machine %i', (bits, byteOrder, machine) => {
    expect(read(program({ bits, byteOrder, machine }))).toEqual({
      elf: {
        bits,
        byteOrder,
        machine,
        type: 'shared',
        dynamic: true,
        interpreter: '/lib64/ld-linux-x86-64.so.2',
        needed: ['libone.so.1', 'libc.so.6'],
        rpath: '/opt/x/lib',
        runpath: '$ORIGIN/../lib:/opt/lib',
        ignoresDefaultDirectories: true,
        positionIndependent: true,
        versionNeeds: [
          { library: 'libone.so.1', version: 'ONE_1', weak: false },
          { library: 'libone.so.1', version: 'ONE_2', weak: false },
          { library: 'libc.so.6', version: 'GLIBC_2.34', weak: false },
        ],
        versionDefinitions: [],
      },
    });
    expect(read(library({ bits, byteOrder, machine }))).toMatchObject({
      elf: { bits, byteOrder, machine, soname: 'libone.so.1', versionDefinitions: ['ONE_1', 'ONE_2'] },
    });
  });

  it('a large file is read piece by piece, and says the same', () => {
    const image = program();
    const file = new PartialFile(image.length);
    let asked = 0;
    for (;;) {
      const reading = readElf(file);
      if (!('wanted' in reading)) {
        expect(reading).toEqual(read(image));
        break;
      }
      const { offset, length } = reading.wanted;
      file.add(offset, image.subarray(offset, offset + length));
      asked += 1;
      expect(asked, 'it ends').toBeLessThan(10);
    }
    expect(asked).toBeGreaterThan(0);
  });
});

/** Offsets in a program of 64 bits: the header's fields, then those of the program header table. */
const E_PHOFF = 32;
const DYNAMIC = 0x1000;
const u64 = (value: bigint) => value.toString(16).padStart(16, '0').match(/../g)!.reverse().join('');

describe('an ELF file that is not right is a problem, in words', () => {
  it.each<[string, Record<number, string>, RegExp]>([
    ['an unknown class', { 4: '07' }, /class 7/],
    ['an unknown byte order', { 5: '07' }, /byte order 7/],
    ['a table of program headers far away', { [E_PHOFF]: u64(1n << 62n) }, /program headers at .* past the end/],
    ['65535 program headers', { 56: 'ffff' }, /65535 program headers/],
    ['program headers of odd size', { 54: '0100' }, /1 bytes/],
    ['a dynamic section of 4 GB', { [64 + 4 * 56 + 32]: u64(1n << 32n) }, /dynamic section of 268435456 entries/],
    [
      'a dynamic section past the end',
      { [64 + 4 * 56 + 8]: u64(0xffffffffffff0000n) },
      /dynamic section .* past the end/,
    ],
    ['an interpreter without end', { [64 + 56 + 32]: u64(4n) }, /interpreter's path is empty or does not end/],
    ['a name past the string table', { [DYNAMIC + 8]: u64(0xffffffn) }, /name of a needed library is past the end/],
  ])('%s', (_, patch, problem) => {
    expect(read(program({ patch }))).toEqual({ problem: expect.stringMatching(problem) });
  });

  it('versions without number, and names without end', () => {
    const many = Array<string>(20_000).fill('A');
    expect(read(program({ versionNeeds: { 'libc.so.6': many } }))).toEqual({
      problem: expect.stringMatching(/more than 16384/),
    });
    expect(read(library({ versionDefinitions: many }))).toEqual({ problem: expect.stringMatching(/more than 16384/) });
    const long = Array<string>(200).fill('x'.repeat(60_000));
    expect(read(program({ needed: long }))).toEqual({ problem: expect.stringMatching(/names have more than/) });
  });

  it('links between versions that lead anywhere', () => {
    const image = program();
    // vn_cnt and vna_next: a list that goes on, one byte further each time; then vn_next the same.
    const dynamicEntries = Array.from({ length: 30 }, (_, i) => DYNAMIC + 16 * i);
    const needsEntry = dynamicEntries.find((at) => image.readUInt32LE(at) === 0x6ffffffe)!;
    const countEntry = needsEntry + 16;
    const needs = Number(image.readBigUInt64LE(needsEntry + 8));
    image.writeUInt16LE(0xffff, needs + 2);
    image.writeUInt32LE(1, needs + 16 + 12);
    expect(read(image)).toHaveProperty('problem');
    image.writeBigUInt64LE(1n << 60n, countEntry + 8);
    image.writeUInt16LE(0, needs + 2);
    image.writeUInt32LE(1, needs + 12);
    expect(read(image)).toHaveProperty('problem');
  });

  it('a string that does not end', () => {
    const image = program();
    const sizeEntry = Array.from({ length: 30 }, (_, i) => DYNAMIC + 16 * i).find(
      (at) => image.readUInt32LE(at) === 10,
    )!;
    const size = Number(image.readBigUInt64LE(sizeEntry + 8));
    image.writeBigUInt64LE(BigInt(size - 1), sizeEntry + 8);
    expect(read(image)).toEqual({ problem: expect.stringMatching(/does not end/) });
  });

  it('whatever its length is cut to', () => {
    const image = program();
    for (let length = 0; length < image.length; length += 1) {
      expect(read(image.subarray(0, length)), `${length} bytes`).toHaveProperty('problem');
    }
  });

  it('whatever bits are flipped it never throws, and it ends', () => {
    const image = Buffer.concat([
      library({ interpreter: '/lib/ld.so', needed: ['libc.so.6'], versionNeeds: { 'libc.so.6': ['A', 'B'] } }),
    ]);
    let seed = 42;
    const random = (below: number) => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((seed / 2 ** 32) * below);
    };
    const head = 700;
    for (let round = 0; round < 20_000; round += 1) {
      const broken = Buffer.from(image);
      for (let flips = 1 + random(4); flips > 0; flips -= 1) {
        const at = random(2) === 0 ? random(head) : DYNAMIC + random(image.length - DYNAMIC);
        broken[at] = random(256);
      }
      expect(Object.keys(read(broken))).toHaveLength(1);
    }
  });
});
