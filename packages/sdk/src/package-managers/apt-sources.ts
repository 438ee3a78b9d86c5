import type { FileEntry } from '../contracts/environment.ts';
import { AltsError } from '../contracts/errors.ts';
import type { Repository } from '../contracts/repository.ts';
import { type RepositoryLogin, splitLogin } from './repository-login.ts';

/** Where apt looks for user and password, apt_auth.conf(5). */
export const AUTH_FILE = '/etc/apt/auth.conf.d/alts.conf';

/** `http:` must be named there: without a protocol apt gives a password to TLS only. */
interface Login extends RepositoryLogin {
  readonly machine: string;
}

/** The files that make apt know the repositories: sources.list(5), apt_auth.conf(5). No password is in a source. */
export function aptSourceFiles(repositories: readonly Repository[]): FileEntry[] {
  const logins: Login[] = [];
  const files = repositories.flatMap((repository, index) => {
    const name = `alts-${String(index + 1).padStart(2, '0')}`;
    return typeof repository === 'string' ? [oneLine(repository, name, logins)] : structured(repository, name, logins);
  });
  return logins.length > 0 ? [...files, authFile(logins)] : files;
}

function oneLine(line: string, name: string, logins: Login[]): FileEntry {
  const [, start = '', url = '', rest = ''] = /^(deb(?:\s+\[[^\]]*\])?\s+)(\S+)(.*)$/.exec(line) ?? [];
  return textFile(`/etc/apt/sources.list.d/${name}.list`, `${start}${takeLogin(url, logins)}${rest}\n`);
}

function structured(repository: Exclude<Repository, string>, name: string, logins: Login[]): FileEntry[] {
  const { signedBy, suite = './', components } = repository;
  const files: FileEntry[] = [];
  const fields = [['Types', 'deb']];
  fields.push(['URIs', takeLogin(repository.url, logins)], ['Suites', suite]);
  if (!suite.endsWith('/')) fields.push(['Components', components?.join(' ') || 'main']);
  if (repository.trusted) fields.push(['Trusted', 'yes']);
  if (signedBy?.startsWith('/')) fields.push(['Signed-By', signedBy]);
  else if (signedBy) {
    // A key inside of the source is understood from apt 2.3.10 on, and Debian 11 has 2.2.
    const key = `/etc/apt/keyrings/${name}.asc`;
    files.push(textFile(key, `${signedBy.trim()}\n`));
    fields.push(['Signed-By', key]);
  }
  const text = fields.map(([field, value]) => `${field}: ${value}\n`).join('');
  files.push(textFile(`/etc/apt/sources.list.d/${name}.sources`, `# ${repository.name}\n${text}`));
  return files;
}

/** The longest first: apt takes the first that fits. */
function authFile(logins: readonly Login[]): FileEntry {
  const lines = [...logins]
    .sort((a, b) => b.machine.length - a.machine.length)
    .map(({ machine, user, password }) => `machine ${machine} login ${user} password ${password}\n`);
  return { ...textFile(AUTH_FILE, lines.join('')), mode: 0o600 };
}

/** The URL without user and password; those are noted. */
function takeLogin(text: string, logins: Login[]): string {
  const { url, login } = splitLogin(text);
  if (!login) return text;
  if (/\s/.test(login.user + login.password)) {
    throw new AltsError(
      'invalid_request',
      'repositories: a user or password has white space in it, which apt_auth.conf(5) cannot hold',
    );
  }
  const [, protocol = '', rest = ''] = /^(https?:\/\/)(.*)$/i.exec(url) ?? [];
  const path = rest.includes('/') ? rest : `${rest}/`;
  logins.push({ machine: `${protocol.toLowerCase()}${path.endsWith('/') ? path : `${path}/`}`, ...login });
  return url;
}

function textFile(path: string, text: string): FileEntry {
  return { path, type: 'file', content: Buffer.from(text) };
}
