import { CompiledQuery } from 'kysely';
import { pieces } from './pieces.ts';

interface Kept {
  readonly sql: string;
  readonly columns: readonly string[];
}

/**
 * Statements that insert many rows at once. The text of each is made once for each number of rows, and only the values
 * differ after that: making it anew took longer than all else that a task costs here.
 */
export class RowInserts<Row extends object> {
  readonly #compile: (rows: readonly Row[]) => CompiledQuery;
  readonly #kept = new Map<number, Kept>();

  /** @param compile the statement for rows that all have the same fields, each value a parameter of it */
  constructor(compile: (rows: readonly Row[]) => CompiledQuery) {
    this.#compile = compile;
  }

  /** What inserts them, in their order. */
  of(rows: readonly Row[]): CompiledQuery[] {
    return [...pieces(rows)].map((some) => this.#one(some));
  }

  #one(rows: readonly Row[]): CompiledQuery {
    const { sql, columns } = this.#kept.get(rows.length) ?? this.#keep(rows);
    return CompiledQuery.raw(
      sql,
      rows.flatMap((row) => columns.map((column) => row[column as keyof Row])),
    );
  }

  #keep(rows: readonly Row[]): Kept {
    const kept = { sql: this.#compile(rows).sql, columns: Object.keys(rows[0] ?? {}) };
    this.#kept.set(rows.length, kept);
    return kept;
  }
}
