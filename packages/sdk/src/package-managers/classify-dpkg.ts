import type { AltsError } from '../contracts/errors.ts';
import type { Failure, FailureReason } from '../contracts/report.ts';
import { type EndedCommand, failureOf } from './output-text.ts';
import { resourceError } from './resources.ts';

/** What dpkg prints, one line after the other, when a package or an archive spoils its work. */
const PROCESSING = /^dpkg: error processing (?:package|archive) (\S+) \((--[\w-]+)\):\n (.+)$/gm;
const FATAL = /^dpkg: (?:unrecoverable )?(?:fatal )?error(?:, aborting)?: ?\n? ?(.+)$/gm;

const SCRIPT =
  /package (pre-installation|post-installation|pre-removal|post-removal|config) script subprocess (?:returned error exit status (\d+)|was killed by signal \((.+?)\))/;
const SCRIPTS: Readonly<Record<string, string>> = {
  'pre-installation': 'preinst',
  'post-installation': 'postinst',
  'pre-removal': 'prerm',
  'post-removal': 'postrm',
  config: 'config',
};

/** Debian Policy 6.6: when the prerm of the old version fails, that of the new one may do in its place, if there is one. */
const WITHOUT_SUCCESSOR = /^there is no script in the new version of the package/;
const OLD_SCRIPT = /^dpkg: warning: (.+ script subprocess .+)$/gm;

/** The cause that dpkg gives, and what follows from it; the first that fits. */
const CAUSES: readonly (readonly [RegExp, FailureReason])[] = [
  [/trying to overwrite /, 'conflict'],
  [/does not match system/, 'wrong_architecture'],
  [/unexpected end of file|not a Debian format archive|corrupted|lzma error|zlib error|zstd/, 'not_a_package'],
];
const BY_ACTION: Readonly<Record<string, FailureReason>> = {
  '--unpack': 'unpack_failed',
  '--remove': 'removal_failed',
  '--purge': 'removal_failed',
};

/** True when dpkg was at work: it had begun to unpack, to configure or to remove. Only then do scripts run. */
export function dpkgWasAtWork({ command, stdout, stderr, truncated }: EndedCommand): boolean {
  // More than the tail holds is what scripts print, never apt.
  if (truncated || command[0] === 'dpkg') return true;
  const begun =
    /^(\(Reading database |Selecting previously |Preparing to unpack |Preconfiguring packages|Unpacking |Setting up |Removing |Purging |Processing triggers )/m;
  return begun.test(stdout) || /^E: Sub-process \S*dpkg /m.test(stderr);
}

/**
 * Judges a dpkg that failed. Scripts print what they like, dpkg's own words among it; but what dpkg says of a script
 * that failed comes after all that the script said, so the last word counts.
 */
export function classifyDpkg(run: EndedCommand): Failure | AltsError | undefined {
  const all = [...run.stderr.matchAll(PROCESSING)];
  const first = all.findLast(([, , , cause = '']) => !cause.startsWith('dependency problems')) ?? all.at(-1);
  if (first) return judge(run, first[1] ?? '', first[2] ?? '', first[3] ?? '');
  const fatal = [...run.stderr.matchAll(FATAL)].at(-1)?.[1];
  return fatal === undefined ? undefined : (resourceError(fatal) ?? failureOf(run, 'command_failed', `dpkg: ${fatal}`));
}

function judge(run: EndedCommand, subject: string, action: string, cause: string): Failure | AltsError {
  const inTurn = WITHOUT_SUCCESSOR.test(cause) ? [...run.stderr.matchAll(OLD_SCRIPT)].at(-1)?.[1] : undefined;
  // `/var/cache/apt/archives/x_1.0_all.deb` for --unpack; a file of our own has no such name.
  const name = subject.replace(/^.*\//, '').replace(/_.*\.deb$/, '');
  const script = SCRIPT.exec(inTurn ?? cause);
  if (script) {
    const [, kind = '', status, signal] = script;
    const how = status === undefined ? `was killed (${signal})` : `ended with status ${status}`;
    const owner = /(\S+) package \S+ script/.exec(inTurn ?? cause)?.[1] ?? name;
    return failureOf(run, 'script_failed', `the ${SCRIPTS[kind]} script of ${owner} ${how}`);
  }
  const error = resourceError(cause);
  if (error) return error;
  if (cause.startsWith('dependency problems')) {
    return failureOf(run, 'unmet_dependency', `${name} has dependencies that are not met`);
  }
  const reason = CAUSES.find(([pattern]) => pattern.test(cause))?.[1] ?? BY_ACTION[action] ?? 'command_failed';
  return failureOf(run, reason, `${name}: ${cause}`);
}
