import type { Collector, ServiceFile } from '../contracts/facts.ts';

/** Above what any unit needs; whoever ships a larger one has it left out, not read. */
const MAX_FILE_BYTES = 1024 * 1024;
const MAX_FILES = 2000;

/** systemd.unit(5), "unit file load path", of the system's manager; drop-ins as well. */
const UNIT =
  /^\/(usr\/)?(lib|etc)\/systemd\/system\/([^/]+\.(service|socket|mount|path|timer|swap|automount)|[^/]+\.d\/[^/]+\.conf)$/;
const USERS = /^\/usr\/lib\/sysusers\.d\/[^/]+\.conf$/;

export function kindOf(path: string): ServiceFile['kind'] | undefined {
  if (UNIT.test(path)) return 'unit';
  return USERS.test(path) ? 'users' : undefined;
}

/** Reads the units and sysusers.d(5) files of the package; a package that has none costs no round trip. Both families. */
export const packageServices: Collector<'package.services', 'package.files' | 'system.now'> = {
  fact: 'package.services',
  needs: ['package.files', 'system.now'],
  async collect(environment, { 'package.files': owned, 'system.now': now }, _context, { signal }) {
    const merged = now.files.get('/lib')?.target !== undefined;
    const paths = owned
      .filter(({ path, type }) => {
        if (type !== 'file' || kindOf(path) === undefined) return false;
        const size = now.files.get(merged ? path.replace(/^\/lib\//, '/usr/lib/') : path)?.size ?? 0;
        return size > 0 && size <= MAX_FILE_BYTES;
      })
      .map(({ path }) => path)
      .slice(0, MAX_FILES);
    if (paths.length === 0) return [];
    const files: ServiceFile[] = [];
    for await (const file of environment.read(paths, { signal })) {
      const kind = kindOf(file.path);
      if (file.type !== 'file' || kind === undefined) continue;
      files.push({ path: file.path, kind, text: Buffer.from(file.content).toString() });
    }
    return files;
  },
};
