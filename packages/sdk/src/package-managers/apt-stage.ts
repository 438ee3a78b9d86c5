import { createHash } from 'node:crypto';
import { AltsError } from '../contracts/errors.ts';
import type { InstallTarget, PackageFile, Shell } from '../contracts/package-manager.ts';
import type { Failure } from '../contracts/report.ts';
import { ALTS_DIRECTORY, APT_ENV } from './apt-command.ts';
import { explain } from './apt-run.ts';
import { hashed } from './hashed-content.ts';
import { type EndedCommand, endedCommand, failureOf, succeeded } from './output-text.ts';
import { resourceError } from './resources.ts';

/** Our own name: what the file is called elsewhere decides nothing in here. Readable for apt's user `_apt`. */
const STAGED = `${ALTS_DIRECTORY}/package.deb`;

/** Exit codes of the script that no tool in it uses. */
const NOT_WRITTEN = 97;
const NOT_A_PACKAGE = 98;
const STAGE = `umask 022; { mkdir -p "\${1%/*}" && cat > "$1"; } || exit ${NOT_WRITTEN}
dpkg-deb --field "$1" Package Version Architecture || exit ${NOT_A_PACKAGE}
echo "Native: $(dpkg --print-architecture) $(dpkg --print-foreign-architectures | tr '\\n' ' ')"`;

interface Staged {
  readonly target: InstallTarget;
  readonly architecture: string;
  readonly sha256: string;
}

/** Streams a package file into the environment and asks what it is. */
export async function stage(shell: Shell, file: PackageFile): Promise<Failure | Staged> {
  const hash = createHash('sha256');
  const command = ['sh', '-c', STAGE, 'sh', STAGED] as const;
  const run = endedCommand(command, await shell.run(command, { env: APT_ENV, stdin: hashed(file, hash) }));
  if (!succeeded(run.end)) return notStaged(shell, file, run);
  const fields = new Map(
    [...run.stdout.matchAll(/^([A-Z][\w-]*): *(.*)$/gm)].map(([, key = '', value = '']) => [key, value.trim()]),
  );
  const [name, version, architecture] = ['Package', 'Version', 'Architecture'].map((field) => fields.get(field));
  if (!name || !version || !architecture) {
    return failureOf(run, 'not_a_package', `${file.fileName} has no Package, Version or Architecture, deb-control(5)`);
  }
  const accepted = fields.get('Native')?.split(' ') ?? [];
  if (architecture !== 'all' && !accepted.includes(architecture)) {
    return failureOf(
      run,
      'wrong_architecture',
      `${file.fileName} is for ${architecture}, the system is ${accepted[0]}`,
    );
  }
  return { target: { name, version, path: STAGED }, architecture, sha256: hash.digest('hex') };
}

async function notStaged(shell: Shell, file: PackageFile, run: EndedCommand): Promise<Failure> {
  const code = run.end.type === 'exit' ? run.end.code : undefined;
  if (code === NOT_A_PACKAGE) {
    const [said = ''] = run.stderr.split('\n').filter((line) => line.startsWith('dpkg-deb: error: '));
    const why = said.replace('dpkg-deb: error: ', '').replaceAll(`'${STAGED}'`, 'it');
    return failureOf(run, 'not_a_package', `${file.fileName} is not a Debian package${why ? `: ${why}` : ''}`);
  }
  const error = resourceError(run.stderr);
  if (error) throw error;
  if (run.end.type === 'time-limit') {
    throw new AltsError('time_limit', `bringing ${file.fileName} into the environment reached its limit`);
  }
  if (code === NOT_WRITTEN) throw new AltsError('environment_lost', `cannot write ${STAGED}: ${run.stderr.trim()}`);
  return explain(shell, run);
}
