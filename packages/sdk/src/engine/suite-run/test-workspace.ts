import type { ArtifactRef } from '../../contracts/report.ts';
import type { StageContext } from '../test-state.ts';
import { decodeLines } from './decode-lines.ts';

/** Where tests may leave files and work, each in directories of its own. */
const WORK = '/var/tmp/alts-tests';
/** What is kept of each test. */
const MAX_ARTIFACTS = 100;
const MAX_BYTES = 64 * 1024 * 1024;

/** Directories of one test in the environment. */
export interface TestWorkspace {
  readonly artifacts: string;
  readonly temporary: string;
}

function workspaceOf(id: string): TestWorkspace {
  return { artifacts: `${WORK}/${id}/artifacts`, temporary: `${WORK}/${id}/tmp` };
}

/** Makes them, open to every user. */
export async function makeWorkspace({ shell }: StageContext, id: string): Promise<TestWorkspace> {
  const made = workspaceOf(id);
  const script = 'mkdir -p -- "$@" && chmod 1777 -- "$@"';
  await shell.run(['sh', '-c', script, 'sh', made.artifacts, made.temporary], { reading: true });
  return made;
}

/** Names and sizes, a line each; names with a line break in them are left out. */
const LIST = `find "$1" -type f ! -name '*
*' -printf '%s %P\\n' 2>/dev/null | sort -k 2 | head -n ${MAX_ARTIFACTS + 1}; :`;

const safeName = (path: string): string => path.replace(/[^A-Za-z0-9._+@-]/g, '_').slice(-80);

/**
 * Keeps the files that a test left in `$ALTS_ARTIFACTS`.
 * @param id of the test; their names begin with it
 * @returns names of the artifacts, and what was left out
 */
export async function collectArtifacts(
  { plan, state, shell, signal }: StageContext,
  { artifacts }: TestWorkspace,
  id: string,
): Promise<{ kept: string[]; omitted: number }> {
  const { stdout } = await shell.run(['sh', '-c', LIST, 'sh', artifacts], { reading: true, keepBytes: 1 << 20 });
  const found = decodeLines(stdout).map((line) => {
    const [, size = '', path = ''] = /^(\d+) (.+)$/.exec(line) ?? [];
    return { path, size: Number(size) };
  });
  let room = MAX_BYTES;
  const chosen = found.slice(0, MAX_ARTIFACTS).filter(({ path, size }) => {
    const fits = path !== '' && size <= room;
    if (fits) room -= size;
    return fits;
  });
  const kept: string[] = [];
  const paths = chosen.map(({ path }) => `${artifacts}/${path}`);
  for await (const file of shell.environment.read(paths, { signal, maxFileBytes: MAX_BYTES })) {
    if (file.type !== 'file') continue;
    const name = unique(`${plan.artifactPrefix}${id}-${safeName(file.path.slice(artifacts.length + 1))}`, kept);
    const stored: Promise<ArtifactRef> = plan.parts.store.put({ taskId: plan.taskId, name }, once(file.content));
    stored.catch(() => {});
    state.kept.push(stored);
    await stored;
    kept.push(name);
  }
  return { kept, omitted: found.length - kept.length };
}

function unique(name: string, taken: readonly string[]): string {
  let [candidate, number] = [name, 1];
  while (taken.includes(candidate)) candidate = `${name}.${++number}`;
  return candidate;
}

async function* once(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content;
}
