import { createHmac, timingSafeEqual } from 'node:crypto'
import { parse, stringify, validate } from 'uuid'
import { derivedKey, type Keyring } from '../../platform/secrets/keyring.ts'

/** What an address in a message is for. A signature for one purpose is none for another. */
export type LinkPurpose = 'open' | 'click' | 'preferences' | 'unsubscribe'

/** Whose it is; only clicks have a link. */
export interface SignedLink {
  tenantId: string
  messageId: string
  linkId?: string
}

const macBytes = 16

/** The signed part of an address: what it names, and 128 bits over purpose and names. */
export function signLink(keyring: Keyring, purpose: LinkPurpose, { tenantId, messageId, linkId }: SignedLink): string {
  const names = Buffer.concat([tenantId, messageId, ...(linkId ? [linkId] : [])].map(id => Buffer.from(parse(id))))
  return Buffer.concat([names, macOf(keyring, purpose, names)]).toString('base64url')
}

/** Reads what `signLink` made; undefined for what is forged, cut, or signed for something else. */
export function readLink(keyring: Keyring, purpose: LinkPurpose, text: string): SignedLink | undefined {
  if (!/^[\w-]{10,120}$/.test(text)) return undefined
  const bytes = Buffer.from(text, 'base64url')
  const wanted = (purpose === 'click' ? 48 : 32) + macBytes
  // The same bytes have one spelling.
  if (bytes.length !== wanted || bytes.toString('base64url') !== text) return undefined
  const names = bytes.subarray(0, -macBytes)
  if (!timingSafeEqual(bytes.subarray(-macBytes), macOf(keyring, purpose, names))) return undefined
  const ids = Array.from({ length: names.length / 16 }, (_, place) =>
    uuidOf(names.subarray(place * 16, place * 16 + 16)),
  )
  const [tenantId, messageId, linkId] = ids
  if (!tenantId || !messageId || !ids.every(id => validate(id))) return undefined
  return { tenantId, messageId, ...(linkId && { linkId }) }
}

function uuidOf(bytes: Uint8Array): string {
  try {
    return stringify(bytes)
  } catch {
    return ''
  }
}

function macOf(keyring: Keyring, purpose: LinkPurpose, names: Uint8Array): Buffer {
  return createHmac('sha256', derivedKey(keyring, `message ${purpose}`))
    .update(names)
    .digest()
    .subarray(0, macBytes)
}
