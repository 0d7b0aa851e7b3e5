import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'
import { derivedKey, type Keyring, type NamedKey } from './keyring.ts'

/** Where a box stands: it opens nowhere else. `tenant` is `-` for tables that belong to no tenant. */
export interface BoxPlace {
  tenant: string
  table: string
  column: string
  row: string
}

/**
 * Encrypts a text (AES-256-GCM, random 96-bit nonce, the place as associated data).
 * @returns `1.<key id>.<nonce>.<ciphertext and tag>` in base64url
 */
export function seal(keyring: Keyring, place: BoxPlace, text: string): string {
  keyring.refresh?.()
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', keyring.current.bytes, nonce).setAAD(associatedData(place))
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
  return `1.${keyring.current.id}.${nonce.toString('base64url')}.${sealed.toString('base64url')}`
}

/** Opens a box. @throws Error when it was changed, moved to another place, or its key is not in the ring */
export function unseal(keyring: Keyring, place: BoxPlace, box: string): string {
  const [version, keyId, nonce, sealed] = box.split('.')
  const key = findKey(keyring, keyId ?? '')
  if (version !== '1' || !key || !nonce || !sealed) {
    throw new Error(`The box in ${place.table}.${place.column} cannot be opened: key "${keyId}" is not in the ring.`)
  }
  const bytes = Buffer.from(sealed, 'base64url')
  const decipher = createDecipheriv('aes-256-gcm', key.bytes, Buffer.from(nonce, 'base64url'))
    .setAAD(associatedData(place))
    .setAuthTag(bytes.subarray(-16))
  return Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]).toString('utf8')
}

/** A key that is unknown may be one that a rotation has just added. */
function findKey(keyring: Keyring, id: string): NamedKey | undefined {
  if (!keyring.byId.has(id)) keyring.refresh?.(true)
  return keyring.byId.get(id)
}

/** What an encrypted value is found by: HMAC-SHA-256 with a key of the tenant's own; equal values of two tenants differ. */
export function blindIndex(keyring: Keyring, tenant: string, value: string): Buffer {
  return blindIndexer(keyring, tenant)(value)
}

/** The same for many values: the key is derived once. */
export function blindIndexer(keyring: Keyring, tenant: string): (value: string) => Buffer {
  const key = derivedKey(keyring, `blind index ${tenant}`)
  return value => createHmac('sha256', key).update(value).digest()
}

function associatedData(place: BoxPlace): Buffer {
  // JSON keeps the parts apart: no value can reach over into its neighbour.
  return Buffer.from(JSON.stringify([place.tenant, place.table, place.column, place.row]))
}
