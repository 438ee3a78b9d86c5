import { AltsError } from '@alts/sdk/plugin';

/**
 * Classes of SQLSTATE (SQL:2023, and appendix A of PostgreSQL) in which the database answers, and the statement is what is
 * wrong with it, or the moment: data, constraints, conflicts with others, syntax and access.
 */
const OF_STATEMENTS = ['22', '23', '40', '42'];
/** But for a table that is not there: the database is another one than we had. */
const NO_TABLE = '42P01';
/** The same of SQLite, whose codes do not come out of its thread. */
const OF_SQLITE = /constraint failed|syntax error/i;

/** What a database threw, as `store_unavailable` where it is not there or cannot: the statement may be right, and come again. */
export function tableError(error: unknown): unknown {
  if (AltsError.is(error) || isOfStatement(error)) return error;
  return new AltsError('store_unavailable', `the task table refuses: ${reasonOf(error)}`, { cause: error });
}

function isOfStatement(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  if (/^[0-9A-Z]{5}$/.test(code)) return code !== NO_TABLE && OF_STATEMENTS.includes(code.slice(0, 2));
  return OF_SQLITE.test(error.message);
}

/** Of several addresses that were tried there is no message, but a code. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message || String((error as NodeJS.ErrnoException).code ?? error.name);
}
