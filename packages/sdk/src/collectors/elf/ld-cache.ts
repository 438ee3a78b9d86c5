/** ldconfig(8) writes it; the layout is glibc's, sysdeps/generic/dl-cache.h. */
const MAGIC = Buffer.from('glibc-ld.so.cache1.1');
const HEADER_BYTES = 48;
const ENTRY_BYTES = 24;
/** Half a million libraries are more than any system has. */
const MAX_ENTRIES = 500_000;
const LITTLE_ENDIAN_FLAG = 2;
const BIG_ENDIAN_FLAG = 3;

/** Where libraries are, by the name that programs need them by; those for every processor of a kind first. */
export type LdCache = ReadonlyMap<string, readonly string[]>;

/**
 * Reads `/etc/ld.so.cache`. One in the older format has the newer behind it, which is the one that is read.
 * @returns an empty map for what is not a cache; a broken one as far as it goes
 */
export function readLdCache(bytes: Uint8Array): LdCache {
  const content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = content.indexOf(MAGIC);
  if (start < 0 || content.length < start + HEADER_BYTES) return new Map();
  const cache = content.subarray(start);
  const u32 = numbersOf(cache);
  const count = Math.min(u32(20), MAX_ENTRIES, Math.floor((cache.length - HEADER_BYTES) / ENTRY_BYTES));
  const usual = new Map<string, string[]>();
  const special: [string, string][] = [];
  for (let index = 0; index < count; index += 1) {
    const at = HEADER_BYTES + index * ENTRY_BYTES;
    const [name, path] = [stringAt(cache, u32(at + 4)), stringAt(cache, u32(at + 8))];
    if (name === undefined || path === undefined) continue;
    // Bits that a processor has to have (glibc-hwcaps): the loader can do without such a library.
    const everyProcessor = u32(at + 16) === 0 && u32(at + 20) === 0;
    if (everyProcessor) add(usual, name, path);
    else special.push([name, path]);
  }
  for (const [name, path] of special) add(usual, name, path);
  return usual;
}

/** Before glibc 2.33 the byte order is not said: then a number of entries that fits decides. */
function numbersOf(cache: Buffer): (at: number) => number {
  const little = (at: number) => cache.readUInt32LE(at);
  const big = (at: number) => cache.readUInt32BE(at);
  const flag = cache[28];
  if (flag === LITTLE_ENDIAN_FLAG) return little;
  if (flag === BIG_ENDIAN_FLAG) return big;
  return little(20) <= big(20) ? little : big;
}

function stringAt(cache: Buffer, offset: number): string | undefined {
  if (offset >= cache.length) return undefined;
  const end = cache.indexOf(0, offset);
  return end < 0 ? undefined : cache.toString('utf8', offset, end);
}

function add(map: Map<string, string[]>, name: string, path: string): void {
  const known = map.get(name);
  if (known) known.push(path);
  else map.set(name, [path]);
}
