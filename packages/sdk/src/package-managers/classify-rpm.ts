import type { AltsError } from '../contracts/errors.ts';
import type { Failure } from '../contracts/report.ts';
import { type EndedCommand, failureOf } from './output-text.ts';
import { resourceError } from './resources.ts';
import { failedScriptlets } from './rpm-scriptlets.ts';

/** True when rpm was at work: a transaction was running. Only then do scripts run. */
export function rpmWasAtWork({ stdout, stderr, truncated }: EndedCommand): boolean {
  // More than the tail holds is what scripts print, never dnf.
  return truncated || /^Running transaction$/m.test(stdout) || /^Running transaction$/m.test(stderr);
}

/** Judges a transaction that failed while it ran: what dnf itself says of it, not what scripts print. */
export function classifyRpm(run: EndedCommand): Failure | AltsError | undefined {
  const [first] = failedScriptlets(run);
  if (first) {
    const { script, owner, how } = first;
    return failureOf(run, 'script_failed', `the ${script} script of ${owner} ended with ${how}`);
  }
  const unpacking = /^(?:>>> )?(?:Error unpacking rpm package|Unpack error:) (\S+)/m.exec(run.stderr)?.[1];
  if (unpacking === undefined) return undefined;
  const cause = [...`${run.stdout}\n${run.stderr}`.matchAll(/^error: (.*(?:cpio: |unpacking of archive).*)$/gm)].at(
    -1,
  )?.[1];
  return (
    resourceError(cause ?? '') ?? failureOf(run, 'unpack_failed', `${unpacking}: ${cause ?? 'it cannot be unpacked'}`)
  );
}
