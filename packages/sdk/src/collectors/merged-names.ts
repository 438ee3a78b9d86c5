/**
 * Names under which a package manager may know a file: of before and after `/lib` and `/bin` became links to `/usr/lib`
 * and `/usr/bin`, the one asked for first.
 */
export function mergedNames(path: string): string[] {
  if (/^\/usr\/(lib|bin|sbin)/.test(path)) return [path, path.slice('/usr'.length)];
  if (/^\/(lib|bin|sbin)/.test(path)) return [path, `/usr${path}`];
  return [path];
}
