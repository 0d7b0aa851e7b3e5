import { AppError } from '../errors/app-error.ts'

const lostConnection = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND'])

/**
 * What a failure of the database means to a caller: a lost connection, a server that starts or stops, a full disk or
 * a time-out become `unavailable` with a time to retry; everything else stays what it is.
 */
export function unavailable(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof AppError) return error
  const code = (error as { code?: string }).code ?? ''
  const temporary =
    lostConnection.has(code) ||
    // 08 connection, 53 resources (disk full, too many connections), 57P operator intervention, 57014 statement time-out,
    // 25006 read-only after a fail-over, 40 serialisation and deadlock
    /^(08|53|57P|40)/.test(code) ||
    code === '57014' ||
    // The database itself is being put back from a backup.
    code === '3D000' ||
    code === '25006' ||
    // A migration changed a table under a prepared statement; the next connection prepares it anew.
    (code === '0A000' && error.message.includes('cached plan')) ||
    /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|not queryable/.test(
      error.message,
    )
  if (!temporary) return error
  return new AppError(
    'unavailable',
    {
      ja: 'データベースに接続できません。数秒後にもう一度お試しください。',
      en: 'The database cannot be reached at the moment. Try again in a few seconds.',
    },
    { retryAfter: 2, cause: error },
  )
}
