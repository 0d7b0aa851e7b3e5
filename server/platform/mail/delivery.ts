export interface OutgoingMail {
  from: { name: string; address: string }
  to: string
  subject: string
  text: string
  html: string
  messageId: string
  replyTo?: string
  /** Without them the message says that a program wrote it. */
  headers?: Readonly<Record<string, string>>
  /** Signs the message for the domain of the sender. */
  dkim?: { domain: string; selector: string; privateKey: string }
}

/**
 * How a delivery ended. `uncertain`: the whole message was handed over, and then the line went dead: the receiver may
 * have it, so it is never sent again by itself.
 */
export type Delivery =
  | { state: 'accepted' }
  | { state: 'refused'; reason: string; mailbox: boolean }
  | { state: 'later'; reason: string }
  | { state: 'uncertain'; reason: string }

/** What a delivery on a line came to. */
export interface Handed {
  delivery: Delivery
  /** The trouble is the server's or the sender's, not that of this recipient: others would meet it, too. */
  common: boolean
}
