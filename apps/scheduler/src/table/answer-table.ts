import type { Kysely } from 'kysely';
import type { Database, IdempotencyRow } from './schema.ts';

/** How long a client may repeat a request and is given the first answer. */
const KEPT_MS = 7 * 24 * 60 * 60_000;

/** Answers to requests that may come again, by caller and key. */
export class AnswerTable {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  async find(caller: string, key: string): Promise<IdempotencyRow | undefined> {
    return this.#db
      .selectFrom('idempotency')
      .selectAll()
      .where('caller', '=', caller)
      .where('key', '=', key)
      .executeTakeFirst();
  }

  /** The first one stays. */
  async keep(answer: IdempotencyRow): Promise<void> {
    await this.#db
      .insertInto('idempotency')
      .values(answer)
      .onConflict((conflict) => conflict.columns(['caller', 'key']).doNothing())
      .execute();
  }

  /** Those that are older than a week. */
  async prune(now: Date): Promise<void> {
    const before = new Date(now.getTime() - KEPT_MS).toISOString();
    await this.#db.deleteFrom('idempotency').where('at', '<', before).execute();
  }
}
