import type { PackageSpec } from '../contracts/request.ts';

/** What people call the package before anything is known of it. */
export function requestedName(spec: PackageSpec): string {
  if ('name' in spec) return spec.name;
  const path = 'file' in spec ? spec.file : new URL(spec.url).pathname;
  return path.slice(path.lastIndexOf('/') + 1);
}
