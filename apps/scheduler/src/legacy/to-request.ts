import type { TestRequestInput } from '@alts/sdk';
import type { TaskPayload } from './task-payload.ts';

/** A payload of the Python system's clients as a request; what is wrong in it is for the request's own schema to say. */
export function toRequest(payload: TaskPayload): TestRequestInput {
  const { module_name: name, module_stream: stream, module_version: version } = payload;
  return {
    package: { name: payload.package_name, ...versionOf(payload) },
    system: {
      distribution: payload.dist_name,
      version: payload.dist_version,
      architecture: payload.dist_arch,
    } as TestRequestInput['system'],
    repositories: payload.repositories.map(repositoryOf),
    ...(name !== undefined && stream !== undefined && { module: { name, stream, ...(version && { version }) } }),
    tests: suitesOf(payload),
  };
}

/** `epoch:version-release`; without a version an epoch says nothing. */
function versionOf({ package_epoch: epoch, package_version: version }: TaskPayload): { version?: string } {
  if (version === undefined) return {};
  return { version: epoch === undefined ? version : `${epoch}:${version}` };
}

type Repositories = NonNullable<TestRequestInput['repositories']>;

/** A whole line of sources.list(5), or a URL; packages of these repositories were never checked for signatures. */
function repositoryOf(
  { name, baseurl, url }: TaskPayload['repositories'][number],
  index: number,
): Repositories[number] {
  const address = baseurl ?? url ?? '';
  if (/^deb\s/.test(address)) return trusted(address);
  return { name: safeName(name) ?? `repo-${index}`, url: address, trusted: true };
}

function trusted(line: string): string {
  const [, options, rest = ''] = /^deb\s+(?:\[([^\]]*)\]\s*)?(.*)$/.exec(line) ?? [];
  if (options?.includes('trusted=') || options?.includes('signed-by=')) return line;
  return `deb [${[options, 'trusted=yes'].filter(Boolean).join(' ')}] ${rest}`;
}

/** Any name is a name to the web server; ours is that of a file. */
function safeName(name: string | undefined): string | undefined {
  const safe = name
    ?.replace(/[^A-Za-z0-9._-]/g, '_')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 64);
  return safe || undefined;
}

function suitesOf({ test_configuration: configuration }: TaskPayload): NonNullable<TestRequestInput['tests']> {
  const environment = variablesOf(configuration?.test_env?.extra_env_vars ?? []);
  return (configuration?.tests ?? []).map(({ url, git_ref: ref, test_dir: dir, tests_to_run: only }) => {
    const [, repository = url, inner] = /^(.+\.git)\/(.+?)\/*$/.exec(url) ?? [];
    const where = dir ?? inner;
    return {
      url: repository,
      ...(ref !== undefined && { ref }),
      ...(where !== undefined && { dir: where.replace(/^\/+/, '') }),
      ...(only?.length && { only }),
      environment,
    };
  });
}

/** `K=V`, also with `=` in the value. */
function variablesOf(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      return at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}
