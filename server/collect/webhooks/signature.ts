import { createHmac, timingSafeEqual } from 'node:crypto'

/** How far the moment of a delivery may lie from ours (s), as Standard Webhooks has it. */
const tolerance = 300

/** The head of a delivery (https://www.standardwebhooks.com, version 1). */
export interface SignedHead {
  id: string
  /** Seconds since 1970, as it was sent. */
  timestamp: string
  /** `v1,<base64>`, several with spaces between. */
  signatures: string
}

/** Signs as a sender does. @param secret `whsec_` and base64 */
export function signatureOf(secret: string, id: string, timestamp: string, body: Buffer): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  const signed = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64')
  return `v1,${signed}`
}

/** Whether one of the secrets made one of the signatures. */
export function isSigned(secrets: readonly string[], head: SignedHead, body: Buffer): boolean {
  const given = head.signatures.split(' ').map(signature => Buffer.from(signature))
  let found = false
  for (const secret of secrets) {
    const right = Buffer.from(signatureOf(secret, head.id, head.timestamp, body))
    for (const signature of given) {
      if (signature.length === right.length && timingSafeEqual(signature, right)) found = true
    }
  }
  return found
}

/** Whether a delivery is of now. @param now milliseconds */
export function isFresh(timestamp: string, now: number): boolean {
  return /^\d{1,12}$/.test(timestamp) && Math.abs(now / 1_000 - Number(timestamp)) <= tolerance
}
