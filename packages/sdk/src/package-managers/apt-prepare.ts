import { rootCertificates } from 'node:tls';
import type { Environment, FileEntry } from '../contracts/environment.ts';
import { AltsError } from '../contracts/errors.ts';
import type { Shell } from '../contracts/package-manager.ts';
import type { Failure } from '../contracts/report.ts';
import type { Repository } from '../contracts/repository.ts';
import type { TestRequest } from '../contracts/request.ts';
import { aptGet } from './apt-command.ts';
import { diagnose, runApt } from './apt-run.ts';
import { aptSourceFiles } from './apt-sources.ts';
import { unfetched } from './classify-apt.ts';
import { decodeText, succeeded } from './output-text.ts';

/** Environments whose package lists are of this test: there is no fresher one to be had. */
const refreshed = new WeakSet<Environment>();

const LOOK = `set -- /var/lib/apt/lists/*_Packages* && test -e "$1" && echo lists
test -e /etc/ssl/certs/ca-certificates.crt && echo certificates; :`;

/** Repositories in place, and package lists that know them. */
export async function prepare(shell: Shell, request: TestRequest): Promise<Failure | undefined> {
  const { repositories } = request;
  const found = decodeText((await shell.run(['sh', '-c', LOOK], { reading: true })).stdout).split('\n');
  const files = aptSourceFiles(repositories);
  if (repositories.some(usesTls) && !found.includes('certificates')) files.push(...certificateFiles());
  if (files.length > 0) {
    shell.note(`writing ${files.map((file) => file.path).join(', ')}`);
    await shell.environment.write(files, { signal: shell.signal });
  }
  if (repositories.length > 0 || !found.includes('lists')) await refreshLists(shell);
  return undefined;
}

/**
 * Fetches the package lists.
 * @returns false when this was done before in this environment
 * @throws {AltsError} `repository_unavailable` and others; lists are never the fault of the package under test
 */
export async function refreshLists(shell: Shell): Promise<boolean> {
  if (refreshed.has(shell.environment)) return false;
  const run = await runApt(shell, aptGet('update', []));
  if (!succeeded(run.end)) {
    const diagnosis = await diagnose(shell, run);
    throw diagnosis instanceof Error ? diagnosis : new AltsError('repository_unavailable', diagnosis.message);
  }
  // apt takes old lists instead of those that it could not fetch, and calls that a success.
  const missed = unfetched(run);
  if (missed) throw missed;
  refreshed.add(shell.environment);
  return true;
}

function usesTls(repository: Repository): boolean {
  return /https:\/\//.test(typeof repository === 'string' ? repository : repository.url);
}

/** Installing ca-certificates would hide that a package forgot to depend on it; so apt alone gets certificates. */
function certificateFiles(): FileEntry[] {
  const bundle = '/etc/apt/alts-certificates.crt';
  return [
    { path: bundle, type: 'file', content: Buffer.from(`${rootCertificates.join('\n')}\n`) },
    {
      path: '/etc/apt/apt.conf.d/99alts-certificates',
      type: 'file',
      content: Buffer.from(`Acquire::https::CAInfo "${bundle}";\n`),
    },
  ];
}
