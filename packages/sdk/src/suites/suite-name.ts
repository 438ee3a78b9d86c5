const MAX = 100;

/**
 * What a suite is called in the environment: the last part of its URL or path, without `.git` or `.tar.gz`; letters,
 * digits, `.`, `_` and `-` only.
 */
export function suiteName(source: string): string {
  const path = /^https?:\/\//.test(source) ? new URL(source).pathname : source;
  const last = path.replace(/\/+$/, '').split(/[/:]/).at(-1) ?? '';
  const bare = last.replace(/\.git$|\.tar(\.\w+)?$|\.t[gx]z$/, '');
  const safe = bare.replace(/[^A-Za-z0-9._-]/g, '_').slice(0, MAX);
  return /^\.*$/.test(safe) ? 'suite' : safe;
}
