import { randomBytes } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { AltsError, formatSystem, type System } from '@alts/sdk/plugin';
import { execa } from 'execa';
import { connect } from './docker-connect.ts';
import type { Engine } from './docker-engine.ts';
import { fromDocker } from './docker-errors.ts';

/** Systems that can be built from their distribution's own mirror, and what mmdebstrap(1) calls them. */
export const BUILDABLE: Readonly<Record<string, string>> = {
  'debian:11': 'bullseye',
  'debian:12': 'bookworm',
  'debian:13': 'trixie',
  'debian:sid': 'sid',
};

/** Marks images that were built here, for `alts image list`. */
const LABEL = 'org.alts.image';

/**
 * As in Debian's official image: without an init, services are not to be started. See invoke-rc.d(8). The tool writes
 * the same file for the time of the build and removes it after the last hook, so that it has to leave this to us.
 */
const POLICY = 'printf \'#!/bin/sh\\nexit 101\\n\' > "$1/usr/sbin/policy-rc.d" && chmod 755 "$1/usr/sbin/policy-rc.d"';

const POLICY_OPTIONS = ['--skip=chroot/policy-rc.d', `--extract-hook=${POLICY}`];

/** How much of the engine's answer to an import is looked at. */
const MAX_ANSWER = 10_000;

export interface BuildOptions {
  /** Default: the tool's own. */
  readonly mirror?: string | undefined;
  /** Default: the system's name, `debian:12`. */
  readonly tag?: string | undefined;
  /** Of the engine that gets it; see `DockerOptions`. */
  readonly host?: string | undefined;
  readonly context?: string | undefined;
  readonly onProgress?: ((line: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Makes a clean base image from the distribution's own mirror, where pulling is impossible: what mmdebstrap calls
 * minbase, with package lists left out, as the official image has it.
 * @throws {AltsError} `invalid_request` for a system that cannot be built; `not_supported` where mmdebstrap is missing;
 *   `repository_unavailable`, `runner_unavailable`
 */
export async function buildBaseImage(
  system: System,
  options: BuildOptions = {},
): Promise<{ name: string; digest: string }> {
  const name = `${system.distribution}:${system.version}`;
  const suite = Object.hasOwn(BUILDABLE, name) ? BUILDABLE[name] : undefined;
  if (!suite || system.architecture) {
    const known = Object.keys(BUILDABLE).join(', ');
    throw new AltsError('invalid_request', `system: ${formatSystem(system)} cannot be built; these can: ${known}`);
  }
  const { mirror, signal } = options;
  if (mirror !== undefined && !/^https?:\/\/[^\s]+$/.test(mirror)) {
    throw new AltsError('invalid_request', `mirror: ${JSON.stringify(mirror)} is not an http(s) URL`);
  }
  signal?.throwIfAborted();
  const tag = options.tag ?? name;
  const { docker } = await connect({ host: options.host, context: options.context });
  // Under a name of its own until it is whole: a half image would look like a whole one.
  const staged = { ...splitTag(tag), tag: `building-${randomBytes(6).toString('hex')}` };
  const image = docker.getImage(`${staged.repo}:${staged.tag}`);
  try {
    await bootstrapInto(docker, staged, name, suite, options);
    signal?.throwIfAborted();
    const { Id } = await image.inspect();
    await image.tag(splitTag(tag));
    return { name: tag, digest: Id };
  } catch (error) {
    signal?.throwIfAborted();
    throw fromDocker(error, `importing ${tag}`, 'runner_unavailable');
  } finally {
    await image.remove().catch(() => undefined);
  }
}

/** `localhost:5000/debian:12` is a repository and a tag. */
function splitTag(reference: string): { repo: string; tag: string } {
  const [, repo = reference, tag = 'latest'] = /^(.*?)(?::([^/:]+))?$/.exec(reference) ?? [];
  return { repo, tag };
}

/** Streams what mmdebstrap makes into the engine; whichever of the two fails ends the other. */
async function bootstrapInto(
  docker: Engine,
  staged: { repo: string; tag: string },
  name: string,
  suite: string,
  { mirror, signal, onProgress }: BuildOptions,
): Promise<void> {
  const stop = new AbortController();
  const args = ['--variant=minbase', '--format=tar', ...POLICY_OPTIONS, suite, '-'];
  const build = execa('mmdebstrap', mirror ? [...args, mirror] : args, {
    buffer: false,
    reject: false,
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
    cancelSignal: signal ? AbortSignal.any([stop.signal, signal]) : stop.signal,
  });
  const said = follow(build.stderr, onProgress);
  const imported = docker
    .importImage(build.stdout.pipe(new PassThrough()), {
      ...staged,
      changes: [`LABEL ${LABEL}=${name}`, 'CMD ["bash"]'],
    })
    .then((stream) => finish(stream));
  // Nobody reads on: the tool would wait for ever.
  imported.catch(() => stop.abort());
  const result = await build;
  if (stop.signal.aborted) await imported;
  const importing = await imported.then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  signal?.throwIfAborted();
  if (result.failed) throw buildError(result as { code?: string; exitCode?: number }, said());
  if (importing) throw importing.error;
}

/** Lines worth showing; the last one is kept for the error. */
function follow(stream: NodeJS.ReadableStream, onProgress: ((line: string) => void) | undefined): () => string {
  let last = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    for (const line of text.split(/[\r\n]+/)) {
      if (line.startsWith('I: ')) onProgress?.(line.slice(3));
      if (/^[EW]: /.test(line)) last = line;
    }
  });
  return () => last;
}

/** To its end; the engine writes an error into a stream that began well. */
async function finish(stream: NodeJS.ReadableStream): Promise<void> {
  let text = '';
  for await (const chunk of stream) text = `${text}${chunk}`.slice(-MAX_ANSWER);
  const error = /"error":"((?:[^"\\]|\\.)*)"/.exec(text)?.[1];
  if (error) throw new Error(error);
}

function buildError({ code, exitCode }: { code?: string; exitCode?: number }, said: string): AltsError {
  if (code === 'ENOENT')
    return new AltsError('not_supported', 'mmdebstrap is not installed; install it: apt-get install mmdebstrap');
  return new AltsError(
    said.includes('No space left on device') ? 'disk_full' : 'repository_unavailable',
    `mmdebstrap failed (exit ${exitCode ?? '?'}): ${said || 'it did not say why'}`,
  );
}

/** Images on the engine whose name is a system that can be built, or that were built here. */
export async function listImages(
  options: { host?: string | undefined; context?: string | undefined } = {},
): Promise<{ name: string; digest: string; bytes: number; builtHere: boolean }[]> {
  const { docker } = await connect(options);
  const images = await docker.listImages();
  return images
    .flatMap((image) =>
      (image.RepoTags ?? []).map((name) => ({
        name,
        digest: image.Id,
        bytes: image.Size,
        builtHere: Boolean(image.Labels?.[LABEL]),
      })),
    )
    .filter(({ name, builtHere }) => builtHere || /^[a-z0-9]+:[a-z0-9.]+$/.test(name))
    .sort((a, b) => a.name.localeCompare(b.name));
}
