import { isUtf8 } from 'node:buffer'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { AppError } from '../../platform/errors/app-error.ts'

const unpack = promisify(gunzip)

/**
 * Bytes of a body, packed and unpacked. SDKs promise 500 KB but count characters, or before they put the envelope
 * around it: what is up to twice as large is still taken, since they drop for ever what is refused.
 */
export const largestBody = 1_048_576

/** What was sent, and whether it held broken UTF-8, which then stands in it as U+FFFD. */
export interface Sent {
  json: unknown
  damaged: boolean
  /** Some text may hold what JSON writes as an escape: NUL, half a surrogate pair. */
  escapes: boolean
}

/**
 * Reads a body as JSON, whatever its content type: RudderStack sends gzip as a form, browsers send text.
 * @throws AppError `malformed`, `too_large`, `unsupported_media_type`
 */
export async function readBody(body: Buffer, encoding: string | undefined): Promise<Sent> {
  const bytes = await unpacked(body, encoding?.trim().toLowerCase())
  const damaged = !isUtf8(bytes)
  let text = bytes.toString('utf8')
  if (text.charCodeAt(0) === 0xfeff) text = text.slice(1)
  try {
    return { json: JSON.parse(text), damaged, escapes: text.includes('\\u') }
  } catch {
    throw new AppError('malformed', {
      ja: '本文がJSONとして読み取れません。',
      en: 'The body is no JSON.',
    })
  }
}

async function unpacked(body: Buffer, encoding: string | undefined): Promise<Buffer> {
  if (encoding === undefined || encoding === '' || encoding === 'identity') return body
  if (encoding !== 'gzip' && encoding !== 'x-gzip') {
    throw new AppError('unsupported_media_type', {
      ja: 'Content-Encoding は gzip のみに対応しています。',
      en: 'The only Content-Encoding is gzip.',
    })
  }
  try {
    return await unpack(body, { maxOutputLength: largestBody })
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE') throw bodyTooLarge()
    throw new AppError('malformed', { ja: 'gzipとして展開できません。', en: 'The body is no valid gzip.' })
  }
}

export function bodyTooLarge(): AppError {
  return new AppError('too_large', {
    ja: '1回の送信は500 KBまでです。分けて送ってください。',
    en: 'A batch takes 500 KB. Send it in parts.',
  })
}
