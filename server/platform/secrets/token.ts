import { createHash, randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { parse, validate } from 'uuid'

/** What a token is for; it stands in front, so that a leaked one is known at sight and none can pass for another. */
export type TokenKind =
  | 'session'
  | 'verify'
  | 'reset'
  | 'invite'
  | 'key'
  | 'source'
  | 'calendar'
  | 'hook'
  | 'onboarding'

const prefixes: Record<TokenKind, string> = {
  session: 'kzs_',
  verify: 'kzv_',
  reset: 'kzr_',
  invite: 'kzi_',
  key: 'kzk_',
  source: 'kzw_',
  calendar: 'kzc_',
  hook: 'kzf_',
  onboarding: 'kzo_',
}

/** A secret of 256 random bits, shown once; the database keeps `hash` only. */
export interface Token {
  text: string
  hash: Buffer
}

/**
 * A new token. With a tenant it carries the tenant's id, so that a bearer can be looked up inside the tenant;
 * the last six characters are a checksum, so that a mistyped or truncated one is refused without a look-up.
 */
export function newToken(kind: TokenKind, tenantId?: string): Token {
  const tenant = tenantId ? Buffer.from(parse(tenantId)) : Buffer.alloc(0)
  const body = prefixes[kind] + Buffer.concat([tenant, randomBytes(32)]).toString('base64url')
  const text = body + checksum(body)
  return { text, hash: hashToken(text) }
}

/** Reads a token that somebody sent: its hash and tenant, or undefined when it is none of that kind. */
export function readToken(kind: TokenKind, text: string): { hash: Buffer; tenantId: string | undefined } | undefined {
  if (!text.startsWith(prefixes[kind]) || text.length > 120) return undefined
  const body = text.slice(0, -6)
  if (text.slice(-6) !== checksum(body)) return undefined
  const bytes = Buffer.from(body.slice(4), 'base64url')
  if (bytes.length === 32) return { hash: hashToken(text), tenantId: undefined }
  if (bytes.length !== 48) return undefined
  // Well-formed, but perhaps made by hand: what is no UUID is no token of ours.
  const tenantId = bytes.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
  return validate(tenantId) ? { hash: hashToken(text), tenantId } : undefined
}

/** SHA-256 is enough: the input has 256 random bits, so there is nothing to guess. */
function hashToken(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

function checksum(body: string): string {
  return crc32(body).toString(36).padStart(7, '0').slice(-6)
}
