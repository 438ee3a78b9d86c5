/** What scripts around the `alts` command may want to know of it; the command itself is `bin/alts.js`. */
export { EXIT, exitCodeOf, VERDICT_EXIT_CODES } from './exit-codes.ts';
