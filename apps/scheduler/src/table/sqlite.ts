import {
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  Kysely,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { OpenDatabase } from './open-database.ts';
import type { Database } from './schema.ts';
import { SqliteLink } from './sqlite-link.ts';

const IN_MEMORY = ':memory:';

/**
 * Opens a file of SQLite, by Node's own module: nothing has to be compiled. With a write-ahead log, and what is committed
 * is on the disk (`synchronous=FULL`): a task that was accepted survives a power failure. It runs in a thread of its own,
 * so that nothing else waits for the disk, and lists are read in another, so that nobody who writes waits for them.
 * @param path `:memory:` for one that goes with the process
 * @throws {AltsError} `store_unavailable`
 */
export async function openSqlite(path: string): Promise<OpenDatabase> {
  const link = await SqliteLink.open(path);
  // What is in memory is one connection's alone.
  const reading = path === IN_MEMORY ? undefined : await openToRead(path, link);
  const driver = new SqliteDriver(link, reading);
  const db = kyselyOf(driver);
  return {
    db,
    reads: reading ? kyselyOf(new SqliteDriver(reading)) : db,
    locks: false,
    together: (queries) => driver.together(queries),
    transaction: (work) => db.transaction().execute(work),
  };
}

async function openToRead(path: string, first: SqliteLink): Promise<SqliteLink> {
  try {
    return await SqliteLink.open(path, true);
  } catch (error) {
    await first.close();
    throw error;
  }
}

function kyselyOf(driver: Driver): Kysely<Database> {
  return new Kysely<Database>({
    dialect: {
      createAdapter: () => new OneAtATime(),
      createDriver: () => driver,
      createIntrospector: (kysely) => new SqliteIntrospector(kysely),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  });
}

/** It is the driver that lets one at a time have the connection, not Kysely: what goes together needs no turns between. */
class OneAtATime extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true;
  }
}

class SqliteDriver implements Driver {
  readonly #link: SqliteLink;
  readonly #beside: SqliteLink | undefined;
  readonly #connection: DatabaseConnection;
  #turn: Promise<void> = Promise.resolve();
  #release: () => void = () => undefined;

  /** @param beside closed with it */
  constructor(link: SqliteLink, beside?: SqliteLink) {
    this.#link = link;
    this.#beside = beside;
    this.#connection = connectionOf(link);
  }

  /** In one transaction, and one message to the thread. */
  async together(queries: readonly CompiledQuery[]): Promise<void> {
    await this.acquireConnection();
    try {
      await this.#link.run(queries, true);
    } finally {
      await this.releaseConnection();
    }
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    const before = this.#turn;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#turn = promise;
    await before;
    this.#release = resolve;
    return this.#connection;
  }

  async releaseConnection(): Promise<void> {
    this.#release();
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin'));
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('commit'));
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('rollback'));
  }

  async destroy(): Promise<void> {
    // The last to close tidies up, which one that only reads could not.
    await this.#beside?.close();
    await this.#link.close();
  }
}

function connectionOf(link: SqliteLink): DatabaseConnection {
  return {
    executeQuery: async <R>(query: CompiledQuery): Promise<QueryResult<R>> => {
      const [result] = await link.run([query]);
      const { rows = [], changes } = result ?? {};
      return { rows: rows as R[], ...(changes !== undefined && { numAffectedRows: BigInt(changes) }) };
    },
    // biome-ignore lint/correctness/useYield: nothing of the scheduler asks for it
    async *streamQuery() {
      throw new Error('rows of SQLite are not streamed');
    },
  };
}
