import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Inventory } from '../../contracts/environment.ts';
import type { PlayFiles } from './play-files.ts';

/**
 * All that ansible-playbook gets of variables: those of the test, and what it needs itself, which goes before them. Of
 * the variables of this process, which may be secrets of a worker, only the ones that say where programs are.
 * Source of names: "Ansible Configuration Settings" of the ansible documentation.
 */
export function playEnvironment(
  { directory, configuration }: PlayFiles,
  inventory: Inventory,
  variables: Readonly<Record<string, string>>,
  own: NodeJS.ProcessEnv = process.env,
): Record<string, string> {
  const agent = inventory['ansible_connection'] === 'ssh' ? own['SSH_AUTH_SOCK'] : undefined;
  return {
    ...variables,
    PATH: own['PATH'] || '/usr/local/bin:/usr/bin:/bin',
    HOME: directory,
    TMPDIR: directory,
    // It refuses to run in a locale without UTF-8.
    LANG: 'C.UTF-8',
    LC_ALL: 'C.UTF-8',
    // Ansible and collections that the user has installed for himself: found by HOME, which is another here.
    PYTHONUSERBASE: own['PYTHONUSERBASE'] || join(homedir(), '.local'),
    ANSIBLE_COLLECTIONS_PATH:
      own['ANSIBLE_COLLECTIONS_PATH'] || `${join(homedir(), '.ansible/collections')}:/usr/share/ansible/collections`,
    PYTHONDONTWRITEBYTECODE: '1',
    ANSIBLE_CONFIG: configuration,
    ANSIBLE_HOME: join(directory, 'home'),
    ANSIBLE_LOCAL_TEMP: join(directory, 'local'),
    ANSIBLE_HOST_KEY_CHECKING: 'False',
    ANSIBLE_RETRY_FILES_ENABLED: 'False',
    ANSIBLE_NOCOLOR: '1',
    ANSIBLE_NOCOWS: '1',
    ANSIBLE_PIPELINING: 'True',
    ANSIBLE_PYTHON_INTERPRETER: 'auto_silent',
    ANSIBLE_STDOUT_CALLBACK: 'default',
    ...(agent && { SSH_AUTH_SOCK: agent }),
  };
}
