import type { InstalledPackage } from '../contracts/facts.ts';
import type { LaterSnapshot, SystemFile } from '../contracts/snapshot.ts';
import type { Remains } from './leftover-origin.ts';

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

const installed: InstalledPackage = {
  name: 'x',
  version: '1',
  architecture: 'all',
  status: 'install ok installed',
  installed: true,
  essential: false,
};

/** A system on which the package x was installed and nothing came of it. */
export const UNCHANGED = {
  'package.installed': installed,
  'package.files': [],
  'system.before': EMPTY,
  'system.now': EMPTY,
} satisfies Remains;
