import type { Bytes } from '../../contracts/environment.ts';
import { AltsError } from '../../contracts/errors.ts';
import type { ChangedConfiguration, OwnedFile } from '../../contracts/facts.ts';
import type { Shell } from '../../contracts/package-manager.ts';

/** Files that are changed; a package has a few, and some have hundreds. */
const MAX_FILES = 1000;

/** What the package managers call a configuration file that they keep beside another: dpkg(1), rpm(8). */
const ASIDE = ['.dpkg-old', '.dpkg-bak', '.dpkg-dist', '.rpmsave', '.rpmorig', '.rpmnew', '.ucf-old'];

/** What the files that were changed contain since then: digest by path. */
export type UserChanges = ReadonlyMap<string, string>;

/** Appends a newline to each file that comes on stdin, NUL after each; a link is somebody else's. Prints digests. */
const CHANGE = `xargs -0 -r sh -c 'for path do
  if [ -f "$path" ] && ! [ -h "$path" ] && echo >> "$path"; then sha256sum -- "$path"; fi
done; :' sh`;
const LOOK = `xargs -0 -r sha256sum -- 2> /dev/null; :`;

/**
 * Does what a person does to the configuration files of a package: changes them, so that there is something to keep.
 * @returns what was changed; files that cannot be changed are left out
 */
export async function changeConfiguration(shell: Shell, paths: readonly string[]): Promise<UserChanges> {
  const chosen = paths.filter(isPlain).slice(0, MAX_FILES);
  if (chosen.length < paths.length)
    shell.note(`${paths.length - chosen.length} more configuration files are left alone`);
  if (chosen.length === 0) return new Map();
  shell.note(`appending a newline to each configuration file: ${chosen.join(', ')}`);
  return digests(shell, CHANGE, chosen, { reading: false });
}

/**
 * What became of the changes.
 * @param paths the configuration files that the package has now: a file may have got another name
 */
export async function followConfiguration(
  shell: Shell,
  changes: UserChanges,
  paths: readonly string[],
): Promise<ChangedConfiguration[]> {
  if (changes.size === 0) return [];
  const beside = (path: string): string[] => [path, ...ASIDE.map((suffix) => `${path}${suffix}`)];
  // Under a name that it had not before: a file that was moved with what the person had written.
  const renamed = paths.filter((path) => isPlain(path) && !changes.has(path)).slice(0, MAX_FILES);
  const looked = [...[...changes.keys()].flatMap(beside), ...renamed];
  const now = await digests(shell, LOOK, looked, { reading: true });
  return [...changes].map(([path, digest]) => ({
    path,
    keptAs: [...beside(path), ...renamed].find((one) => now.get(one) === digest),
    present: now.has(path),
  }));
}

/** Where the changes are in effect: in the files themselves, or in those that have taken their names over. */
export function pathsInEffect(followed: readonly ChangedConfiguration[]): Set<string> {
  const paths = followed.flatMap(({ path, keptAs }) =>
    keptAs === undefined || ASIDE.some((suffix) => keptAs === path + suffix) ? [] : [keptAs],
  );
  return new Set(paths);
}

/** Files that a person has changed have other content than the package's on purpose: it is not to be compared. */
export function exceptChanged(files: readonly OwnedFile[], changed: ReadonlySet<string>): readonly OwnedFile[] {
  if (changed.size === 0) return files;
  return files.map((file) => {
    if (!changed.has(file.path) || !file.recorded) return file;
    const unverified = [...new Set([...(file.recorded.unverified ?? []), 'digest', 'size'] as const)];
    return { ...file, recorded: { ...file.recorded, unverified } };
  });
}

/** sha256sum(1) writes odd names in another way; such configuration files are rare enough to be left alone. */
const isPlain = (path: string): boolean => /^\/[^\\\n\r\0]*$/.test(path);

async function digests(
  shell: Shell,
  script: string,
  paths: readonly string[],
  { reading }: { readonly reading: boolean },
): Promise<Map<string, string>> {
  const { stdout, end, stderr } = await shell.run(['sh', '-c', script], {
    stdin: list(paths),
    reading,
    keepBytes: 4 << 20,
  });
  if (end.type !== 'exit' || end.code !== 0) {
    throw new AltsError('environment_lost', `configuration files cannot be read: ${Buffer.from(stderr).toString()}`);
  }
  const lines = Buffer.from(stdout)
    .toString()
    .matchAll(/^([0-9a-f]{64}) [ *](.*)$/gm);
  return new Map([...lines].map(([, digest = '', path = '']) => [path, digest]));
}

async function* list(paths: readonly string[]): Bytes {
  yield Buffer.from(paths.map((path) => `${path}\0`).join(''));
}
