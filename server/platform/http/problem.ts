import type { FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { AppError, type ErrorCode, errorStatus, type FieldFault } from '../errors/app-error.ts'
import { type Locale, localeOf, type Words } from '../errors/words.ts'
import { unavailable } from '../tenancy/unavailable.ts'
import { readShape } from './read-shape.ts'

const titles: Record<ErrorCode, Words> = {
  malformed: { ja: 'リクエストを読み取れません', en: 'The request cannot be read' },
  unauthenticated: { ja: 'サインインが必要です', en: 'Sign-in required' },
  second_factor_required: { ja: '確認コードが必要です', en: 'Second factor required' },
  forbidden: { ja: '権限がありません', en: 'Not permitted' },
  not_found: { ja: '見つかりません', en: 'Not found' },
  conflict: { ja: '現在の状態と矛盾します', en: 'Conflict' },
  tenant_switched: { ja: '会社が切り替わっています', en: 'Another company is open' },
  expired: { ja: '有効期限が切れています', en: 'Expired' },
  too_large: { ja: '大きすぎます', en: 'Too large' },
  unsupported_media_type: { ja: '対応していない形式です', en: 'Unsupported media type' },
  invalid_input: { ja: '入力内容に誤りがあります', en: 'Invalid input' },
  idempotency_mismatch: { ja: '同じキーで別の内容が送られました', en: 'Idempotency key reused' },
  rate_limited: { ja: '回数の上限に達しました', en: 'Too many requests' },
  internal: { ja: 'サーバーでエラーが発生しました', en: 'Internal error' },
  unavailable: { ja: '一時的に利用できません', en: 'Temporarily unavailable' },
}

/** Checks one part of a request; faults come back in the caller's language with the path of each field. */
export function checkPart(shape: z.ZodType | undefined, value: unknown, part: string, locale: Locale): unknown {
  if (!shape) return undefined
  const read = readShape(shape, value, locale)
  if (!read.faults) return read.value
  const faults: FieldFault[] = read.faults.map(({ path, message }) => ({
    path: [part, ...path.map(String)].join('.'),
    message,
  }))
  throw new AppError(
    'invalid_input',
    { ja: '入力内容を確認してください。', en: 'Check the fields that are named.' },
    { faults },
  )
}

/** Answers a failure as RFC 9457 problem details. What is unexpected is logged with the request's id and told to nobody. */
export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const failure = asAppError(error, request.routeOptions.bodyLimit)
  const locale = localeOf(request.headers['accept-language'])
  const status = errorStatus[failure.code]
  if (status >= 500) request.log.error({ err: error, code: failure.code }, 'request failed')
  if (failure.retryAfter !== undefined) {
    const seconds = Math.ceil(failure.retryAfter)
    reply.header('retry-after', String(seconds))
    if (failure.code === 'rate_limited')
      reply.header('x-ratelimit-reset', String(Math.ceil(Date.now() / 1_000) + seconds))
  }
  return reply
    .code(status)
    .type('application/problem+json')
    .send(
      JSON.stringify({
        type: `urn:kizuna:problem:${failure.code}`,
        title: titles[failure.code][locale],
        status,
        detail: failure.words[locale],
        code: failure.code,
        requestId: request.id,
        errors:
          failure.faults.length > 0
            ? failure.faults.map(fault => ({ path: fault.path, message: fault.message[locale] }))
            : undefined,
      }),
    )
}

/** Failures of Fastify itself (body too large, bad JSON, wrong type) by their codes; the database's by theirs. */
function asAppError(error: unknown, bodyLimit: number): AppError {
  const known = unavailable(error)
  if (known instanceof AppError) return known
  const code = (error as { code?: string }).code ?? ''
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    return new AppError('too_large', {
      ja: `送信内容が上限（${Math.round(bodyLimit / 1_048_576)} MB）を超えています。`,
      en: `The body is over the limit of ${Math.round(bodyLimit / 1_048_576)} MB.`,
    })
  }
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    return new AppError('unsupported_media_type', {
      ja: 'Content-Type は application/json で送ってください。',
      en: 'Send the body as application/json.',
    })
  }
  // 22P05, 22021: text that PostgreSQL cannot hold (NUL, lone surrogates).
  if (error instanceof SyntaxError || /^(FST_ERR_CTP|FST_ERR_BAD_URL)/.test(code) || /^(22P05|22021)$/.test(code)) {
    return new AppError('malformed', {
      ja: 'JSONとして正しくないか、保存できない文字が含まれています。',
      en: 'This is no valid JSON, or it holds characters that cannot be stored.',
    })
  }
  // The rest of class 22: a number, a day or a moment that PostgreSQL cannot hold, or that is none.
  if (/^22[0-9A-Z]{3}$/.test(code)) {
    return new AppError('invalid_input', {
      ja: '扱える範囲を超えた値、または形式の異なる値が含まれています。数値と日付を確認してください。',
      en: 'A value is out of range or of another form. Look at the numbers and dates.',
    })
  }
  // Two writes that each looked first and found the name free.
  if (code === '23505') {
    return new AppError('conflict', {
      ja: '同じ内容が同時に登録されました。一覧を確認して、もう一度お試しください。',
      en: 'The same was stored at this moment by somebody else. Look at the list and try again.',
    })
  }
  const status = (error as { statusCode?: number }).statusCode ?? 500
  if (status >= 400 && status < 500) {
    return new AppError('malformed', { ja: 'リクエストの形式が正しくありません。', en: 'The request is malformed.' })
  }
  return new AppError('internal', {
    ja: '予期しないエラーが発生しました。時間をおいて再度お試しください。解決しない場合は、このリクエストIDを管理者に伝えてください。',
    en: 'Something unexpected happened. Try again later; if it stays, give this request id to your administrator.',
  })
}
