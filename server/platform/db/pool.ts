import { createHmac } from 'node:crypto'
import pg from 'pg'

// Whole numbers of bigint columns and counts fit a double in this product (sequences, ids of jobs, counts).
pg.types.setTypeParser(pg.types.builtins.INT8, Number)

/** The application's database role: owns nothing, cannot bypass row-level security. */
export const applicationRole = 'kizuna_app'

/**
 * The password of the application role, made from the installation's key: every server of an installation
 * knows it, and it is kept nowhere.
 */
export function applicationPassword(rootKey: Buffer): string {
  return createHmac('sha256', rootKey).update('database role kizuna_app').digest('base64url')
}

/** The owner's connection address with the application role in place of the owner. */
export function applicationUrl(ownerUrl: string, rootKey: Buffer): string {
  const url = new URL(ownerUrl)
  url.username = applicationRole
  url.password = applicationPassword(rootKey)
  return url.toString()
}

/** @param size connections at most; a request waits up to 5 s for one, then fails as unavailable */
export function createPool(connectionString: string, size: number): pg.Pool {
  const pool = new pg.Pool({
    connectionString,
    max: size,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    // A request that holds a transaction open for longer than this is a fault; it must not hold locks for ever.
    idle_in_transaction_session_timeout: 30_000,
    statement_timeout: 60_000,
    // Longer than the server's own limit: for a line that went dead without a word.
    query_timeout: 65_000,
    keepAlive: true,
    application_name: 'kizuna',
    // Statements that do not wait for each other travel together: begin, tenant and sign-in look-up in one round trip.
    pipeline: true,
    // A statement of a process that is gone (kill -9) ends within two seconds and lets its locks go.
    // Citus forwards SET LOCAL to its workers only when told to; a PostgreSQL without Citus keeps this as a placeholder.
    // UTC, so that moments in JSON that PostgreSQL builds have one form. No compilation of expressions: right after many
    // rows were written the planner overestimates, and compiling cost seconds where the statement took milliseconds.
    options:
      '-c citus.propagate_set_commands=local -c TimeZone=UTC -c jit=off -c client_connection_check_interval=2000',
  })
  // An idle connection that the server closed is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => {})
  // The same for one that is in use: the query that fails tells its caller.
  pool.on('connect', client => client.on('error', () => {}))
  return pool
}
