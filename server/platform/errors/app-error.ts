import type { Words } from './words.ts'

/** The closed list of failures that the product can answer with, each with its HTTP status. */
export const errorStatus = {
  malformed: 400,
  unauthenticated: 401,
  second_factor_required: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  tenant_switched: 409,
  expired: 410,
  too_large: 413,
  unsupported_media_type: 415,
  invalid_input: 422,
  idempotency_mismatch: 422,
  rate_limited: 429,
  internal: 500,
  unavailable: 503,
} as const

export type ErrorCode = keyof typeof errorStatus

/** A field that was refused: where (path in the request, such as `body.email`) and why. */
export interface FieldFault {
  path: string
  message: Words
}

/** The one error class: a code of the closed list, and words that say what is wrong and what to do. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly words: Words
  readonly faults: FieldFault[]
  /** Seconds after which a retry makes sense, for `rate_limited` and `unavailable`. */
  readonly retryAfter: number | undefined
  /** What the command wrote stays although it failed: counted attempts, lines about a failed sign-in. */
  readonly keeps: boolean

  constructor(
    code: ErrorCode,
    words: Words,
    more: { faults?: FieldFault[]; retryAfter?: number; keeps?: boolean; cause?: unknown } = {},
  ) {
    super(words.en, { cause: more.cause })
    this.name = 'AppError'
    this.code = code
    this.words = words
    this.faults = more.faults ?? []
    this.retryAfter = more.retryAfter
    this.keeps = more.keeps ?? false
  }

  /** The same failure, after which what the command wrote stays. */
  keeping(): AppError {
    return new AppError(this.code, this.words, {
      faults: this.faults,
      retryAfter: this.retryAfter,
      keeps: true,
      cause: this.cause,
    })
  }
}

/** A record that does not exist, or that the reader may not know of: both answer alike. */
export function notFound(): AppError {
  return new AppError('not_found', {
    ja: '見つかりません。削除されたか、アドレスが誤っている可能性があります。',
    en: 'Not found. It may have been deleted, or the address is wrong.',
  })
}

/** The actor lacks a permission. */
export function forbidden(permission: string): AppError {
  return new AppError('forbidden', {
    ja: `この操作には権限「${permission}」が必要です。管理者に依頼してください。`,
    en: `This needs the permission "${permission}". Ask an administrator for it.`,
  })
}

/** One field of the request body is refused. */
export function invalidField(path: string, message: Words): AppError {
  return new AppError('invalid_input', message, { faults: [{ path, message }] })
}
