import type { Abortable, Environment } from '../contracts/environment.ts';
import { AltsError } from '../contracts/errors.ts';

/** Far above what any package needs: 100,000 files are 15 MiB. */
const MAX_BYTES = 256 * 1024 * 1024;

/** A file may be as long as a script of the package likes: contents that cannot be read in this time are not known. */
export const DIGEST_SECONDS = 20;

interface ReadOptions extends Abortable {
  /** For messages: what is asked for. */
  readonly what: string;
  readonly env?: Readonly<Record<string, string>> | undefined;
}

/**
 * Runs a script of ours in one exec, with its arguments as positional parameters.
 * @returns all that it wrote to standard output
 * @throws {AltsError} `limit_exceeded`, or `environment_lost` when the script did not come to its end
 */
export async function readOutput(
  environment: Environment,
  script: string,
  operands: readonly string[],
  { what, signal, env }: ReadOptions,
): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const { end, stderr } = await environment.exec(['sh', '-c', script, 'sh', ...operands], {
    signal,
    env: { LC_ALL: 'C.UTF-8', ...env },
    keepBytes: 4096,
    onOutput: ({ stream, bytes: chunk }) => {
      if (stream === 'stderr') return;
      bytes += chunk.length;
      if (bytes > MAX_BYTES) throw new AltsError('limit_exceeded', `${what}: do not fit into ${MAX_BYTES} bytes`);
      chunks.push(chunk);
    },
  });
  if (end.type !== 'exit' || end.code !== 0) {
    throw new AltsError('environment_lost', `${what}: cannot be read: ${Buffer.from(stderr).toString().trim()}`);
  }
  return Buffer.concat(chunks).toString();
}
