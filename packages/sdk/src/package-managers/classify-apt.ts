import { AltsError, type ErrorCode } from '../contracts/errors.ts';
import type { Failure, FailureReason } from '../contracts/report.ts';
import { classifyDpkg, dpkgWasAtWork } from './classify-dpkg.ts';
import { type EndedCommand, failureOf } from './output-text.ts';
import { type ResourceEvidence, resourceError } from './resources.ts';

/** What apt says itself when the network, a mirror or a repository is at fault. */
const REPOSITORY =
  /^(Failed to fetch |Unable to fetch some archives|Some index files failed|The repository |Release file for |GPG error|There were unauthenticated packages|Failed to download|Method .* has died|Could not (resolve|connect)|The method driver|Hash Sum mismatch|.*NO_PUBKEY)/;

const ERRORS: readonly (readonly [RegExp, ErrorCode, string])[] = [
  [
    /^(Malformed |The list of sources could not be read|Type .* is not known|Unable to parse)/,
    'invalid_request',
    'repositories: apt does not understand one of them: ',
  ],
  [
    /^(Could not get lock|Unable to acquire|Unable to lock)/,
    'environment_lost',
    'something else in the environment is installing packages: ',
  ],
];

/** What apt says itself when the request or the package is at fault; the first that fits. */
const FAILURES: readonly (readonly [RegExp, FailureReason])[] = [
  [
    /^(Unable to locate package |Package .* has no installation candidate|Couldn't find any package )/,
    'package_not_found',
  ],
  [/^Version .* was not found/, 'version_not_found'],
  [
    /^(Could not read meta data from|Unsupported file |Invalid archive |Internal error, could not locate member)/,
    'not_a_package',
  ],
  [
    /^(Essential packages were removed|Removing essential system-critical packages|Packages were downgraded|Held packages were changed)/,
    'conflict',
  ],
];
const UNSOLVED =
  /^(Unable to correct problems|Error, pkgProblemResolver|Unmet dependencies|Unable to satisfy dependencies|Broken packages|Trivial Only|Problems were found)/;

/**
 * Whose fault it is that a call of apt-get or dpkg did not end well: a failure of the package or an error of the
 * infrastructure. Judged by the tools' own words alone: before dpkg is at work nothing of a package has run, so that
 * all words are apt's; from then on only what dpkg itself says of a package counts.
 */
export function classifyApt(run: EndedCommand, resources?: ResourceEvidence): Failure | AltsError {
  if (run.end.type === 'time-limit') return timeLimit(run, run.end.limitMs);
  const [full] = resources?.full ?? [];
  if (full !== undefined) return new AltsError('disk_full', `no space is left in the environment, on ${full}`);
  if (resources?.outOfMemory) return new AltsError('out_of_memory', 'memory ran out in the environment');
  if (dpkgWasAtWork(run)) {
    return (
      classifyDpkg(run) ?? failureOf(run, 'command_failed', `${run.command[0]} ${endOf(run)} while dpkg was at work`)
    );
  }
  if (run.end.type === 'signal') {
    return new AltsError('environment_lost', `${run.command[0]} ${endOf(run)} before any package was touched`);
  }
  return judge(run);
}

/** What apt-get update could not fetch although it ended with 0, as old ones do. */
export function unfetched({ stdout, stderr }: EndedCommand): AltsError | undefined {
  const line = /^[EW]: (Failed to fetch .*|Some index files failed .*|GPG error.*|.* is not signed.*)$/m.exec(
    stderr,
  )?.[1];
  const silent = line ?? /^Err:\d+ (.*)$/m.exec(stdout)?.[1];
  return silent === undefined ? undefined : repositoryError(silent);
}

function timeLimit(run: EndedCommand, limitMs: number): Failure | AltsError {
  const limit = `its limit of ${limitMs / 1000} s`;
  if (!dpkgWasAtWork(run)) {
    return new AltsError('time_limit', `${run.command[0]} reached ${limit} before any package was touched`);
  }
  const doing = [...run.stdout.matchAll(/^(?:Unpacking|Setting up|Removing|Purging|Processing triggers for) .*$/gm)].at(
    -1,
  )?.[0];
  return failureOf(run, 'time_limit', `${run.command[0]} reached ${limit}${doing ? ` after "${doing}"` : ''}`);
}

function endOf({ end }: EndedCommand): string {
  if (end.type === 'exit') return `ended with ${end.code}`;
  return end.type === 'signal' ? `was ended by ${end.signal}` : 'was stopped';
}

function repositoryError(line: string): AltsError {
  const short = line.replace(/\s+/g, ' ').replace(/ \[IP: .*?\]/, '');
  const unsigned = /is not signed|NO_PUBKEY|unauthenticated/.test(line);
  const advice = unsigned ? '; give its key as signedBy, or say trusted: true' : '';
  return new AltsError('repository_unavailable', `a package repository cannot be used: ${short}${advice}`);
}

/** What apt says it removes, before dpkg is at work: a headline, then indented names. */
export function removedPackages({ stdout }: Pick<EndedCommand, 'stdout'>): string[] {
  const [, list = ''] = /^(?:The following packages will be REMOVED|REMOVING):\n((?: {2}.*\n)+)/m.exec(stdout) ?? [];
  return [...list.matchAll(/[^\s*]+/g)].map(([name]) => name);
}

function judge(run: EndedCommand): Failure | AltsError {
  const said = [...run.stderr.matchAll(/^E: (.+)$/gm)].map(([, line = '']) => line);
  for (const line of said) {
    const resource = resourceError(line);
    if (resource) return resource;
    for (const [pattern, code, text] of ERRORS) if (pattern.test(line)) return new AltsError(code, `${text}${line}`);
    const reason = FAILURES.find(([pattern]) => pattern.test(line))?.[1];
    if (/^Packages need to be removed/.test(line)) {
      return failureOf(run, 'conflict', `${line} In the way: ${removedPackages(run).join(', ')}`);
    }
    if (reason) return failureOf(run, reason, line);
    if (UNSOLVED.test(line)) return unsolved(run);
    if (REPOSITORY.test(line)) return repositoryError(line);
  }
  const missed = unfetched(run);
  if (missed) return missed;
  const message = `${run.command[0]} ${endOf(run)}${said[0] ? `: ${said[0]}` : ''}`;
  return failureOf(run, 'command_failed', message);
}

/** ` name : Depends: other (>= 2) but it is not installable`; from apt 3 on numbered sentences on stderr. */
function unsolved(run: EndedCommand): Failure {
  const text = `${run.stdout}\n${run.stderr}`;
  const lines = text.split('\n').map((line) => line.trim());
  const relations = lines.filter((line) => /(Depends|PreDepends|Conflicts|Breaks):? /.test(line));
  const missing = relations.find((line) => /not installable|no choices/.test(line));
  const against = missing ? undefined : relations.find((line) => /\b(Conflicts|Breaks)\b/.test(line));
  const first = missing ?? against ?? relations[0] ?? 'its dependencies cannot be met';
  return failureOf(run, against ? 'conflict' : 'unmet_dependency', first.replace(/^\d+\. /, ''));
}
