import type { SourceKind } from '../../../server/collect/ingest/contract/sources.ts'

export const ways = ['tracker', 'segmentNode', 'segmentBrowser', 'rudderNode', 'curl'] as const
export type Way = (typeof ways)[number]

/** How a source of a kind may send, the best first. */
export const waysOf: Record<SourceKind, readonly Way[]> = {
  server: ['segmentNode', 'rudderNode', 'curl'],
  browser: ['tracker', 'segmentBrowser', 'curl'],
  mobile: ['curl'],
}

interface Lines {
  step: 'head' | 'early' | 'calls' | 'install' | 'send'
  text: string
}

/**
 * Lines that make a program send here: the parts to copy, in order. The words in them are code, so they are not translated.
 * @param origin of this installation, such as `https://kizuna.example`
 */
export function linesOf(way: Way, origin: string, key: string): readonly Lines[] {
  const host = new URL(origin).host
  switch (way) {
    case 'tracker':
      return [
        {
          step: 'head',
          text: `<script src="${origin}/tracker.js" data-write-key="${key}" data-page="auto" async></script>`,
        },
        {
          step: 'early',
          text: `window.kizuna = window.kizuna || []
for (const name of ['page', 'track', 'identify', 'group', 'alias', 'reset', 'consent'])
  window.kizuna[name] ||= (...given) => window.kizuna.push([name, ...given])`,
        },
        {
          step: 'calls',
          text: `kizuna.consent('granted')
kizuna.identify('user-1', { email: 'ai@example.com', name: 'Ai Yamamoto' })
kizuna.group('company-1', { name: 'Yamamoto Inc.' })
kizuna.track('Report exported', { format: 'PDF' })`,
        },
      ]
    case 'segmentNode':
      return [
        { step: 'install', text: 'npm install @segment/analytics-node' },
        {
          step: 'send',
          text: `import { Analytics } from '@segment/analytics-node'

const analytics = new Analytics({ writeKey: '${key}', host: '${origin}' })
analytics.identify({ userId: 'user-1', traits: { email: 'ai@example.com', name: 'Ai Yamamoto' } })
analytics.group({ userId: 'user-1', groupId: 'company-1', traits: { name: 'Yamamoto Inc.' } })
analytics.track({ userId: 'user-1', event: 'Report exported', properties: { format: 'PDF' } })
await analytics.closeAndFlush()`,
        },
      ]
    case 'segmentBrowser':
      return [
        { step: 'install', text: 'npm install @segment/analytics-next' },
        {
          step: 'send',
          text: `import { AnalyticsBrowser } from '@segment/analytics-next'

const kizuna = { apiHost: '${host}/v1', protocol: '${origin.split(':')[0]}', apiKey: '${key}' }
const analytics = AnalyticsBrowser.load(
  { writeKey: '${key}', cdnSettings: { integrations: { 'Segment.io': kizuna } } },
  { integrations: { 'Segment.io': kizuna } },
)
analytics.identify('user-1', { email: 'ai@example.com', name: 'Ai Yamamoto' })
analytics.group('company-1', { name: 'Yamamoto Inc.' })
analytics.track('Report exported', { format: 'PDF' })`,
        },
      ]
    case 'rudderNode':
      return [
        { step: 'install', text: 'npm install @rudderstack/rudder-sdk-node' },
        {
          step: 'send',
          text: `import RudderAnalytics from '@rudderstack/rudder-sdk-node'

const rudder = new RudderAnalytics('${key}', { dataPlaneUrl: '${origin}' })
rudder.identify({ userId: 'user-1', traits: { email: 'ai@example.com', name: 'Ai Yamamoto' } })
rudder.group({ userId: 'user-1', groupId: 'company-1', traits: { name: 'Yamamoto Inc.' } })
rudder.track({ userId: 'user-1', event: 'Report exported', properties: { format: 'PDF' } })
await rudder.flush()`,
        },
      ]
    case 'curl':
      return [
        {
          step: 'send',
          text: `curl ${origin}/v1/batch -u '${key}:' -H 'Content-Type: application/json' -d '{
  "batch": [
    { "type": "identify", "messageId": "m-1", "userId": "user-1", "traits": { "email": "ai@example.com", "name": "Ai Yamamoto" } },
    { "type": "group", "messageId": "m-2", "userId": "user-1", "groupId": "company-1", "traits": { "name": "Yamamoto Inc." } },
    { "type": "track", "messageId": "m-3", "userId": "user-1", "event": "Report exported", "properties": { "format": "PDF" } }
  ]
}'`,
        },
      ]
  }
}

/** A signed delivery of a webhook, for the shell; the signature is that of Standard Webhooks. */
export function signedExample(address: string): string {
  return `SECRET='whsec_…'
ID="evt-$(date +%s)"
TIME="$(date +%s)"
BODY='{"type":"customer.upgraded","timestamp":"'"$(date -u +%FT%TZ)"'","data":{"customerId":"company-1","plan":"Pro"}}'
KEY="$(printf %s "\${SECRET#whsec_}" | base64 -d | od -An -tx1 | tr -d ' \\n')"
SIGNATURE="$(printf %s "$ID.$TIME.$BODY" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$KEY" -binary | base64)"
curl ${address} -d "$BODY" -H 'Content-Type: application/json' \\
  -H "webhook-id: $ID" -H "webhook-timestamp: $TIME" -H "webhook-signature: v1,$SIGNATURE"`
}

/** The same in a program. */
export function signedProgram(address: string): string {
  return `import { createHmac, randomUUID } from 'node:crypto'

const id = randomUUID()
const time = Math.floor(Date.now() / 1000)
const body = JSON.stringify({
  type: 'user.signed_up',
  timestamp: new Date().toISOString(),
  data: { userId: 'user-1', email: 'ai@example.com', customerId: 'company-1', customerName: 'Yamamoto Inc.' },
})
const key = Buffer.from(process.env.KIZUNA_WEBHOOK_SECRET.replace('whsec_', ''), 'base64')
const signature = createHmac('sha256', key).update(\`\${id}.\${time}.\${body}\`).digest('base64')
await fetch('${address}', {
  method: 'POST',
  body,
  headers: {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(time),
    'webhook-signature': \`v1,\${signature}\`,
  },
})`
}
