import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import { environmentOver } from '../authoring/environment-over.ts';
import type { Argv, Environment, ExecResult } from '../contracts/environment.ts';
import type { Shell } from '../contracts/package-manager.ts';

const run = promisify(execFile);

/** A container by the command line of docker: enough to try a package manager without any runner. */
export interface TestContainer extends AsyncDisposable {
  readonly environment: Environment;
  readonly shell: Shell & { readonly commands: readonly Argv[] };
}

/** @param options of `docker run`, such as `--network none` */
export async function startContainer(image: string, options: readonly string[] = []): Promise<TestContainer> {
  const { stdout } = await run('docker', ['run', '--detach', '--init', ...options, image, 'sleep', 'infinity']);
  const id = stdout.trim();
  const environment = environmentOver(
    { start: (argv) => spawn('docker', ['exec', '--interactive', id, ...argv]) },
    { id, system: { distribution: 'debian', version: image.replace(/^.*:/, '') } },
  );
  return {
    environment,
    shell: shellOf(environment),
    [Symbol.asyncDispose]: async () => void (await run('docker', ['rm', '--force', '--volumes', id])),
  };
}

/** A shell without log and events. */
export function shellOf(environment: Environment, timeoutMs = 120_000): TestContainer['shell'] {
  const commands: Argv[] = [];
  return {
    environment,
    signal: new AbortController().signal,
    commands,
    note: () => undefined,
    run: (command, { reading: _, ...options } = {}) => {
      commands.push(command);
      return environment.exec(command, { ...options, timeoutMs });
    },
  };
}

/** What a command wrote, as text. */
export function textOf(result: ExecResult): string {
  return Buffer.concat([result.stdout, result.stderr]).toString();
}
