import { type Remote, runGit } from './git-command.ts';

/** A commit of a remote repository. */
export interface RemoteCommit {
  /** Full object name: 40 or 64 hexadecimal digits; the beginning of one where only that was asked for. */
  readonly commit: string;
  /** Name under which the server offers it; left out where it was asked for by its object name. */
  readonly ref?: string;
}

const OBJECT_NAME = /^[0-9a-f]{4,64}$/;
const FULL_NAME = /^([0-9a-f]{40}|[0-9a-f]{64})$/;

export function isFullName(ref: string): boolean {
  return FULL_NAME.test(ref);
}

/**
 * What a ref means on the server now. The names that it may be short for are tried in this order: a change of Gerrit,
 * the name itself when it is a full one, a tag, a branch (gitrevisions(7)), and last the beginning of a commit.
 * @param ref left out: `HEAD`
 * @returns undefined when the server has no such ref
 * @throws {AltsError} `repository_unavailable`
 */
export async function resolveRef(
  remote: Remote,
  ref: string | undefined,
  signal: AbortSignal,
): Promise<RemoteCommit | undefined> {
  if (ref !== undefined && isFullName(ref)) return { commit: ref };
  const names = namesOf(ref);
  const patterns = names.flatMap((name) => [name, `${name}^{}`]);
  const offered = parse(await runGit(remote, ['ls-remote', '--', remote.address, ...patterns], { signal }));
  for (const name of names) {
    // An annotated tag is an object of its own; `^{}` is what it points to.
    const commit = offered.get(`${name}^{}`) ?? offered.get(name);
    if (commit !== undefined) return { commit, ref: name };
  }
  return ref !== undefined && OBJECT_NAME.test(ref) ? { commit: ref } : undefined;
}

function namesOf(ref: string | undefined): string[] {
  if (ref === undefined || ref === 'HEAD') return ['HEAD'];
  const usual = [`refs/tags/${ref}`, `refs/heads/${ref}`];
  return [...gerritRef(ref), ...(ref.startsWith('refs/') ? [ref] : []), ...usual];
}

/** `12345/2` of Gerrit is `refs/changes/45/12345/2`: the last two digits are a directory (Gerrit: refs/changes). */
function gerritRef(ref: string): string[] {
  const [, change, set] = /^([1-9]\d*)\/([1-9]\d*)$/.exec(ref) ?? [];
  if (change === undefined || set === undefined) return [];
  return [`refs/changes/${change.slice(-2).padStart(2, '0')}/${change}/${set}`];
}

/** `<object>\t<name>`, a line each, git-ls-remote(1). */
function parse(output: string): Map<string, string> {
  const lines = output.split('\n').filter((line) => line.includes('\t'));
  return new Map(lines.map((line) => line.split('\t') as [string, string]).map(([object, name]) => [name, object]));
}
