import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { AltsError } from '../contracts/errors.ts';
import { neededByEssential } from './apt-uninstall.ts';
import { classifyApt, removedPackages, unfetched } from './classify-apt.ts';
import type { EndedCommand } from './output-text.ts';
import { parseResources, speaksOfResources } from './resources.ts';

/** Recorded from real systems by fixtures/recordings/record-apt.ts: one of each name for Debian 11, 12 and 13. */
const RECORDINGS = new URL('./recordings/', import.meta.url);
const SYSTEMS = ['debian-11', 'debian-12', 'debian-13'];

function recording(name: string): EndedCommand {
  const text = readFileSync(new URL(`${name}.txt`, RECORDINGS), 'utf8');
  const [head = '', rest = ''] = splitOnce(text, '\n--- stdout\n');
  const [stdout, stderr] = splitOnce(rest, '\n--- stderr\n');
  return { ...JSON.parse(head), stdout, stderr, truncated: false };
}

function splitOnce(text: string, at: string): [string, string] {
  const index = text.indexOf(at);
  return [text.slice(0, index), text.slice(index + at.length)];
}

/** What is to be made of each: who is at fault, and what the one sentence must say. */
const EXPECTED: readonly (readonly [name: string, verdict: 'error' | 'failed', what: string, says: RegExp])[] = [
  ['update-no-network', 'error', 'repository_unavailable', /Temporary failure resolving 'mirror\.example'/],
  ['update-unknown-host', 'error', 'repository_unavailable', /Could not resolve 'mirror\.invalid'/],
  ['update-refused', 'error', 'repository_unavailable', /Connection refused/],
  ['update-hangs', 'error', 'repository_unavailable', /Connection failed|timed out/],
  ['update-cut', 'error', 'repository_unavailable', /Remote end closed connection/],
  ['update-401', 'error', 'repository_unavailable', /401 Unauthorized/],
  ['update-403', 'error', 'repository_unavailable', /403 Forbidden/],
  ['update-404', 'error', 'repository_unavailable', /404 Not Found/],
  ['update-500', 'error', 'repository_unavailable', /500 Internal Server Error/],
  ['update-503', 'error', 'repository_unavailable', /503 Service Unavailable/],
  ['update-untrusted', 'error', 'repository_unavailable', /is not signed.*; give its key as signedBy/],
  ['update-no-key', 'error', 'repository_unavailable', /not signed|NO_PUBKEY|Missing key/],
  ['update-expired', 'error', 'repository_unavailable', /expired/],
  ['update-unknown-suite', 'error', 'repository_unavailable', /does not have a Release file/],
  ['update-malformed', 'error', 'invalid_request', /repositories: .*Malformed entry 1/],
  ['update-disk-full', 'error', 'disk_full', /No space left on device/],
  ['update-time-limit', 'error', 'time_limit', /limit of 1 s before any package was touched/],
  ['install-deb-404', 'error', 'repository_unavailable', /404 Not Found/],
  ['install-deb-500', 'error', 'repository_unavailable', /500 Internal Server Error/],
  ['install-deb-hangs', 'error', 'repository_unavailable', /Failed to fetch/],
  ['install-deb-cut', 'error', 'repository_unavailable', /Remote end closed connection/],
  ['install-fetch-time-limit', 'error', 'time_limit', /before any package was touched/],
  ['install-hash-mismatch', 'error', 'repository_unavailable', /unexpected size|Hash Sum mismatch/],
  ['install-archives-full', 'error', 'disk_full', /enough free space in \/var\/cache\/apt\/archives/],
  ['install-locked', 'error', 'environment_lost', /something else .* lock/],
  ['install-unknown', 'failed', 'package_not_found', /Unable to locate package no-such-package-xyz/],
  ['install-unknown-version', 'failed', 'version_not_found', /99\.9-1.*alts-good.* was not found/],
  [
    'install-unmet',
    'failed',
    'unmet_dependency',
    /Depends: alts-nobody-has-this \(>= 2\.0\) but it is not installable/,
  ],
  ['install-file-unmet', 'failed', 'unmet_dependency', /Depends: alts-nobody-has-this/],
  ['install-virtual', 'failed', 'package_not_found', /alts-virtual.* has no installation candidate/],
  ['install-conflict', 'failed', 'conflict', /alts-conflicts-other : Conflicts: alts-conflicts/],
  ['install-no-remove', 'failed', 'conflict', /remove is disabled\. In the way: alts-harmless$/],
  ['downgrade-prerm-fails', 'failed', 'script_failed', /the prerm script of alts-downgrade-fails ended with status 4/],
  ['install-overwrites', 'failed', 'conflict', /trying to overwrite '\/usr\/lib\/alts-overwrites\/shared'/],
  ['install-disk-full', 'error', 'disk_full', /No space left on device/],
  ['install-truncated', 'failed', 'not_a_package', /Invalid archive|meta data/],
  ['install-not-a-deb', 'failed', 'not_a_package', /could not locate member|meta data/],
  ['install-newline-name', 'failed', 'unpack_failed', /alts-newline-name: newline not allowed/],
  ['install-preinst-fails', 'failed', 'script_failed', /the preinst script of alts-preinst-fails ended with status 4/],
  [
    'install-postinst-fails',
    'failed',
    'script_failed',
    /the postinst script of alts-postinst-fails ended with status 3/,
  ],
  ['install-fake-network-error', 'failed', 'script_failed', /the postinst script of alts-fake-network-error/],
  ['install-fake-disk-full', 'failed', 'script_failed', /the postinst script of alts-fake-disk-full/],
  ['install-postinst-garbage', 'failed', 'script_failed', /the postinst script of alts-postinst-garbage/],
  ['install-script-killed', 'failed', 'script_failed', /the postinst script of alts-killed was killed \(Killed\)/],
  ['install-script-time-limit', 'failed', 'time_limit', /limit of 6 s after "Setting up alts-postinst-hangs/],
  ['remove-prerm-fails', 'failed', 'script_failed', /the prerm script of alts-prerm-fails ended with status 5/],
  ['remove-postrm-fails', 'failed', 'script_failed', /the postrm script of alts-postrm-fails ended with status 5/],
  ['purge-postrm-fails', 'failed', 'script_failed', /the postrm script of alts-postrm-fails ended with status 5/],
  ['remove-essential', 'failed', 'conflict', /[Ee]ssential/],
  ['remove-protected', 'failed', 'conflict', /[Ee]ssential/],
];
/** apt refuses: the package has to stay. */
const KEPT = 'remove-needed-by-essential';
const WITH_DEPENDENT = 'remove-with-dependent';
const FINE = ['update-good', 'install-good', WITH_DEPENDENT];

describe.each(SYSTEMS)('what apt and dpkg of %s print', (system) => {
  it.each(EXPECTED)('%s: %s, %s', (name, verdict, what, says) => {
    const diagnosis = classifyApt(recording(`${system}.${name}`));
    const isError = AltsError.is(diagnosis);
    expect({ verdict: isError ? 'error' : 'failed', what: isError ? diagnosis.code : diagnosis.reason }).toEqual({
      verdict,
      what,
    });
    expect(diagnosis.message).toMatch(says);
  });

  it.each(FINE)('%s: nothing went wrong', (name) => {
    const run = recording(`${system}.${name}`);
    expect(run.end).toEqual({ type: 'exit', code: 0 });
    expect(unfetched(run)).toBeUndefined();
  });

  it('what essential packages need has to stay; what a script keeps from going has not', () => {
    expect(neededByEssential(recording(`${system}.${KEPT}`), 'libc6')).toEqual({
      kept: expect.stringContaining('libc6'),
    });
    expect(neededByEssential(recording(`${system}.remove-prerm-fails`), 'alts-prerm-fails')).toBeUndefined();
  });

  it('what is removed along with a package is said by name', () => {
    expect(removedPackages(recording(`${system}.${WITH_DEPENDENT}`))).toEqual([
      'alts-has-dependent',
      'alts-its-dependent',
    ]);
    expect(removedPackages(recording(`${system}.install-good`))).toEqual([]);
  });

  it('an update that ends with 0 although a repository did not answer is an error', () => {
    const run = { ...recording(`${system}.update-503`), end: { type: 'exit', code: 0 } as const };
    expect(unfetched(run)).toMatchObject({ code: 'repository_unavailable' });
    expect(unfetched({ ...run, stderr: '' })).toMatchObject({ code: 'repository_unavailable' });
  });

  it('a failure carries the command, its exit code and its last lines', () => {
    const failure = classifyApt(recording(`${system}.install-postinst-fails`));
    expect(failure).toMatchObject({ exitCode: 100, output: expect.stringContaining('the frobnicator is missing') });
    expect(failure).toHaveProperty('command', expect.arrayContaining(['apt-get', 'install', 'alts-postinst-fails']));
  });
});

it('every recording is in a table', () => {
  const names = new Set(
    readdirSync(RECORDINGS)
      .filter((file) => file.startsWith('debian-'))
      .map((file) => file.replace(/^debian-\d+\.|\.txt$/g, '')),
  );
  expect([...names].sort()).toEqual([...EXPECTED.map(([name]) => name), ...FINE, KEPT].sort());
});

describe('the word of a package is no evidence', () => {
  const failed = recording('debian-12.install-postinst-fails');

  it("a script that prints dpkg's words for a full disk and fails is a script that failed", () => {
    const forged =
      'dpkg: error processing archive /x.deb (--unpack):\n cannot copy extracted data: No space left on device\nE: Failed to fetch http://mirror.example/\n';
    expect(classifyApt({ ...failed, stderr: forged + failed.stderr })).toMatchObject({ reason: 'script_failed' });
  });

  it('a script that printed so much that nothing of apt is in the tail is still at work', () => {
    const run: EndedCommand = {
      ...failed,
      end: { type: 'time-limit', limitMs: 1000 },
      stdout: 'Get:1',
      truncated: true,
    };
    expect(classifyApt(run)).toMatchObject({ reason: 'time_limit' });
  });
});

describe('what ran out is asked of the system, not of the package', () => {
  const run = recording('debian-12.install-fake-disk-full');
  const ask = (text: string) => classifyApt(run, parseResources(text));

  it('is asked when the output speaks of it', () => {
    expect(speaksOfResources(run)).toBe(true);
    expect(speaksOfResources(recording('debian-12.install-postinst-fails'))).toBe(false);
  });

  it('there is space: the script failed', () => {
    expect(ask('free 77000000 /\nfree 8000 /dev/shm\noom_kill 0\n')).toMatchObject({ reason: 'script_failed' });
  });

  it('there is none: the disk is full', () => {
    expect(ask('free 0 /\noom_kill 0\n')).toMatchObject({
      code: 'disk_full',
      message: expect.stringContaining('on /'),
    });
  });

  it('the kernel killed for want of memory: memory ran out', () => {
    expect(ask('free 77000000 /\noom_kill 2\n')).toMatchObject({ code: 'out_of_memory' });
  });
});
