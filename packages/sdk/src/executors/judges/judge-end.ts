import type { ExecEnd } from '../../contracts/environment.ts';

/** What speaks against a test in how its program ended; undefined: it ended with exit code 0. */
export function faultOf(end: ExecEnd): string | undefined {
  switch (end.type) {
    case 'exit':
      return end.code === 0 ? undefined : `exit code ${end.code}`;
    case 'signal':
      return `ended by ${end.signal}`;
    case 'time-limit':
      return `not done after ${end.limitMs / 1000} s`;
  }
}

/** One line for a reason: cut after 300 characters. */
export function shortLine(text: string): string {
  const line = text.trim();
  return line.length > 300 ? `${line.slice(0, 299).toWellFormed()}…` : line.toWellFormed();
}
