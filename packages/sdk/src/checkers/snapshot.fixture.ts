import type { LaterSnapshot, SystemFile } from '../contracts/snapshot.ts';

/** `/a/` is a directory, `/a -> b` a link, `/a*` a program, anything else a file. */
export function filesOf(...paths: string[]): Map<string, SystemFile> {
  const entries = paths.map((text): [string, SystemFile] => {
    const [path = '', target] = text.split(' -> ');
    const type = target !== undefined ? 'symlink' : path.endsWith('/') ? 'directory' : 'file';
    const mode = path.endsWith('*') ? 0o755 : 0o644;
    const common = { mode, uid: 0, gid: 0, size: 0, modifiedAt: 0 };
    return [path.replace(/[*/]$/, ''), { type, ...common, ...(target !== undefined && { target }) }];
  });
  return new Map(entries);
}

/** A system with one package, no file, and nothing else. */
export const EMPTY = {
  files: filesOf(),
  packages: new Map([['base', '1 all']]),
  users: new Map([['root', 0]]),
  groups: new Map([['root', 0]]),
  alternatives: new Map(),
  diversions: [],
  statOverrides: [],
  processes: [],
  owners: new Map(),
} satisfies LaterSnapshot;
