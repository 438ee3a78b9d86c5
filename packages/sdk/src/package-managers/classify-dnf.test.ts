import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { AltsError } from '../contracts/errors.ts';
import { classifyDnf } from './classify-dnf.ts';
import type { EndedCommand } from './output-text.ts';

/** Recorded from a real dnf and rpm by fixtures/recordings/record-dnf.ts. */
const RECORDINGS = new URL('./recordings/', import.meta.url);
const SYSTEM = 'altsrpm-1';

function recording(name: string): EndedCommand {
  const text = readFileSync(new URL(`${SYSTEM}.${name}.txt`, RECORDINGS), 'utf8');
  const [head = '', rest = ''] = text.split('\n--- stdout\n');
  const [stdout = '', stderr = ''] = rest.split('\n--- stderr\n');
  return { ...JSON.parse(head), stdout, stderr, truncated: false };
}

/** What is to be made of each: who is at fault, and what the one sentence must say. */
const EXPECTED: readonly (readonly [name: string, verdict: 'error' | 'failed', what: string, says: RegExp])[] = [
  ['makecache-no-network', 'error', 'repository_unavailable', /Couldn't resolve host name/],
  ['makecache-unknown-host', 'error', 'repository_unavailable', /Couldn't resolve host name .*mirror\.invalid/],
  ['makecache-refused', 'error', 'repository_unavailable', /Couldn't connect to server/],
  ['makecache-hangs', 'error', 'repository_unavailable', /Timeout was reached/],
  ['makecache-cut', 'error', 'repository_unavailable', /Transferred a partial file/],
  ['makecache-401', 'error', 'repository_unavailable', /Status code: 401/],
  ['makecache-403', 'error', 'repository_unavailable', /Status code: 403/],
  ['makecache-404', 'error', 'repository_unavailable', /Status code: 404/],
  ['makecache-500', 'error', 'repository_unavailable', /Status code: 500/],
  ['makecache-503', 'error', 'repository_unavailable', /Status code: 503/],
  ['makecache-checksum', 'error', 'repository_unavailable', /checksum doesn't match/],
  ['makecache-time-limit', 'error', 'time_limit', /limit of 1\.5 s before any package was touched/],
  ['install-rpm-404', 'error', 'repository_unavailable', /404|mirrors were (already )?tried/],
  ['install-rpm-500', 'error', 'repository_unavailable', /500|mirrors were (already )?tried/],
  ['install-rpm-cut', 'error', 'repository_unavailable', /partial file|mirrors were (already )?tried/],
  ['install-rpm-hangs', 'error', 'repository_unavailable', /Timeout|mirrors were (already )?tried/],
  ['install-unsigned', 'error', 'repository_unavailable', /GPG keys.*; give its key as signedBy/],
  ['install-disk-full', 'error', 'disk_full', /needs 20MB more space/],
  [
    'install-unknown',
    'failed',
    'package_not_found',
    /Unable to find a match: no-such-package-xyz|No match for argument: no-such-package-xyz/,
  ],
  ['install-unknown-version', 'failed', 'package_not_found', /alts-good-9\.9-1/],
  ['install-unmet', 'failed', 'unmet_dependency', /^nothing provides alts-nobody-has-this >= 2 needed by/],
  ['install-conflict', 'failed', 'conflict', /^package alts-conflicts-.* conflicts with alts-conflicts-other/],
  ['install-file-conflict', 'failed', 'conflict', /^file \/usr\/share\/alts-shared conflicts between/],
  ['install-not-a-package', 'failed', 'not_a_package', /\/tmp\/x\.rpm/],
  ['install-pre-fails', 'failed', 'script_failed', /%pre script of alts-pre-fails-.* status 3/],
  ['install-fake-network-error', 'failed', 'script_failed', /%pre script of alts-fake-network-error/],
  ['install-post-hangs', 'failed', 'time_limit', /limit of 8 s after "Running scriptlet/],
  ['remove-preun-fails', 'failed', 'script_failed', /%preun script of alts-preun-fails-.* status 5/],
  ['remove-protected', 'failed', 'conflict', /protected packages: alts-protected/],
  ['module-unknown', 'failed', 'unmet_dependency', /no-such:1/],
];

describe('what dnf prints tells whose fault it is', () => {
  it.each(EXPECTED)('%s: %s', (name, verdict, what, says) => {
    const found = classifyDnf(recording(name));
    const isError = found instanceof AltsError;
    expect([isError ? 'error' : 'failed', isError ? found.code : found.reason]).toEqual([verdict, what]);
    expect(found.message).toMatch(says);
    expect(found.message).not.toContain('\n');
  });

  it('every recording is here', () => {
    const recorded = readdirSync(RECORDINGS).filter((name) => name.startsWith(`${SYSTEM}.`));
    expect(recorded.sort()).toEqual(EXPECTED.map(([name]) => `${SYSTEM}.${name}.txt`).sort());
  });
});
