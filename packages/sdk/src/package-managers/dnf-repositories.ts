import type { FileEntry } from '../contracts/environment.ts';
import type { NamedRepository } from '../contracts/repository.ts';
import { splitLogin } from './repository-login.ts';

/** The files that make dnf and yum know the repositories: dnf.conf(5). No password is in a URL. */
export function dnfRepositoryFiles(repositories: readonly NamedRepository[]): FileEntry[] {
  return repositories.flatMap((repository, index) => {
    const id = `alts-${String(index + 1).padStart(2, '0')}`;
    const key = `/etc/pki/rpm-gpg/RPM-GPG-KEY-${id}`;
    const { signedBy } = repository;
    const path = signedBy?.startsWith('/') ? signedBy : key;
    const ownKey = signedBy !== undefined && path === key ? [textFile(key, `${signedBy.trim()}\n`, 0o644)] : [];
    // For root's eyes alone: the password is in it.
    const text = section(id, repository, signedBy === undefined ? undefined : path);
    return [...ownKey, textFile(`/etc/yum.repos.d/${id}.repo`, text, 0o600)];
  });
}

function section(id: string, { name, url, trusted }: NamedRepository, key: string | undefined): string {
  const { url: baseurl, login } = splitLogin(url);
  const fields: [string, string][] = [
    ['name', name],
    ['baseurl', baseurl],
    ['enabled', '1'],
    ['gpgcheck', trusted ? '0' : '1'],
    ['repo_gpgcheck', '0'],
  ];
  if (key !== undefined) fields.push(['gpgkey', `file://${key}`]);
  if (login) fields.push(['username', login.user], ['password', login.password]);
  return `[${id}]\n${fields.map(([field, value]) => `${field}=${value}\n`).join('')}`;
}

function textFile(path: string, text: string, mode: number): FileEntry {
  return { path, type: 'file', content: Buffer.from(text), mode };
}
