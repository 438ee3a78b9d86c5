import { AltsError, safeLine } from '@alts/sdk';
import { ERROR_EXIT_CODES, EXIT } from './exit-codes.ts';

/** Longest line about a problem. */
const MAX_LINE = 1000;

/**
 * One line on stderr for whatever ended the command, safe to show; gives the exit code. What nobody foresaw is called a
 * bug, and shows its stack with `ALTS_DEBUG=1`.
 * @param usage the exit code for a message that is the user's to act upon
 */
export function reportProblem(problem: unknown, usage?: number): number {
  if (typeof problem === 'string') {
    say(problem);
    return usage ?? EXIT.error;
  }
  if (process.env['ALTS_DEBUG'] === '1') console.error(problem);
  if (AltsError.is(problem) && problem.code !== 'internal') {
    say(problem.message);
    return ERROR_EXIT_CODES[problem.code] ?? EXIT.error;
  }
  const message = problem instanceof Error ? problem.message : String(problem);
  say(`${message || 'something went wrong'}; this is a bug, please report it (ALTS_DEBUG=1 shows where)`);
  return EXIT.error;
}

function say(text: string): void {
  process.stderr.write(`alts: ${safeLine(text, MAX_LINE)}\n`);
}
