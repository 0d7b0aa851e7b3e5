import {
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely'
import type pg from 'pg'
import { traced } from '../telemetry/measure.ts'
import type { DB } from './types.generated.ts'

export type Database = Kysely<DB>

const known = new WeakMap<pg.ClientBase, Database>()

/** Kysely on one connection whose transaction somebody else opened: it neither begins nor ends one. */
export function kyselyOn(client: pg.ClientBase): Database {
  const database = known.get(client) ?? build(client)
  known.set(client, database)
  return database
}

function build(client: pg.ClientBase): Database {
  const connection: DatabaseConnection = {
    async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
      const statement = { name: statementName(query.sql), text: query.sql, values: query.parameters as unknown[] }
      // The text has placeholders where values stand, so it may be told.
      const result = await traced('query', { 'db.query.text': query.sql }, () => client.query(statement))
      return {
        rows: result.rows as Row[],
        numAffectedRows: result.rowCount === null ? undefined : BigInt(result.rowCount),
      }
    },
    streamQuery() {
      throw new Error('Streams use a cursor or COPY on the connection itself.')
    },
  }
  const driver: Driver = {
    init: async () => {},
    acquireConnection: async () => connection,
    beginTransaction: refuse,
    commitTransaction: refuse,
    rollbackTransaction: refuse,
    releaseConnection: async () => {},
    destroy: async () => {},
  }
  return new Kysely<DB>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => driver,
      createIntrospector: database => new PostgresIntrospector(database),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  })
}

const statementNames = new Map<string, string>()

/** More different statements than the product has; a text that is put together anew each time must not fill memory. */
const mostStatements = 2_000

/**
 * A name makes PostgreSQL keep the statement parsed and planned on its connection. Texts are few, since values are
 * parameters.
 */
function statementName(text: string): string | undefined {
  const known = statementNames.get(text)
  if (known || statementNames.size >= mostStatements) return known
  const name = `s${statementNames.size}`
  statementNames.set(text, name)
  return name
}

/** A nested transaction would break "one request, one transaction": the gate opens and ends it. */
async function refuse(): Promise<never> {
  throw new Error('The transaction belongs to the gate; commands do not open their own.')
}
