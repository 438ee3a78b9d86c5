import { type DatabaseConnection, PostgresDialect, type PostgresDialectConfig, PostgresDriver } from 'kysely';
import { tableError } from './table-error.ts';

/** Kysely's dialect of PostgreSQL; a database that is not there is `store_unavailable`. */
export class NamingPostgresDialect extends PostgresDialect {
  readonly #config: PostgresDialectConfig;

  constructor(config: PostgresDialectConfig) {
    super(config);
    this.#config = config;
  }

  override createDriver(): PostgresDriver {
    return new NamingDriver(this.#config);
  }
}

class NamingDriver extends PostgresDriver {
  /** A connection is used again and again. */
  readonly #named = new WeakSet<DatabaseConnection>();

  override async acquireConnection(
    ...options: Parameters<PostgresDriver['acquireConnection']>
  ): Promise<DatabaseConnection> {
    const connection = await named(super.acquireConnection(...options));
    if (!this.#named.has(connection)) {
      this.#named.add(connection);
      const execute = connection.executeQuery.bind(connection);
      connection.executeQuery = (...query) => named(execute(...query));
    }
    return connection;
  }
}

async function named<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw tableError(error);
  }
}
