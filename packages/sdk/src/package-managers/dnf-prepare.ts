import { AltsError } from '../contracts/errors.ts';
import type { Shell } from '../contracts/package-manager.ts';
import type { Failure } from '../contracts/report.ts';
import type { TestRequest } from '../contracts/request.ts';
import { unreadRepositories } from './classify-dnf.ts';
import { dnfCommand, findDnf } from './dnf-command.ts';
import { enableModule } from './dnf-module.ts';
import { dnfRepositoryFiles } from './dnf-repositories.ts';
import { diagnose, runDnf } from './dnf-run.ts';
import { succeeded } from './output-text.ts';

/**
 * Container images leave out languages and documentation by macros of rpm, which no option of dnf overrides. The last
 * file in order wins.
 */
const ALL_FILES = {
  path: '/etc/rpm/macros.zz-alts',
  type: 'file' as const,
  content: Buffer.from('%_install_langs all\n%_excludedocs 0\n'),
};

/** Repositories in place, their lists fetched; the stream of a module enabled. */
export async function prepare(shell: Shell, { repositories, module }: TestRequest): Promise<Failure | undefined> {
  const dnf = await findDnf(shell);
  const named = repositories.filter((repository) => typeof repository !== 'string');
  const files = [ALL_FILES, ...dnfRepositoryFiles(named)];
  shell.note(`writing ${files.map((file) => file.path).join(', ')}`);
  await shell.environment.write(files, { signal: shell.signal });
  if (named.length > 0) {
    const run = await runDnf(shell, dnfCommand(dnf, ['makecache']));
    const missed = unreadRepositories(run);
    if (missed) throw missed;
    if (!succeeded(run.end)) {
      // Lists are never the fault of the package under test.
      const diagnosis = await diagnose(shell, run);
      throw diagnosis instanceof Error ? diagnosis : new AltsError('repository_unavailable', diagnosis.message);
    }
  }
  return module && enableModule(shell, dnf, module);
}
