import { createPublicKey, createVerify } from 'node:crypto'

/** What a provider tells of a message, in one shape. */
export interface ProviderEvent {
  kind: 'delivery' | 'bounce' | 'complaint'
  /** A bounce that says that the mailbox is not there; others may pass. */
  isFinal: boolean
  /** Our id of the message, where the provider gives it back. */
  messageId: string | undefined
  /** In lower case. */
  address: string
  at: Date
  /** By it the same thing told twice is known. */
  externalId: string
  detail: string
}

type Fields = Record<string, unknown>

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
const listOf = (value: unknown): Fields[] =>
  Array.isArray(value) ? value.filter(item => typeof item === 'object' && item !== null) : []
const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {})

/** Our id in a Message-ID such as `<id@domain>`. */
function ownId(messageId: string): string | undefined {
  return /^<?([0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12})@/.exec(messageId)?.[1]
}

function momentOf(text: string, now: Date): Date {
  const at = new Date(text)
  return Number.isNaN(at.getTime()) || at > now ? now : at
}

/** A message of Amazon SNS: what it signs, as its documentation has it. */
export interface SnsMessage {
  Type: 'Notification' | 'SubscriptionConfirmation' | 'UnsubscribeConfirmation'
  TopicArn: string
  SigningCertURL: string
  SubscribeURL?: string
  MessageId: string
  Message: string
  [field: string]: unknown
}

const signedFields = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  SubscriptionConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
  UnsubscribeConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
}

/** Reads a body of SNS; undefined for what is none. */
export function readSns(body: string): SnsMessage | undefined {
  try {
    const message = JSON.parse(body) as SnsMessage
    const texts = [message.TopicArn, message.SigningCertURL, message.MessageId, message.Message, message.Signature]
    return Object.hasOwn(signedFields, message.Type) && texts.every(text => typeof text === 'string')
      ? message
      : undefined
  } catch {
    return undefined
  }
}

/** Whether an address is one of Amazon's own for SNS: certificates and confirmations of others are not fetched. */
export function isOfAmazon(address: string, path: RegExp): boolean {
  if (!URL.canParse(address)) return false
  const url = new URL(address)
  return (
    url.protocol === 'https:' &&
    url.port === '' &&
    url.username === '' &&
    /^sns\.[a-z0-9-]{2,30}\.amazonaws\.com(\.cn)?$/.test(url.hostname) &&
    path.test(url.pathname)
  )
}

/** Whether a message of SNS was signed with a certificate. @param certificate PEM, from an address of Amazon's */
export function isSignedBySns(message: SnsMessage, certificate: string): boolean {
  const algorithm = { '1': 'RSA-SHA1', '2': 'RSA-SHA256' }[textOf(message.SignatureVersion)]
  if (algorithm === undefined) return false
  const text = signedFields[message.Type]
    .flatMap(field => (typeof message[field] === 'string' ? [`${field}\n${message[field]}\n`] : []))
    .join('')
  try {
    return createVerify(algorithm)
      .update(text, 'utf8')
      .verify(createPublicKey(certificate), textOf(message.Signature), 'base64')
  } catch {
    return false
  }
}

/** What a notification of SES tells, of every recipient that it names. */
export function sesEvents(message: SnsMessage, now: Date): ProviderEvent[] {
  let told: Fields
  try {
    told = fieldsOf(JSON.parse(message.Message))
  } catch {
    return []
  }
  const mail = fieldsOf(told.mail)
  const header = listOf(mail.headers).find(({ name }) => textOf(name).toLowerCase() === 'message-id')
  const messageId = ownId(textOf(header?.value) || textOf(fieldsOf(mail.commonHeaders).messageId))
  const type = textOf(told.notificationType) || textOf(told.eventType)
  const event = (kind: ProviderEvent['kind'], address: string, part: Fields, isFinal: boolean, detail: string) => ({
    kind,
    isFinal,
    messageId,
    address: address.toLowerCase(),
    at: momentOf(textOf(part.timestamp), now),
    externalId: `ses:${message.MessageId}:${address.toLowerCase()}`.slice(0, 400),
    detail: detail.slice(0, 300),
  })
  if (type === 'Bounce') {
    const bounce = fieldsOf(told.bounce)
    const isFinal = textOf(bounce.bounceType) === 'Permanent'
    return listOf(bounce.bouncedRecipients).map(one =>
      event(
        'bounce',
        textOf(one.emailAddress),
        bounce,
        isFinal,
        textOf(one.diagnosticCode) || textOf(bounce.bounceSubType),
      ),
    )
  }
  if (type === 'Complaint') {
    const complaint = fieldsOf(told.complaint)
    return listOf(complaint.complainedRecipients).map(one =>
      event('complaint', textOf(one.emailAddress), complaint, true, textOf(complaint.complaintFeedbackType)),
    )
  }
  if (type === 'Delivery') {
    const delivery = fieldsOf(told.delivery)
    const recipients = Array.isArray(delivery.recipients) ? delivery.recipients.map(textOf) : []
    return recipients.map(address => event('delivery', address, delivery, true, textOf(delivery.smtpResponse)))
  }
  return []
}

/** Whether a body is SendGrid's: ECDSA on P-256 over time and body. @param key as SendGrid shows it, base64 of DER */
export function isSignedBySendGrid(
  key: string,
  { timestamp, signature }: { timestamp: string; signature: string },
  body: Buffer,
): boolean {
  try {
    const publicKey = createPublicKey({ key: Buffer.from(key, 'base64'), format: 'der', type: 'spki' })
    if (publicKey.asymmetricKeyType !== 'ec') return false
    return createVerify('sha256').update(timestamp).update(body).verify(publicKey, signature, 'base64')
  } catch {
    return false
  }
}

/** What a body of SendGrid tells. */
export function sendGridEvents(body: string, now: Date): ProviderEvent[] {
  let told: unknown
  try {
    told = JSON.parse(body)
  } catch {
    return []
  }
  return listOf(told).flatMap(item => {
    const event = textOf(item.event)
    const kind = { delivered: 'delivery', bounce: 'bounce', dropped: 'bounce', spamreport: 'complaint' }[event] as
      | ProviderEvent['kind']
      | undefined
    const externalId = textOf(item.sg_event_id)
    if (!kind || externalId === '') return []
    return [
      {
        kind,
        // `blocked` passes; what SendGrid dropped itself says why.
        isFinal:
          event === 'bounce'
            ? textOf(item.type) !== 'blocked'
            : event !== 'dropped' || /bounced|invalid/i.test(textOf(item.reason)),
        messageId: ownId(textOf(item['smtp-id'])),
        address: textOf(item.email).toLowerCase(),
        at: momentOf(typeof item.timestamp === 'number' ? new Date(item.timestamp * 1_000).toISOString() : '', now),
        externalId: `sendgrid:${externalId}`.slice(0, 400),
        detail: textOf(item.reason).slice(0, 300),
      },
    ]
  })
}
