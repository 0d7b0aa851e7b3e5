import { createHmac, timingSafeEqual } from 'node:crypto'

/** A request of Slack is as old as this at most, in seconds. */
const longestAge = 300

interface Signed {
  /** `X-Slack-Request-Timestamp`, in seconds. */
  timestamp: string
  /** `X-Slack-Signature`. */
  signature: string
  body: Buffer
}

/**
 * Whether Slack signed a request, and lately: `v0=` and the HMAC-SHA256 of `v0:timestamp:body` by the signing secret of
 * the app, compared in constant time (https://docs.slack.dev/authentication/verifying-requests-from-slack).
 */
export function isFromSlack(secret: string, { timestamp, signature, body }: Signed, now: Date): boolean {
  if (!/^\d{1,12}$/.test(timestamp)) return false
  if (Math.abs(now.getTime() / 1_000 - Number(timestamp)) > longestAge) return false
  const expected = Buffer.from(
    `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest('hex')}`,
  )
  const given = Buffer.from(signature)
  return given.length === expected.length && timingSafeEqual(given, expected)
}
