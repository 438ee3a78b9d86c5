import { execFileSync } from 'node:child_process';
import type { Check, Problem } from './repository.ts';

/** What git knows of releases. */
export interface Releases {
  /** Tags `@alts/<package>@<version>`, which `changeset publish` makes. */
  readonly tags: readonly string[];
  /** Paths that differ from the newest of them; all there are when there is none. */
  readonly changed: readonly string[];
}

function git(...args: readonly string[]): string {
  return execFileSync('git', args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: 64 * 1024 * 1024,
  });
}

const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

export function releases(): Releases {
  const tags = git('tag', '--list', '@alts/*@*', '--sort=-creatordate').split('\n').filter(Boolean);
  const changed = git('diff', '--name-only', tags[0] ?? EMPTY_TREE)
    .split('\n')
    .filter(Boolean);
  return { tags, changed };
}

const isSource = (file: string) => /^(?:packages|apps)\/[^/]+\/(?:src|bin)\//.test(file) && !/\.test\.ts$/.test(file);

function* named(changeset: string, content: string, packages: ReadonlySet<string>): Iterable<Problem> {
  const header = /^---\n([\s\S]*?)\n---\n/.exec(content)?.[1] ?? '';
  for (const line of header.split('\n').filter(Boolean)) {
    const name = /^["']?([^"']+)["']?\s*:/.exec(line)?.[1];
    if (!name || !packages.has(name)) yield { file: changeset, message: `names a package that is not here: ${line}` };
  }
}

/** What users can see of a change is said in a changeset, and a changeset names packages that exist. */
export function changesets({ tags, changed }: Releases): Check {
  return function* ({ files, text }) {
    const manifests = files.filter((file) => /^(?:packages|apps)\/[^/]+\/package\.json$/.test(file));
    const packages = manifests.map((file) => JSON.parse(text(file) ?? '{}') as { name: string; version: string });
    const written = files.filter((file) => /^\.changeset\/(?!README).+\.md$/.test(file));
    for (const file of written) yield* named(file, text(file) ?? '', new Set(packages.map(({ name }) => name)));
    // Between `changeset version`, which turns changesets into versions, and `changeset publish`, which tags them.
    const inRelease = packages.some(({ name, version }) => version !== '0.0.0' && !tags.includes(`${name}@${version}`));
    const first = changed.find(isSource);
    if (first && written.length === 0 && !inRelease) {
      yield { file: first, message: 'changed since the last release and no changeset says so: npm run changeset' };
    }
  };
}
