import type { Argv, ExecEnd, ExecResult } from '../contracts/environment.ts';
import type { Failure, FailureReason } from '../contracts/report.ts';

/** A command that ended, and the end of what it wrote. */
export interface EndedCommand {
  readonly command: Argv;
  readonly end: ExecEnd;
  readonly stdout: string;
  readonly stderr: string;
  /** True when more was written than is here. */
  readonly truncated: boolean;
}

export function endedCommand(command: Argv, result: ExecResult): EndedCommand {
  const { end, truncated } = result;
  return { command, end, truncated, stdout: decodeText(result.stdout), stderr: decodeText(result.stderr) };
}

export function decodeText(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

export function succeeded(end: ExecEnd): boolean {
  return end.type === 'exit' && end.code === 0;
}

/** How much of each stream a report shows. */
const MAX_LINES = 20;
const MAX_CHARACTERS = 4000;

function lastLines(text: string): string {
  return text.trimEnd().split('\n').slice(-MAX_LINES).join('\n').slice(-MAX_CHARACTERS);
}

/** A failure with its evidence: the command, how it ended, its last lines. */
export function failureOf(run: EndedCommand, reason: FailureReason, message: string): Failure {
  const output = [lastLines(run.stdout), lastLines(run.stderr)].filter((text) => text !== '').join('\n');
  return {
    reason,
    message: message.replace(/\s+/g, ' ').trim().slice(0, 500),
    command: [...run.command],
    ...(run.end.type === 'exit' ? { exitCode: run.end.code } : {}),
    ...(run.end.type === 'signal' ? { signal: run.end.signal } : {}),
    ...(output ? { output } : {}),
  };
}
