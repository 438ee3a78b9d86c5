import type { VersionNeed } from '../../contracts/elf.ts';
import type { DynamicSection } from './elf-dynamic-section.ts';
import type { ElfLayout } from './elf-layout.ts';
import { ElfProblem, type ElfSource } from './elf-source.ts';

/** elf(5) and the Linux Standard Base, Symbol Versioning: the same layout for 32 and 64 bits. */
const DT_VERDEF = 0x6ffffffc;
const DT_VERDEFNUM = 0x6ffffffd;
const DT_VERNEED = 0x6ffffffe;
const DT_VERNEEDNUM = 0x6fffffff;
const NEED_BYTES = 16;
const NEEDED_VERSION_BYTES = 16;
const DEFINITION_BYTES = 20;
const DEFINED_VERSION_BYTES = 8;
const VER_FLG_BASE = 1;
const VER_FLG_WEAK = 2;
/** libstdc++ defines 200. A list that goes in a circle ends here, too. */
const MAX_RECORDS = 16_384;

/** Counts records of lists whose links may lead anywhere. */
function counter(what: string): () => void {
  let count = 0;
  return () => {
    count += 1;
    if (count > MAX_RECORDS) throw new ElfProblem(`${what} are more than ${MAX_RECORDS}, or go in a circle`);
  };
}

/** Which versions of symbols it needs of which library. @throws {ElfProblem | BytesWanted} */
export function readVersionNeeds(source: ElfSource, layout: ElfLayout, dynamic: DynamicSection): VersionNeed[] {
  const { u16, u32 } = layout.numbers;
  const what = 'the versions that it needs';
  const address = dynamic.last(DT_VERNEED);
  if (address === undefined) return [];
  const count = counter(what);
  const needs: VersionNeed[] = [];
  let at = dynamic.place(address, what);
  for (let left = dynamic.last(DT_VERNEEDNUM) ?? 0; left > 0; left -= 1) {
    count();
    const need = source.slice(at, NEED_BYTES, what);
    const library = dynamic.string(u32(need, 4), 'a library that versions are needed of');
    let versionAt = at + u32(need, 8);
    for (let versions = u16(need, 2); versions > 0; versions -= 1) {
      count();
      const record = source.slice(versionAt, NEEDED_VERSION_BYTES, what);
      const version = dynamic.string(u32(record, 8), 'a version that it needs');
      needs.push({ library, version, weak: (u16(record, 4) & VER_FLG_WEAK) !== 0 });
      const next = u32(record, 12);
      if (next === 0) break;
      versionAt += next;
    }
    const next = u32(need, 12);
    if (next === 0) break;
    at += next;
  }
  return needs;
}

/** Which versions it has for others; its own name, which is on the list as well, is left out. @throws {ElfProblem | BytesWanted} */
export function readVersionDefinitions(source: ElfSource, layout: ElfLayout, dynamic: DynamicSection): string[] {
  const { u16, u32 } = layout.numbers;
  const what = 'the versions that it defines';
  const address = dynamic.last(DT_VERDEF);
  if (address === undefined) return [];
  const count = counter(what);
  const versions: string[] = [];
  let at = dynamic.place(address, what);
  for (let left = dynamic.last(DT_VERDEFNUM) ?? 0; left > 0; left -= 1) {
    count();
    const definition = source.slice(at, DEFINITION_BYTES, what);
    if ((u16(definition, 2) & VER_FLG_BASE) === 0 && u16(definition, 6) > 0) {
      const record = source.slice(at + u32(definition, 12), DEFINED_VERSION_BYTES, what);
      versions.push(dynamic.string(u32(record, 0), 'a version that it defines'));
    }
    const next = u32(definition, 16);
    if (next === 0) break;
    at += next;
  }
  return versions;
}
