import { AppError } from '../errors/app-error.ts'

const lostConnection = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND'])

/** SQLSTATE of a failure, also where it stands behind words for the caller. */
function stateOf(error: unknown): string {
  if (!(error instanceof Error)) return ''
  return (error as { code?: string }).code ?? ''
}

/**
 * Whether PostgreSQL rolled the transaction back because of another one (40001 serialisation failure, 40P01 deadlock):
 * the same work from the start may succeed.
 */
export function lostToAnother(error: unknown): boolean {
  const state = stateOf(error instanceof AppError ? error.cause : error)
  return state === '40001' || state === '40P01'
}

/**
 * What a failure of the database means to a caller: a lost connection, a server that starts or stops, a full disk or
 * a lost race become `unavailable` with a time to retry; work that took too long becomes `unavailable` without one;
 * everything else stays what it is.
 */
export function unavailable(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof AppError) return error
  const code = stateOf(error)
  if (code === '57014') {
    return new AppError(
      'unavailable',
      {
        ja: '処理に時間がかかりすぎたため中止しました。期間や条件で対象を絞り込んで、もう一度お試しください。',
        en: 'The work took too long and was stopped. Narrow it down, by period or conditions, and try again.',
      },
      { cause: error },
    )
  }
  if (lostToAnother(error)) {
    return new AppError(
      'unavailable',
      {
        ja: '同じデータが同時に変更されていたため、保存できませんでした。もう一度お試しください。',
        en: 'The same data was being changed at this moment, so nothing was saved. Try again.',
      },
      { retryAfter: 1, cause: error },
    )
  }
  const temporary =
    lostConnection.has(code) ||
    // 08 connection, 53 resources (disk full, too many connections), 57P operator intervention,
    // 25006 read-only after a fail-over, 40 other rollbacks by the server
    /^(08|53|57P|40)/.test(code) ||
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
