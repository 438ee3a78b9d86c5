import type { Alternative, Diversion, StatOverride } from '../contracts/snapshot.ts';

/** Reads passwd(5) or group(5): numeric ids by name. */
export function parseAccounts(text: string): Map<string, number> {
  const accounts = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [name = '', , id = ''] = line.split(':');
    if (name !== '' && /^\d+$/.test(id)) accounts.set(name, Number(id));
  }
  return accounts;
}

/** Reads lines of a name, a tab, and what is installed of it; several of one name are joined. */
export function parsePackages(text: string): Map<string, string> {
  const packages = new Map<string, string>();
  for (const line of text.split('\n').sort()) {
    const [name = '', installed] = line.split('\t');
    if (installed === undefined) continue;
    const other = packages.get(name);
    packages.set(name, other === undefined ? installed : `${other}, ${installed}`);
  }
  return packages;
}

/** Reads what head(1) prints for several files: `==> name <==`, then the content. */
export function parseHeads(text: string): Map<string, string> {
  const parts = text.split(/(?:^|\n)==> (.*) <==\n/);
  const files = new Map<string, string>();
  for (let at = 1; at + 1 < parts.length; at += 2) files.set(parts[at] ?? '', parts[at + 1] ?? '');
  return files;
}

/**
 * Reads the files of update-alternatives(1), the same in both families: mode, link, name and link of each slave, an empty
 * line; then for each candidate its path, its priority and the slaves' paths.
 */
export function parseAlternatives(text: string): Map<string, Alternative> {
  const alternatives = new Map<string, Alternative>();
  for (const [file, content] of parseHeads(text)) {
    const [, link = '', ...lines] = content.split('\n');
    const end = lines.indexOf('');
    if (!link.startsWith('/') || end < 0) continue;
    const step = 2 + end / 2;
    const rest = lines.slice(end + 1);
    const candidates = rest.filter((line, at) => at % step === 0 && line.startsWith('/'));
    alternatives.set(file.slice(file.lastIndexOf('/') + 1), { link, candidates });
  }
  return alternatives;
}

/** Reads dpkg's `diversions`: three lines for each. */
export function parseDiversions(text: string): Diversion[] {
  const lines = text.split('\n');
  const diversions: Diversion[] = [];
  for (let at = 0; at + 2 < lines.length; at += 3) {
    diversions.push({ path: lines[at] ?? '', to: lines[at + 1] ?? '', by: lines[at + 2] ?? '' });
  }
  return diversions;
}

/** Reads dpkg's `statoverride`: user, group, mode and path in each line. */
export function parseStatOverrides(text: string): StatOverride[] {
  return text.split('\n').flatMap((line) => {
    const [, user = '', group = '', mode = '', path = ''] = /^(\S+) (\S+) ([0-7]+) (\/.*)$/.exec(line) ?? [];
    return path === '' ? [] : [{ path, user, group, mode: Number.parseInt(mode, 8) }];
  });
}
