import { AltsError, type ErrorCode } from '../contracts/errors.ts';
import type { Failure, FailureReason } from '../contracts/report.ts';
import { classifyRpm, rpmWasAtWork } from './classify-rpm.ts';
import { type EndedCommand, failureOf } from './output-text.ts';
import { type ResourceEvidence, resourceError } from './resources.ts';

/** What dnf and yum say when the network, a mirror or a repository is at fault. */
const REPOSITORY =
  /^\s*(- )?(Error: )?(Failed to download metadata|Failed to synchronize cache|Cannot (download|prepare internal mirrorlist)|Errors during downloading metadata|Error downloading packages|Failed to download packages|Curl error|Status code: |Downloading successful, but checksum|Package .* is not signed|You have enabled checking of packages via GPG|Public key for |GPG check FAILED|Couldn't open file|No more mirrors|Cannot (find a valid baseurl|retrieve (repository )?metadata)|failure: |Failure: |One of the configured repositories failed|Librepo error|Usable URL not found|Problem: Repository|There are no enabled repo|.*All mirrors were (already )?tried)/i;
/** Of these lines the one that says why. */
const CAUSE =
  /(Curl error|Status code: |checksum|All mirrors were (?:already )?tried|is not signed|Public key for |You have enabled checking of packages|Errno)/;

const ERRORS: readonly (readonly [RegExp, ErrorCode, string])[] = [
  [
    /Failed to obtain (the )?transaction lock|Another app is currently holding the yum lock/,
    'environment_lost',
    'something else in the environment is installing packages: ',
  ],
  [
    /^(Error: )?(Bad id for repo|Config error|Parsing file .* failed|Repository .* is not valid)/,
    'invalid_request',
    'repositories: dnf does not understand one of them: ',
  ],
];

/** What they say when the request or the package is at fault; the first that fits. */
const FAILURES: readonly (readonly [RegExp, FailureReason])[] = [
  [/nothing provides (.+) needed by|^ *Requires: |^missing groups or modules: /, 'unmet_dependency'],
  [
    /conflicts with (?!.*attempted)|cannot install both|obsoletes .* provided by|would result in removing the following (protected|running)|from install of .* conflicts|conflicts between attempted installs|conflicts with file from/,
    'conflict',
  ],
  [
    /does not have a compatible architecture|intended for a different architecture|has inferior architecture/,
    'wrong_architecture',
  ],
  [
    /(Can ?not|Could not|Failed to) (load|open|access|read) .*\.rpm|Can not load RPM file|cannot open: |does not verify|package_file_not_rpm/i,
    'not_a_package',
  ],
  [
    /requires .+, but none of the providers can be installed|is filtered out by|^ *(- )?nothing provides |^ *Problem( \d+)?: /,
    'unmet_dependency',
  ],
];
const NOT_FOUND =
  /^(No match for argument|Error: Unable to find a match|No package .* available|Error: Nothing to do|Error: No matching [Pp]ackages to list|Error: Package .* not installed|No matches? for )/m;

/**
 * Whose fault it is that a call of dnf or yum did not end well: a failure of the package or an error of the
 * infrastructure. Judged by the tools' own words alone: before rpm is at work nothing of a package has run, so that all
 * words are dnf's; from then on only what dnf says of a transaction counts.
 */
export function classifyDnf(run: EndedCommand, resources?: ResourceEvidence): Failure | AltsError {
  if (run.end.type === 'time-limit') return timeLimit(run, run.end.limitMs);
  const [full] = resources?.full ?? [];
  if (full !== undefined) return new AltsError('disk_full', `no space is left in the environment, on ${full}`);
  if (resources?.outOfMemory) return new AltsError('out_of_memory', 'memory ran out in the environment');
  if (rpmWasAtWork(run)) {
    return (
      classifyRpm(run) ?? failureOf(run, 'command_failed', `${run.command[0]} ${endOf(run)} while rpm was at work`)
    );
  }
  if (run.end.type === 'signal') {
    return new AltsError('environment_lost', `${run.command[0]} ${endOf(run)} before any package was touched`);
  }
  return judge(run);
}

/** Repositories that could not be read although the command ended with 0. */
export function unreadRepositories({ stdout, stderr }: EndedCommand): AltsError | undefined {
  const ignored =
    /^(Ignoring repositories: .*|Failed to synchronize cache for repo .*|Error: Failed to download metadata .*)$/m;
  const line = ignored.exec(stderr)?.[1] ?? ignored.exec(stdout)?.[1];
  return line === undefined ? undefined : repositoryError([line]);
}

function timeLimit(run: EndedCommand, limitMs: number): Failure | AltsError {
  const limit = `its limit of ${limitMs / 1000} s`;
  if (!rpmWasAtWork(run)) {
    return new AltsError('time_limit', `${run.command[0]} reached ${limit} before any package was touched`);
  }
  const doing = [...run.stdout.matchAll(/^ *((?:Installing|Running scriptlet|Erasing|Upgrading|Cleanup) *: \S+)/gm)].at(
    -1,
  )?.[1];
  return failureOf(run, 'time_limit', `${run.command[0]} reached ${limit}${doing ? ` after "${doing}"` : ''}`);
}

function endOf({ end }: EndedCommand): string {
  if (end.type === 'exit') return `ended with ${end.code}`;
  return end.type === 'signal' ? `was ended by ${end.signal}` : 'was stopped';
}

function repositoryError(lines: readonly string[]): AltsError {
  const line = lines.find((each) => CAUSE.test(each)) ?? lines[0] ?? '';
  const short = line
    .replace(/^\s*-?\s*(Error: )?/, '')
    .replace(/\s+/g, ' ')
    .replace(/(https?:\/\/)[^/@\s]*@/g, '$1');
  const unsigned = lines.some((each) => /is not signed|Public key for|GPG check FAILED|via GPG/.test(each));
  const advice = unsigned ? '; give its key as signedBy, or say trusted: true' : '';
  return new AltsError('repository_unavailable', `a package repository cannot be used: ${short}${advice}`);
}

function judge(run: EndedCommand): Failure | AltsError {
  const lines = `${run.stderr}\n${run.stdout}`.split('\n');
  for (const line of lines) {
    const resource = resourceError(line);
    if (resource) return resource;
    for (const [pattern, code, text] of ERRORS) if (pattern.test(line)) return new AltsError(code, `${text}${line}`);
  }
  for (const [pattern, reason] of FAILURES) {
    const line = lines.find((each) => pattern.test(each) && !REPOSITORY.test(each));
    if (line !== undefined) return failureOf(run, reason, line.replace(/^\s*-?\s*/, ''));
  }
  const faulty = lines.filter((line) => REPOSITORY.test(line));
  if (faulty.length > 0) return repositoryError(faulty);
  const missing = lines.find((line) => NOT_FOUND.test(line));
  if (missing !== undefined) return failureOf(run, 'package_not_found', missing);
  const said = lines.find((line) => /^Error: ./.test(line));
  return failureOf(run, 'command_failed', `${run.command[0]} ${endOf(run)}${said ? `: ${said}` : ''}`);
}
