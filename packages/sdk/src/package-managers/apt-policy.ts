/** What apt-cache(8) says of one version of a package. */
export interface PackageOrigin {
  readonly origin: string | null;
  readonly sha256: string | null;
}

/**
 * Reads `apt-cache policy`: the version table has a line for each version, and below it one for each place that has
 * it: `500 http://host/debian bookworm/main amd64 Packages`.
 * @returns the first place that is not dpkg's own status file, `http://host/debian bookworm/main`
 */
export function parsePolicy(text: string, version: string): string | null {
  let current: string | undefined;
  for (const line of text.split('\n')) {
    const entry = /^ (?:\*\*\*| {3}) (\S+)(?: -?\d+)?$/.exec(line);
    if (entry) current = entry[1];
    const [, url, suite] = /^ {8,9}-?\d+ (\S+)(?: (\S+))?/.exec(line) ?? [];
    if (current !== version || url === undefined || url.startsWith('/')) continue;
    return withoutLogin(suite === undefined ? url : `${url} ${suite}`);
  }
  return null;
}

/** Reads `apt-cache show`: the SHA-256 of the package file of that version and architecture. */
export function parseSha256(text: string, version: string, architecture: string): string | null {
  for (const stanza of text.split(/\n\n+/)) {
    const fields = new Map(
      [...stanza.matchAll(/^([A-Za-z0-9-]+): *(.*)$/gm)].map(([, key = '', value = '']) => [key, value]),
    );
    const sha256 = fields.get('SHA256');
    if (fields.get('Version') !== version || fields.get('Architecture') !== architecture) continue;
    if (sha256 && /^[0-9a-f]{64}$/.test(sha256)) return sha256;
  }
  return null;
}

function withoutLogin(url: string): string {
  return url.replace(/(https?:\/\/)[^/@\s]*@/, '$1');
}
