import { createHash } from 'node:crypto';
import { EVR } from '../collectors/rpm-query.ts';
import { AltsError } from '../contracts/errors.ts';
import type { InstallTarget, PackageFile, Shell } from '../contracts/package-manager.ts';
import type { Failure } from '../contracts/report.ts';
import { ALTS_DIRECTORY, DNF_ENV } from './dnf-command.ts';
import { explain } from './dnf-run.ts';
import { hashed } from './hashed-content.ts';
import { type EndedCommand, endedCommand, failureOf, succeeded } from './output-text.ts';
import { resourceError } from './resources.ts';

/** Our own name: what the file is called elsewhere decides nothing in here. */
const STAGED = `${ALTS_DIRECTORY}/package.rpm`;

/** Exit codes of the script that no tool in it uses. */
const NOT_WRITTEN = 97;
const NOT_A_PACKAGE = 98;
const FORMAT = `Name: %{NAME}\\nVersion: ${EVR}\\nArchitecture: %{ARCH}\\nSource: %{SOURCERPM}\\n`;
const STAGE = `umask 022; { mkdir -p "\${1%/*}" && cat > "$1"; } || exit ${NOT_WRITTEN}
rpm -q -p --nosignature --queryformat "$2" "$1" || exit ${NOT_A_PACKAGE}`;

interface Staged {
  readonly target: InstallTarget;
  readonly architecture: string;
  readonly sha256: string;
}

/** Streams a package file into the environment and asks what it is. */
export async function stage(shell: Shell, file: PackageFile): Promise<Failure | Staged> {
  const hash = createHash('sha256');
  const command = ['sh', '-c', STAGE, 'sh', STAGED, FORMAT] as const;
  const run = endedCommand(command, await shell.run(command, { env: DNF_ENV, stdin: hashed(file, hash) }));
  if (!succeeded(run.end)) return notStaged(shell, file, run);
  const fields = new Map(
    [...run.stdout.matchAll(/^([A-Z][a-z]+): (.*)$/gm)].map(([, key = '', value = '']) => [key, value.trim()]),
  );
  const [name, version, architecture] = ['Name', 'Version', 'Architecture'].map((field) => fields.get(field));
  // rpm(8) with a text file takes its lines for the names of packages and says nothing.
  if (!name || !version || !architecture)
    return failureOf(run, 'not_a_package', `${file.fileName} is not an rpm package`);
  if (fields.get('Source') === '(none)') {
    return failureOf(run, 'not_a_package', `${file.fileName} is a source package, which cannot be installed`);
  }
  return { target: { name, version, path: STAGED }, architecture, sha256: hash.digest('hex') };
}

async function notStaged(shell: Shell, file: PackageFile, run: EndedCommand): Promise<Failure> {
  const code = run.end.type === 'exit' ? run.end.code : undefined;
  if (code === NOT_A_PACKAGE) {
    const [said = ''] = run.stderr.split('\n').filter((line) => line.startsWith('error: '));
    const why = said.replace('error: ', '').replaceAll(STAGED, 'it');
    return failureOf(run, 'not_a_package', `${file.fileName} is not an rpm package${why ? `: ${why}` : ''}`);
  }
  const error = resourceError(run.stderr);
  if (error) throw error;
  if (run.end.type === 'time-limit') {
    throw new AltsError('time_limit', `bringing ${file.fileName} into the environment reached its limit`);
  }
  if (code === NOT_WRITTEN) throw new AltsError('environment_lost', `cannot write ${STAGED}: ${run.stderr.trim()}`);
  return explain(shell, run);
}
