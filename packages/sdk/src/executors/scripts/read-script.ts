import { open, realpath, stat } from 'node:fs/promises';
import { sep } from 'node:path';
import { parseShebang, type Shebang } from './shebang.ts';

/** What is read of a file to see what it is. */
const BEGINNING = 64 * 1024;
const SHEBANG = 255;

/** A file that may be a test. */
export interface Script {
  readonly shebang?: Shebang | undefined;
  readonly executable: boolean;
  readonly isElf: boolean;
  /** It has a NUL, as text never has. */
  readonly isBinary: boolean;
  readonly isEmpty: boolean;
  /** Its first 64 KiB. */
  readonly beginning: string;
}

/**
 * What a file is, where a link leads to.
 * @param root of the suite; nothing outside is looked at
 * @returns why it can be no test: one word or a few
 */
export async function readScript(root: string, path: string): Promise<Script | string> {
  try {
    const real = await realpath(path);
    if (!real.startsWith((await realpath(root)) + sep)) return 'leads out of the suite';
    const found = await stat(real);
    if (!found.isFile()) return found.isDirectory() ? 'directory' : 'no file';
    return describe(await readBeginning(real), (found.mode & 0o111) !== 0);
  } catch (error) {
    if (error instanceof Error && 'code' in error && UNREADABLE.has(`${error.code}`)) return 'cannot be read';
    throw error;
  }
}

/** A link that leads nowhere or to itself, a name that is no UTF-8, a file of another user. */
const UNREADABLE: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'EACCES', 'ENAMETOOLONG']);

function describe(bytes: Buffer, executable: boolean): Script {
  const beginning = bytes.toString();
  return {
    shebang: parseShebang(bytes.subarray(0, SHEBANG).toString()),
    executable,
    isElf: beginning.startsWith('\x7fELF'),
    isBinary: bytes.includes(0),
    isEmpty: bytes.length === 0,
    beginning,
  };
}

async function readBeginning(path: string): Promise<Buffer> {
  await using file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(BEGINNING), 0, BEGINNING, 0);
  return buffer.subarray(0, bytesRead);
}
