import {
  type Failure,
  type Finding,
  formatStanding,
  type ReportedFinding,
  type StageResult,
} from '../contracts/report.ts';
import { safeLine } from './safe-text.ts';

/** `apt-get install -y hello (exit code 100)`; undefined where no command failed. */
export function commandLine({ command, exitCode, signal }: Failure): string | undefined {
  if (!command) return undefined;
  const end = signal ?? (exitCode === undefined ? undefined : `exit code ${exitCode}`);
  return safeLine(`${command.join(' ')}${end ? ` (${end})` : ''}`, 1000);
}

/** `error: files/missing /usr/bin/hello: is missing (what was seen)` */
export const findingLine = (finding: ReportedFinding): string => said(formatStanding(finding), finding);

/** `fixed: files/missing /usr/bin/hello: is missing`, of a finding of the baseline that is gone. */
export const fixedLine = (finding: Finding): string => said('fixed', finding);

function said(standing: string, { checker, rule, subject, message, evidence }: Finding): string {
  return safeLine(`${standing}: ${checker}/${rule} ${subject}: ${message}${evidence ? ` (${evidence})` : ''}`, 2000);
}

/** The name of a stage, of one that is there twice with its number: `upgrade_package-2`. */
export const stageTitle = ({ name, log }: StageResult): string => name + (/-\d+(?=\.log$)/.exec(log)?.[0] ?? '');

/** `from 1.0 to 2.0`, `also removed: x, y`: what a stage says of itself besides how it ended. */
export function stageFacts({ versions, alsoRemoved = [] }: StageResult): string[] {
  return [
    ...(versions ? [safeLine(`from ${versions.from} to ${versions.to}`)] : []),
    ...(alsoRemoved.length > 0 ? [safeLine(`also removed: ${alsoRemoved.join(', ')}`, 1000)] : []),
  ];
}

/** Those that count first, and of them the worst. */
const ORDER = ['new', 'known', 'waived'].flatMap((status) =>
  ['error', 'warning', 'info'].map((severity) => `${status} ${severity}`),
);
const rank = ({ status, severity }: ReportedFinding): number => ORDER.indexOf(`${status} ${severity}`);

/** Those that count first, and of them the worst; else in the order in which they were made. */
export function worstFirst(findings: readonly ReportedFinding[]): ReportedFinding[] {
  return findings.toSorted((a, b) => rank(a) - rank(b));
}
